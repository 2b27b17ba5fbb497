import type { RunContext } from "@aito/protocol";
import { type Intent, madeCall } from "./intent.ts";
import { changeIntents } from "./rules/changes.ts";
import { codeReviewIntents } from "./rules/code-review.ts";
import { figureIntents } from "./rules/figures.ts";
import { findingIntents } from "./rules/findings.ts";
import { goalIntents } from "./rules/goal.ts";
import { ideaIntents } from "./rules/ideas.ts";
import { outcomeIntents, outcomes } from "./rules/outcomes.ts";
import { publishIntents } from "./rules/publish.ts";
import { replyIntents } from "./rules/replies.ts";
import { taskIntents } from "./rules/tasks.ts";
import { voteIntents } from "./rules/vote.ts";
import { type PastCall, type Situation, textOr } from "./situation.ts";

/** In one run the model calls no more tools than this, ballots apart; what is left stays open and is in the next run's context. */
export const callsMax = 6;
/** It casts this many ballots in one turn, and the rest in the turns that follow. */
export const ballotsMax = 40;
const isBallot = ({ tool }: { tool: string }): boolean => tool === "cast_vote";

/** The rules in the order of their weight; the README's second table names them in this order. */
export const behaviours = [
  { name: "vote", intents: voteIntents },
  { name: "goal", intents: goalIntents },
  { name: "task", intents: taskIntents },
  { name: "finding", intents: findingIntents },
  { name: "outcome", intents: outcomeIntents },
  { name: "publish", intents: publishIntents },
  { name: "change", intents: changeIntents },
  { name: "diff", intents: codeReviewIntents },
  { name: "reply", intents: replyIntents },
  { name: "figure", intents: figureIntents },
  { name: "idea", intents: ideaIntents },
] as const;

export interface Step {
  text: string;
  calls: { name: string; input: Record<string, unknown> }[];
}

/**
 * The next step of a run: tool calls that are still to be made, or none and a summary. It depends only on the situation: asked
 * again with the same one it says the same.
 */
export function decide(situation: Situation): Step {
  const wanted = behaviours.flatMap((behaviour) => behaviour.intents(situation));
  const usable = wanted.filter((intent) => situation.offered.has(intent.tool) && !madeCall(situation, intent));
  const ballots = usable.filter(isBallot).slice(0, ballotsMax);
  const others = fill(
    usable.filter((intent) => !isBallot(intent)),
    callsMax - situation.past.filter((call) => !isBallot(call)).length,
  );
  const { left } = others;
  // An argument is heard only before the ballot.
  const isArgument = ({ tool }: Intent): boolean => tool === "argue";
  const chosen = [...others.chosen.filter(isArgument), ...ballots, ...others.chosen.filter((intent) => !isArgument(intent))];
  const calls = chosen.map(({ tool, input }) => {
    const { name, accepts } = situation.offered.get(tool)!;
    return { name, input: accepts ? Object.fromEntries(Object.entries(input).filter(([key]) => accepts.includes(key))) : input };
  });
  const text = calls.length > 0 ? chosen.map(({ say }) => say).join("\n") : summary(situation, left);
  return { text, calls };
}

/** What must follow earlier calls comes first; a call that needs a second one is made only if both fit. */
function fill(intents: Intent[], slots: number): { chosen: Intent[]; left: number } {
  const ordered = [...intents.filter((intent) => intent.followUp), ...intents.filter((intent) => !intent.followUp)];
  const chosen: Intent[] = [];
  let free = slots;
  for (const intent of ordered) {
    const needed = intent.slots ?? 1;
    if (needed > free) continue;
    chosen.push(intent);
    free -= needed;
  }
  return { chosen, left: ordered.length - chosen.length };
}

function summary({ context, past }: Situation, left: number): string {
  const parts = [
    ...past.map(report),
    ...outcomes(context.messages).map(({ payload }) => `Noted: "${String(payload["title"])}" is ${String(payload["status"])}.`),
    ...(left > 0 ? [`Left for my next run: ${left}.`] : []),
  ];
  return parts.length > 0 ? parts.join(" ") : nothing(context);
}

function report({ tool, input, ok, text }: PastCall): string {
  const what = describe(tool, input);
  if (!ok && text.includes("AITO_APPROVAL_NEEDED")) return `Waits for a human's approval: ${what}.`;
  return ok ? `${what}.` : `Failed: ${what} (${refusalOf(text).replace(/\s+/g, " ").slice(0, 160)}).`;
}

/** A refused call answers with its error as JSON; people read its sentence. */
function refusalOf(text: string): string {
  try {
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    return typeof message === "string" ? `${message}, ${String(code)}` : text;
  } catch {
    return text;
  }
}

function describe(tool: string, input: Record<string, unknown>): string {
  switch (tool) {
    case "cast_vote":
      return `Voted ${String(input["vote"])}: ${String(input["reason"]).replace(/\.$/, "")}`;
    case "propose_decision":
      return `Proposed "${String(input["title"])}"`;
    case "create_task":
      return `Gave ${textOr(input["assign_to"], "myself")} the task "${String(input["title"])}"`;
    case "spawn_worker":
      return `Started a ${String(input["worker_type"])} for "${String(input["title"])}"`;
    case "complete_task":
      return `Task done: ${String(input["summary"]).replace(/\.$/, "")}`;
    case "save_work":
      return "Kept the finished text";
    case "read_figures":
      return "Read the company's figures";
    case "save_state":
      return `Saved my ${String(input["key"])}`;
    case "argue":
      return "Told the other head why I am against it";
    case "propose_idea":
      return `Had the idea "${String(input["title"])}"`;
    case "publish_text":
      return `Published "${String(input["title"])}"`;
    case "propose_change":
      return `Proposed the change "${String(input["title"])}"`;
    case "review_change":
      return input["verdict"] === "approve" ? "Approved a colleague's change" : "Asked for a change in a colleague's work";
    case "merge_change":
      return "Merged an approved change";
    case "record_metric":
      return `Recorded ${String(input["name"])}: ${String(input["value"])} ${String(input["unit"])}`;
    case "send_message":
      return `Answered ${String(input["to"])}`;
    default:
      return `Called ${tool}`;
  }
}

const nothing = ({ messages, tasks }: RunContext): string =>
  `Nothing needs me now: ${messages.length} messages and ${tasks.length} tasks read, none of them waits for me.`;
