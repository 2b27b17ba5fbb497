import type { DecisionView, EventView } from "@aito/protocol";
import { money } from "./documents.ts";
import { short } from "./table.ts";

/** What an event's payload does not say itself. */
export interface Facts {
  decision: DecisionView | null;
  /** The open link of the decision's escalation. */
  escalationUrl: string | null;
}

type Payload = Record<string, unknown>;

const text = (payload: Payload, key: string): string => (typeof payload[key] === "string" ? payload[key] : "");
const titled = (payload: Payload): string => `«${short(text(payload, "title"), 80)}»`;
const because = (reason: string): string => (reason ? `: ${short(reason, 160)}` : "");
const longer = (preview: string): string => (preview ? `: ${short(preview, 400)}` : "");
const verbs: Record<string, string> = { approve: "approves", veto: "vetoes", abstain: "abstains" };
const phases: Record<string, string> = { heads: "the heads vote", analysis: "the council analyses", final: "final ballots" };

const settled = (payload: Payload): string => {
  const how: Record<string, string> = { give_up: "given up", retry: "tried again", hand_over: "given to somebody else" };
  return how[text(payload, "how")] ?? "settled";
};

const held = (payload: Payload): string => {
  const holds = (payload["holds"] ?? {}) as Payload;
  return text(holds, "value")
    ? `${short(text(holds, "value"), 60)} of ${text(holds, "agent")} holds`
    : "none of the values holds";
};

const tellers: Record<string, (event: EventView, payload: Payload, facts: Facts) => string | null> = {
  "fleet.kickoff": (event, payload) => `opening goal for ${event.target ?? "the lead"}${because(text(payload, "goal"))}`,
  "fleet.stopped": () => "the fleet is being stopped",
  "fleet.started": () => "the fleet is being started",
  "agent.active": (event, payload) => `${event.target} is active (epoch ${String(payload["epoch"])})`,
  "agent.lost": (event, payload) => `${event.target} was lost${because(text(payload, "reason"))}`,
  "agent.stopped": (event, payload) => `${event.target} has stopped${because(text(payload, "reason"))}`,
  "agent.restart_asked": (event) => `${event.source} asks for a restart of ${event.target}`,
  "agent.run.done": (event, payload) =>
    Number(payload["modelCalls"]) > 0 ? `${event.source}${because(text(payload, "summary"))}` : null,
  "agent.run.failed": (event, payload) => `a run of ${event.source} failed${because(text(payload, "summary"))}`,
  "work.given_up": (event, payload) => `${event.source} gave up${because(text(payload, "reason"))}`,
  "agent.state_saved": (event, payload) =>
    text(payload, "key") === "plan" ? `the plan of ${event.source}${longer(text(payload, "preview"))}` : null,
  "worker.spawned": (event) => `${event.source} starts the worker ${event.target}`,
  "task.created": (event, payload) =>
    `${event.source} creates the task ${titled(payload)}${payload["status"] === "blocked" ? " (waits for its decision)" : ""}`,
  "task.started": (event, payload) => `${event.source} starts ${titled(payload)}`,
  "task.done": (event, payload) => `${event.source} finished ${titled(payload)}${because(text(payload, "summary"))}`,
  "task.failed": (event, payload) => `${event.source} could not finish ${titled(payload)}${because(text(payload, "summary"))}`,
  "task.quarantined": (_event, payload) =>
    `QUARANTINED the task ${titled(payload)}${because(text(payload, "why"))}\n          say what becomes of it: aito tasks settle ${text(payload, "task")}`,
  "claims.contradict": (_event, payload) =>
    `CONTRADICTION of ${list(payload["agents"])}: ${short(text(payload, "metric"), 60)} of ${short(text(payload, "entity"), 60)}\n          settle it: aito contradictions`,
  "claims.settled": (event, payload) =>
    `${event.source} settled ${short(text(payload, "metric"), 60)} of ${short(text(payload, "entity"), 60)}: ${held(payload)}${because(text(payload, "reason"))}`,
  "claims.reopened": (event, payload) =>
    `${event.source} took back what was settled of ${short(text(payload, "metric"), 60)} of ${short(text(payload, "entity"), 60)}${because(text(payload, "reason"))}`,
  "task.settled": (event, payload) => `${event.source} settled the quarantined task ${titled(payload)}: ${settled(payload)}`,
  "decision.opened": (event, payload, { decision }) =>
    `${decision?.proposedBy ?? event.source} proposes ${titled(payload)}${decision ? ` (${money(decision.amountMicroUsd)}, ${decision.type})` : ""}`,
  "decision.ballot": (_event, payload) => ballot(payload),
  "decision.round_opened": (_event, payload) =>
    Number(payload["round"]) > 1
      ? `round ${String(payload["round"])} of ${titled(payload)}: ${phases[text(payload, "phase")] ?? "voting"}`
      : null,
  "decision.approved": (_event, payload) => `APPROVED ${titled(payload)}${because(text(payload, "reason"))}`,
  "decision.vetoed": (_event, payload) => `VETOED ${titled(payload)}${because(text(payload, "reason"))}`,
  "decision.escalated": (_event, payload, { escalationUrl }) =>
    `ESCALATION waiting: ${titled(payload)}${because(text(payload, "reason"))}${escalationUrl ? `\n          answer it: ${escalationUrl}` : "; see: aito escalations"}`,
  "decision.human": (_event, payload) => human(payload),
  "decision.withdrawn": (event, payload) => `${event.source} withdraws ${titled(payload)}`,
  "decision.overridden": (event, payload) => `${event.source} overrides ${titled(payload)}`,
  "decision.argued": (event, payload) => `${event.source} argues on ${titled(payload)}${because(text(payload, "text"))}`,
  "trigger.fired": (_event, payload) =>
    `ALARM ${text(payload, "rule")} (${list(payload["told"])})${because(text(payload, "detail"))}`,
  "approval.needed": (event, payload) => `${event.source} wants to ${text(payload, "summary")}: a human's approval is needed`,
  "tool.shadowed": (event, payload) => `shadow: ${event.source} would ${text(payload, "summary")}`,
  "publication.added": (event, payload) => `PUBLISHED ${titled(payload)} by ${event.source}`,
  "change.opened": (event, payload) =>
    `${event.source} proposes a change of ${text(payload, "repository")}: #${String(payload["number"])} ${text(payload, "url")}`,
  "change.reviewed": (event, payload) =>
    text(payload, "verdict") === "approve"
      ? `${event.source} approves the change of ${event.target}`
      : `${event.source} reviews the change of ${event.target}: ${text(payload, "verdict").replace("_", " ")}`,
  "change.merged": (event, payload) =>
    `MERGED ${titled(payload)} by ${event.source}\n          look at it: aito changes show ${text(payload, "change")}`,
  "hook.received": (_event, payload) =>
    ["task", "wake", "failed"].includes(text(payload, "did"))
      ? `the webhook ${text(payload, "hook")} brings ${short(text(payload, "event") || "an event", 60)}: ${text(payload, "did")}${because(text(payload, "why"))}`
      : null,
  "hook.refused": (_event, payload) =>
    `REFUSED at the webhook ${short(text(payload, "hook"), 60)} from ${text(payload, "address")}${because(text(payload, "why"))}`,
  "status.asked": (event, payload) => `${event.source} asks for status: ${list(payload["asked"])}`,
  "status.aggregated": (event, payload) => {
    const missing = list(payload["missingAgents"]);
    return `${event.source} has the status of the company${missing ? `; no answer from ${missing}` : ""}`;
  },
  "message.sent": (event, payload) =>
    ["direct", "alert", "broadcast"].includes(text(payload, "type"))
      ? `${event.source} writes to ${event.target} (${text(payload, "type")})`
      : null,
  "conversation.stopped": (_event, payload) => `STOPPED a conversation${because(text(payload, "why"))}`,
  "agent.throttled": (event, payload) =>
    `THROTTLED ${event.target}: it has written ${String(payload["sent"])} messages within a minute`,
  "message.unanswered": (event, payload) => `${text(payload, "to")} did not answer ${event.target} in time`,
};

const list = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(", ") : "");

function ballot(payload: Payload): string | null {
  const input = (payload["input"] ?? {}) as Payload;
  const vote = text(input, "vote");
  return `${text(input, "voter")} ${verbs[vote] ?? vote} ${titled(payload)}${because(text(input, "reason"))}`;
}

function human(payload: Payload): string {
  const input = (payload["input"] ?? {}) as Payload;
  const words: Record<string, string> = { approve: "approves", veto: "vetoes", send_back: "sends back" };
  return `a human ${words[text(input, "answer")] ?? text(input, "answer")} ${titled(payload)}${because(text(input, "comment"))}`;
}

/** One audit event as a plain sentence, or null when it is of no interest to a reader of the log. Unknown types are not told. */
export function sentence(event: EventView, facts: Facts): string | null {
  return tellers[event.type]?.(event, event.payload, facts) ?? null;
}
