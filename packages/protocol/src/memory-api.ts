import { z } from "zod";
import { Id, Timestamp } from "./ids.ts";

export const AskRequest = z.object({ question: z.string().trim().min(1).max(2_000) });
export type AskRequest = z.infer<typeof AskRequest>;

/** One record that speaks of the question; `kind` and `id` are its citation. */
export const Evidence = z.object({
  kind: z.enum(["history", "event", "receipt"]),
  id: z.string(),
  at: Timestamp,
  who: z.string(),
  text: z.string(),
  /** For history: where the memory comes from. Text from outside is shown as such. */
  source: z.enum(["own", "agent", "outside"]).nullable(),
  why: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

export const AskAnswer = z.object({
  question: z.string(),
  /** Whose records were looked at, where the question names agents. */
  agents: z.array(z.string()),
  /** The days that the question names. */
  days: z.array(z.object({ from: z.string(), to: z.string() })),
  /** False: the records do not tell. */
  told: z.boolean(),
  /** How history was searched; `words` where no embedder answered. */
  by: z.enum(["meaning", "words"]),
  evidence: z.array(Evidence),
});
export type AskAnswer = z.infer<typeof AskAnswer>;

export const MemoryView = z.object({
  embedder: z.string().nullable(),
  total: z.number().int(),
  embedded: z.number().int(),
  models: z.array(z.object({ model: z.string().nullable(), memories: z.number().int() })),
});
export type MemoryView = z.infer<typeof MemoryView>;

export const ForgetMemories = z.object({
  which: z.union([
    z.strictObject({ runId: Id }),
    z.strictObject({ sourceRef: z.string().trim().min(1).max(2_000) }),
    z.strictObject({ client: z.string().trim().min(1).max(60) }),
  ]),
  how: z.enum(["quarantine", "delete"]),
  reason: z.string().trim().min(1).max(1_000),
});
export type ForgetMemories = z.infer<typeof ForgetMemories>;

export const Forgotten = z.object({ memories: z.number().int(), summaries: z.number().int() });
export type Forgotten = z.infer<typeof Forgotten>;
