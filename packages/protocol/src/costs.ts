import { z } from "zod";
import { Id, MicroUsd, Timestamp } from "./ids.ts";

/** How costs can be cut. `agent` and `task` carry what was started below them; `worker` and `run` stand alone. */
export const CostCut = z.enum([
  "agent",
  "worker",
  "epoch",
  "run",
  "task",
  "client",
  "department",
  "model",
  "upstream",
  "action",
  "day",
  "key",
]);
export type CostCut = z.infer<typeof CostCut>;

export const CostRow = z.object({
  /** What it is booked on; null for calls that have no such thing. */
  name: z.string().nullable(),
  calls: z.number().int(),
  /** Calls that brought no answer. */
  failedCalls: z.number().int(),
  /** The sum of the costs that are known; null when none is. */
  costMicroUsd: MicroUsd.nullable(),
  /** Calls whose cost nobody knows: it is in no sum here. */
  unknownCalls: z.number().int(),
  /** What budgets were charged: the cost, and for unknown ones all that had been set aside. */
  chargedMicroUsd: MicroUsd,
  inputTokens: z.string(),
  outputTokens: z.string(),
  cacheReadTokens: z.string(),
  cacheWriteTokens: z.string(),
});
export type CostRow = z.infer<typeof CostRow>;

/** What this month is likely to cost: an estimate from the last whole days, in the time zone of the budgets. */
export const CostForecast = z.object({
  /** The company's day now, as `2026-11-21`. */
  today: z.string(),
  /** Where its days begin at midnight. */
  timeZone: z.string(),
  soFarMicroUsd: MicroUsd,
  /** Null while no whole day has passed since the first call. */
  monthMicroUsd: MicroUsd.nullable(),
  /** Over how many whole days the mean was taken. */
  meanOfDays: z.number().int(),
  daysLeft: z.number().int(),
  /** The same of the containers, at the operator's price; null where the fleet file names none. */
  infra: z.object({ soFarMicroUsd: MicroUsd, monthMicroUsd: MicroUsd.nullable() }).nullable(),
  /** The days of the last forty that cost something, the oldest first: what budgets were charged for models and paid tools, and containers. */
  days: z.array(z.object({ day: z.string(), modelsMicroUsd: MicroUsd, containersMicroUsd: MicroUsd })),
  /** Models and containers together; the month's null while one of the two is not known yet. */
  together: z.object({ soFarMicroUsd: MicroUsd, monthMicroUsd: MicroUsd.nullable() }),
});
export type CostForecast = z.infer<typeof CostForecast>;

/** Which calls: all that is named holds of each. A cost's row and this find the same calls. */
export const CallCut = z.object({
  /** With the workers that were started for it. */
  agent: z.string().min(1).max(100).optional(),
  /** With those below it. */
  task: Id.optional(),
  /** Of the runs that were about it. */
  decision: Id.optional(),
  client: z.string().min(1).max(100).optional(),
  department: z.string().min(1).max(100).optional(),
  model: z.string().min(1).max(200).optional(),
  key: z.string().min(1).max(100).optional(),
});
export type CallCut = z.infer<typeof CallCut>;

/** One model call: what money figures are made of. */
export const ModelCall = z.object({
  id: Id,
  at: Timestamp,
  /** Who asked; null for a key's call and for the operator's own. */
  agent: z.string().nullable(),
  key: z.string().nullable(),
  run: Id.nullable(),
  task: Id.nullable(),
  model: z.string(),
  upstream: z.string(),
  status: z.number().int(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  /** Null: nobody knows. */
  costMicroUsd: MicroUsd.nullable(),
  chargedMicroUsd: MicroUsd.nullable(),
});
export type ModelCall = z.infer<typeof ModelCall>;

export const BudgetView = z.object({
  scope: z.enum(["company", "client", "department", "agent", "task", "key"]),
  target: z.string(),
  period: z.enum(["day", "month", "total"]),
  capMicroUsd: MicroUsd,
  spentMicroUsd: MicroUsd,
  /** Set aside for calls that have not ended. */
  reservedMicroUsd: MicroUsd,
  startsAt: Timestamp.nullable(),
  /** Since when calls are refused; null while none was in this window. */
  refusedAt: Timestamp.nullable(),
});
export type BudgetView = z.infer<typeof BudgetView>;

/** Runs by agent, calls by tool, tasks by kind (the worker type, or "own work"). */
export const SuccessCut = z.enum(["agent", "tool", "task"]);
export type SuccessCut = z.infer<typeof SuccessCut>;
export const SuccessRow = z.object({ name: z.string(), succeeded: z.number().int(), failed: z.number().int() });
export type SuccessRow = z.infer<typeof SuccessRow>;
