import { z } from "zod";
import { AgentName, Timestamp } from "./ids.ts";

export const FleetRevision = z.object({
  revision: z.number().int(),
  /** `file`: read when the company started; `console`: deployed by an operator. */
  source: z.enum(["file", "console"]),
  by: z.string(),
  comment: z.string(),
  at: Timestamp,
  current: z.boolean(),
});
export type FleetRevision = z.infer<typeof FleetRevision>;

/** Lines that left and came, with some around them; `gap`: lines between that are the same. */
export const DiffLine = z.object({ sign: z.enum(["same", "removed", "added", "gap"]), text: z.string() });
export type DiffLine = z.infer<typeof DiffLine>;
export const FleetDiff = z.object({ files: z.array(z.object({ path: z.string(), lines: z.array(DiffLine) })) });
export type FleetDiff = z.infer<typeof FleetDiff>;

/** What a revision is made of: the fleet file as JSON text, and each role's profile. */
export const FleetTexts = z.object({
  revision: z.number().int(),
  file: z.string(),
  profiles: z.record(AgentName, z.object({ path: z.string(), markdown: z.string() })),
});
export type FleetTexts = z.infer<typeof FleetTexts>;

const textCharactersMax = 100_000;
/** A change of the newest revision: profiles, the file, or everything as it was in an earlier one. */
export const FleetChange = z.strictObject({
  /** The revision that its author saw: when another one was made since, nothing is deployed. */
  basedOn: z.number().int().positive(),
  comment: z.string().trim().min(1, "say why").max(1_000),
  file: z.string().max(textCharactersMax).optional(),
  profiles: z.record(AgentName, z.string().max(textCharactersMax)).default({}),
  rollbackTo: z.number().int().positive().optional(),
});
export type FleetChange = z.infer<typeof FleetChange>;

export const FleetDryRun = z.object({
  /** What is wrong with it, with file and line; empty: it can be deployed. */
  problems: z.array(z.string()),
  diff: FleetDiff,
  /** What would happen, a sentence each. */
  effects: z.array(z.string()),
});
export type FleetDryRun = z.infer<typeof FleetDryRun>;
