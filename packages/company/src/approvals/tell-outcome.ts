import { redactText } from "@aito/base";
import { agentRowById } from "../agents/agent-row.ts";
import { closeAlert } from "../alerts/alerts.ts";
import type { Unit } from "../company.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { type ApprovalRow, receiptOfCall, selectApproval } from "./queries.ts";

const resultCharsMax = 2_000;

export type Outcome =
  | { status: "denied"; by: string; comment: string; sentBack?: boolean }
  /** `approvedBy`: who had approved it, where it could not begin in time; null: nobody answered. */
  | { status: "expired"; approvedBy: string | null }
  | { status: "done"; result: unknown; receipt: string; edited: boolean; taint?: string | null }
  | { status: "failed"; error: string; receipt: string; taint?: string | null; arrived?: boolean }
  | { status: "unknown" };

/** Records how it ended, and wakes who asked: its agent, or whom that worked for once it is gone. */
export async function tellOutcome(unit: Unit, row: ApprovalRow, outcome: Outcome): Promise<void> {
  await closeAlert(unit, { kind: "approval", subject: row.id });
  const receipt = "receipt" in outcome ? outcome.receipt : receiptOfCall((await selectApproval(unit, row.id)) ?? row);
  await unit.event({
    type: `approval.${outcome.status}`,
    source: outcome.status === "denied" ? outcome.by : "system",
    target: row.agent,
    payload: { approval: row.id, tool: row.tool, summary: row.summary, digest: row.digest, receipt, ...payloadOf(outcome) },
  });
  // Who waits in its call is answered there; of an unknown end nobody was answered.
  if (row.inline && outcome.status !== "unknown") return;
  const agent = await agentRowById(unit, row.agent_id);
  const to = agent.desired === "gone" ? agent.parent_name : agent.name;
  if (to === null) return;
  const whose = to === agent.name ? "Your" : `${agent.name}'s`;
  const backed = receipt === null || outcome.status === "done" ? "" : ` Receipt ${receipt}.`;
  const reader = to === agent.name ? agent : undefined;
  await sendMessageIn(unit, "system", {
    type: "direct",
    to,
    ...(reader ? { reader } : {}),
    priority: "high",
    payload: { text: `${whose} call of ${row.tool} (${row.summary}) ${wordsOf(outcome)} Approval ${row.id}.${backed}` },
    // The summary is in the words of a run that had read from outside: however it ended, they are not the platform's.
    taint: ("taint" in outcome ? outcome.taint : null) ?? (row.rule === "taint" ? `approval ${row.id}` : null),
  });
}

function payloadOf(outcome: Outcome): Record<string, string | boolean> {
  switch (outcome.status) {
    case "denied":
      return { by: outcome.by, comment: outcome.comment, ...(outcome.sentBack ? { sentBack: true } : {}) };
    case "done":
      return {};
    case "failed":
      return { error: outcome.error };
    case "expired":
      return outcome.approvedBy === null ? {} : { approvedBy: outcome.approvedBy };
    case "unknown":
      return {};
    default:
      return outcome satisfies never;
  }
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.status) {
    case "denied":
      if (outcome.sentBack)
        return `was sent back by a human: ${outcome.comment} It did not run; ask anew once that is put right.`;
      return `was denied by a human${outcome.comment ? `: ${outcome.comment}` : ""}. It did not run.`;
    case "expired":
      return outcome.approvedBy === null
        ? "was not approved in time, which is a denial. It did not run."
        : "was approved by a human, but could not begin in time. It did not run; ask anew if it is still wanted.";
    case "done": {
      const result = redactText(JSON.stringify(outcome.result ?? null)).slice(0, resultCharsMax);
      return `was approved${outcome.edited ? " with changed arguments" : ""} and ran: ${result}. Receipt ${outcome.receipt}.`;
    }
    case "failed":
      return `was approved and failed: ${outcome.error} ${
        outcome.arrived
          ? "It arrived there, and some of it may have been done: look before you ask for it anew."
          : "It had no effect."
      }`;
    case "unknown":
      return "was begun, and its outcome is unknown: it may have happened. It is not tried again; look before you ask for it anew.";
    default:
      return outcome satisfies never;
  }
}
