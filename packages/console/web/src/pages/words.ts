import { agentTitle } from "../../../src/agent-title.ts";
import { visibleText } from "../../../src/visible-parts.ts";
import { type AgentView, type ChangeSummary, type DecisionView, microToUsd, type Period, type TaskView } from "@aito/protocol";
import type { Tone } from "../kit/badge.tsx";

/** Micro-dollars as people write them: `$5,000.00`. */
export const usd = (micro: string): string => `$${group(microToUsd(micro))}`;
/** To the nearest cent, for headlines: the exact amount stands where it is booked. */
export const usdCents = (micro: string): string => usd(String(((BigInt(micro) + 5_000n) / 10_000n) * 10_000n));
export const group = (decimal: string): string => decimal.replace(/\B(?=(\d{3})+(?=\.))/g, ",");

/** What was paid for: a model, or a tool of an outside server. */
export const isTool = (model: string): boolean => model.startsWith("tool:");
export const paidName = (model: string): string => (isTool(model) ? `${model.slice("tool:".length)} (tool)` : model);

/** The days of what a figure is of. */
export const periodText = ({ from, to }: Period): string => `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
/** Whom something was said to: "CMO and CTO are told." */
export const toldText = (told: readonly string[]): string =>
  `${told.map(agentTitle).join(" and ")} ${told.length === 1 ? "is" : "are"} told.`;

export const decisionTones: Record<DecisionView["status"], Tone> = {
  pending: "accent",
  approved: "good",
  vetoed: "bad",
  escalated: "warn",
  withdrawn: "neutral",
  overridden: "warn",
};
export const decisionWords: Record<DecisionView["status"], string> = {
  pending: "being decided",
  approved: "approved",
  vetoed: "vetoed",
  escalated: "waits for a human",
  withdrawn: "withdrawn",
  overridden: "overridden",
};
/** How a round stands: "2 approve · 1 veto". */
export const voteTally = (votes: DecisionView["rounds"][number]["votes"]): string =>
  (["approve", "veto", "abstain", "no_answer"] as const)
    .map((word) => [votes.filter(({ vote }) => vote === word).length, word.replace("_", " ")] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(" · ");

export const phaseWords = { heads: "the heads vote", analysis: "the council analyses", final: "final ballots" } as const;

export const changeTones: Record<ChangeSummary["status"], Tone> = { begun: "neutral", open: "accent", merged: "good" };
export const changeWords: Record<ChangeSummary["status"], string> = { begun: "begun", open: "under review", merged: "merged" };
export const pullName = ({ repository, number }: Pick<ChangeSummary, "repository" | "number">): string =>
  visibleText(number === null ? repository : `${repository} #${number}`);

export const taskTones: Record<TaskView["status"], Tone> = {
  blocked: "neutral",
  pending: "neutral",
  running: "accent",
  done: "good",
  failed: "bad",
  cancelled: "neutral",
};
export const taskWords: Record<TaskView["status"], string> = {
  blocked: "waits for its decision",
  pending: "to do",
  running: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
};

/** The columns of the board, in their order. */
export const columnWords: Record<TaskView["status"], string> = {
  blocked: "Waiting for a decision",
  pending: "To do",
  running: "Running",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const agentTones: Record<AgentView["status"], Tone> = {
  inactive: "neutral",
  starting: "accent",
  active: "good",
  stopping: "warn",
  error: "bad",
};

export { agentTitle };
