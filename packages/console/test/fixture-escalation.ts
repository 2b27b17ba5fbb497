import type { DecisionGrounds, EscalationView } from "@aito/protocol";
import type { Records } from "../src/records.ts";
import type { All, FixtureOptions } from "./fixture-company.ts";
import { hostileText, id, start } from "./fixture-data.ts";
import { notices, receipts } from "./fixture-ideas.ts";
import { found, type Note, pageOfRows } from "./fixture-rows.ts";

export const fixtureToken = "aito_esc_fixture-token-of-the-waiting-escalation";

/** One deadlock that waits, and its link; answered once. */
export function fixtureEscalation(all: All, options: FixtureOptions, note: Note) {
  const escalation: EscalationView = {
    id: id(0x201),
    decisionId: id(0x105),
    title: "Sponsor the winter developer conference",
    reason: "After round 3 it stands one to one: the CEO approves, the DAO vetoes, the council abstains.",
    url: null,
    expiresAt: new Date(start + 86_000_000).toISOString(),
    status: "waiting",
    answer: null,
    createdAt: new Date(start - 200_000).toISOString(),
  };
  const url = (): string => `${options.publicUrl?.() ?? ""}/e/${fixtureToken}`;
  const view = (): EscalationView => ({ ...escalation, url: escalation.status === "waiting" ? url() : null });
  const answer = (text: string, comment: string) => {
    const first = escalation.status === "waiting";
    const decision = all.decisions.find((item) => item.id === escalation.decisionId)!;
    if (first) {
      const status = text === "approve" ? "approved" : text === "veto" ? "vetoed" : "pending";
      Object.assign(escalation, { status: "answered", answer: text });
      Object.assign(decision, { status, humanDecision: text, humanComment: comment, resolvedAt: new Date(start).toISOString() });
    }
    return { first, escalation: view(), decision };
  };
  const attachedTask = {
    title: "Prepare the booth and the two talks",
    description: `Book the booth, write both abstracts.\n${hostileText}`,
    workerType: "content-writer",
  };
  const action = { v: 1, tool: "book_booth", arguments: { hall: "B", text: hostileText }, timesMax: 1 };
  const grounds: DecisionGrounds = {
    attachedTask,
    attachedAction: JSON.stringify(action, null, 2),
    budgetLeftMicroUsd: "19550000000",
    taint: `receipt ${id(0x701)}`,
    receipts: receipts(),
  };
  const records: Pick<Records, "escalations" | "escalation" | "escalationForm" | "answerByLink" | "answerAsOperator"> = {
    escalations: async ({ status, decision, ...page }) => {
      const fits = (row: EscalationView): boolean =>
        (status ?? row.status) === row.status && (decision ?? row.decisionId) === row.decisionId;
      return options.empty ? [] : pageOfRows([view()].filter(fits), page);
    },
    escalation: async (wanted) => ({
      ...found(wanted === escalation.id ? view() : undefined, "ESCALATION"),
      decision: all.decisions.find((item) => item.id === escalation.decisionId)!,
      grounds,
      comment: null,
      answeredBy: null,
      answeredAt: null,
      notices: notices(),
    }),
    escalationForm: async (token) => {
      const decision = all.decisions.find((item) => item.id === escalation.decisionId);
      if (!decision || (token !== fixtureToken && token !== "expired")) return null;
      const state = token === "expired" ? "expired" : escalation.status === "waiting" ? "open" : "answered";
      return { state, escalation: view(), decision, grounds, rehearsal: options.rehearsal ?? true };
    },
    answerByLink: async (token, given) => {
      note("answerByLink", token, given.decision, given.comment);
      return answer(given.decision, given.comment);
    },
    answerAsOperator: async (escalationId, operator, given) => {
      note("answerAsOperator", escalationId, operator, given.decision, given.comment);
      return answer(given.decision, given.comment);
    },
  };
  return { records, escalationId: escalation.id };
}
