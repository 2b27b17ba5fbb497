import { z } from "zod";
import { AgentName } from "./ids.ts";

/** A role on one page, made from its profile and the fleet file: what somebody reads who has to answer for it. */
export const RoleExplained = z.object({
  role: z.string(),
  title: z.string(),
  department: z.string(),
  reportsTo: z.string(),
  kind: z.enum(["agent", "worker"]),
  model: z.string(),
  /** What it is for. */
  purpose: z.string(),
  does: z.array(z.string()),
  /** What makes it run. */
  wakes: z.array(z.string()),
  tools: z.array(z.string()),
  limits: z.array(z.string()),
  decides: z.object({
    alone: z.array(z.string()),
    withHeads: z.array(z.string()),
    withGuardian: z.array(z.string()),
    never: z.array(z.string()),
  }),
  /** How much of a page it takes; a profile that needs more is refused. */
  lines: z.number().int(),
  linesMax: z.number().int(),
});
export type RoleExplained = z.infer<typeof RoleExplained>;

/** One seat of the org chart. */
export const OrgSeat = z.object({
  role: AgentName,
  title: z.string(),
  department: z.string(),
  /** The role above it; null at the top. */
  reportsTo: AgentName.nullable(),
  head: z.boolean(),
  council: z.boolean(),
});
export type OrgSeat = z.infer<typeof OrgSeat>;
