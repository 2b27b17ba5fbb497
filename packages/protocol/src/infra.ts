import { z } from "zod";
import { Id, MicroUsd, Timestamp } from "./ids.ts";

/** What containers can be cut by. `agent` carries the workers that were started below it, `task` the tasks below it. */
export const InfraCut = z.enum(["agent", "task", "client", "department", "day"]);
export type InfraCut = z.infer<typeof InfraCut>;

/** `infra` of the fleet file: what the operator pays for where the containers run. */
export const FleetInfra = z.strictObject({
  containerHourUsd: z
    .number()
    .positive()
    .max(1_000)
    .refine((usd) => Number(usd.toFixed(6)) === usd, "expected at most six decimals")
    .describe("USD for one container of an agent or a worker that stands for an hour"),
});
export type FleetInfra = z.infer<typeof FleetInfra>;

export const InfraRow = z.object({
  /** What it is booked on; null for containers that have no such thing. */
  name: z.string().nullable(),
  containers: z.number().int(),
  /** Whole seconds that they stood within the time that was asked for. */
  seconds: z.number().int(),
  /** Null while the fleet file names no price. */
  microUsd: MicroUsd.nullable(),
});
export type InfraRow = z.infer<typeof InfraRow>;

export const InfraCosts = z.object({
  pricePerHourMicroUsd: MicroUsd.nullable(),
  items: z.array(InfraRow),
  /** The sum of what `items` shows. */
  total: InfraRow.omit({ name: true }),
});
export type InfraCosts = z.infer<typeof InfraCosts>;

/** What could be saved, found in the records by a rule; `monthMicroUsd` null: it costs time, but nobody named its price. */
export const Saving = z.object({
  kind: z.enum(["cheaper-model", "idle-loop", "repeated-input", "waiting-workers", "idle-container"]),
  /** The agent or worker type that it is about. */
  subject: z.string(),
  title: z.string(),
  /** Its figures, in a sentence. */
  text: z.string(),
  /** What the last `SavingsView.days` days say that a month would save. */
  monthMicroUsd: MicroUsd.nullable(),
  /** The idea that suggests it, where it was suggested within the last month. */
  idea: z.object({ id: Id, status: z.string(), at: Timestamp }).nullable(),
});
export type Saving = z.infer<typeof Saving>;

export const SavingsView = z.object({ days: z.number().int(), items: z.array(Saving) });
export type SavingsView = z.infer<typeof SavingsView>;

/** Which saving is to become an idea. */
export const SuggestSaving = z.strictObject({ kind: Saving.shape.kind, subject: z.string().min(1).max(100) });
export type SuggestSaving = z.infer<typeof SuggestSaving>;
