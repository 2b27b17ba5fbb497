import { z } from "zod";

/** UUIDv7 text, made by `newId` (base); keys of all rows. */
export const Id = z.uuid();
export type Id = z.infer<typeof Id>;

/** `agents.name`: a slug unique in its company, e.g. `cmo`, `content-writer-3f2a`. Used wherever an agent is named. */
export const AgentName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "a slug: lower-case letters, digits and single dashes")
  .max(60);
export type AgentName = z.infer<typeof AgentName>;

/** Who acted: an agent's name, `operator`, `human`, or `system` (the platform itself). */
export const ActorName = z.string().min(1).max(60);

/**
 * Micro-dollars as an integer string in JSON and events, `bigint` in code; 1 USD = 1_000_000.
 * Floats never carry money.
 */
export const MicroUsd = z.string().regex(/^-?\d{1,18}$/);
export type MicroUsd = z.infer<typeof MicroUsd>;

/** ISO 8601 with zone, as text. */
export const Timestamp = z.iso.datetime({ offset: true });
