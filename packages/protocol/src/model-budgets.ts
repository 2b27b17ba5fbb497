import { z } from "zod";
import { AgentName } from "./ids.ts";
import { isTimeZone } from "./time-zone.ts";

const Usd = z.number().positive().max(1e9);
/** Caps in dollars by window; several hold at once. */
const Caps = z
  .strictObject({ day: Usd.optional(), month: Usd.optional(), total: Usd.optional() })
  .refine((caps) => Object.keys(caps).length > 0, "name day, month or total");

/**
 * What model calls may cost: each call is held by all budgets around it. An agent's budget holds its workers, too. Without
 * `company`, the month of `budget` is the company's.
 */
export const ModelBudgets = z.strictObject({
  /** Where a day and a month begin. */
  timeZone: z.string().refine(isTimeZone, "not a time zone like Europe/Berlin").default("UTC"),
  /** The share at which the CFO is told; the cap itself is the stop. */
  softPercent: z.number().int().min(1).max(100).default(80),
  company: Caps.optional(),
  /** By the department's name as in the profiles. */
  departments: z.record(z.string().min(1), Caps).default({}),
  agents: z.record(AgentName, Caps).default({}),
  clients: z.record(AgentName, Caps).default({}),
});
export type ModelBudgets = z.infer<typeof ModelBudgets>;
