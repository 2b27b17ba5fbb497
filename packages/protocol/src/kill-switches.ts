import { z } from "zod";
import { AgentName, Id, Timestamp } from "./ids.ts";

/** What a kill switch can stop. `agent` covers the workers that were started for it, `task` the tasks below it. */
export const SwitchScope = z.enum(["company", "client", "department", "agent", "task"]);
export type SwitchScope = z.infer<typeof SwitchScope>;

const Reason = z.string().trim().min(1, "it is empty").max(1_000, "it has more than 1,000 characters");

/** Stops something, at once and until it is resumed. `target` is empty for the company. */
export const SwitchPress = z.strictObject({ scope: SwitchScope, target: z.string().trim().max(255).default(""), reason: Reason });
export type SwitchPress = z.infer<typeof SwitchPress>;

/** The second, deliberate act: `confirm` repeats the switch's label, so that nothing is resumed by a slip or a replayed click. */
export const SwitchResume = z.strictObject({ reason: Reason, confirm: z.string() });
export type SwitchResume = z.infer<typeof SwitchResume>;

export const SwitchView = z.object({
  id: Id,
  scope: SwitchScope,
  target: z.string(),
  /** "company", "agent cmo", "department Marketing": what a person types to confirm. */
  label: z.string(),
  reason: z.string(),
  pressedBy: z.string(),
  /** Where the press came from: the operator's key or a session, and the address. */
  pressedFrom: z.string(),
  pressedAt: Timestamp,
  resumedBy: z.string().nullable(),
  resumedFrom: z.string().nullable(),
  resumedAt: Timestamp.nullable(),
  resumeReason: z.string().nullable(),
  /** Agents and workers that it stops now; none once it is resumed. */
  agents: z.array(AgentName),
});
export type SwitchView = z.infer<typeof SwitchView>;

/** What a person calls the switch. */
export const switchLabel = (of: { scope: SwitchScope; target: string }): string =>
  of.scope === "company" ? "company" : `${of.scope} ${of.target}`;
