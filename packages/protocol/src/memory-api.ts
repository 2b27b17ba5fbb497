import { z } from "zod";
import { FiguresView, StatedNumber } from "./evidence.ts";
import { Id, Timestamp } from "./ids.ts";

export const AskRequest = z.object({ question: z.string().trim().min(1).max(2_000) });
export type AskRequest = z.infer<typeof AskRequest>;

/** One record that speaks of the question; `kind` and `id` are its citation. */
export const Evidence = z.object({
  kind: z.enum(["history", "event", "receipt", "summary"]),
  id: z.string(),
  at: Timestamp,
  who: z.string(),
  text: z.string(),
  /** For history: where the memory comes from. Text from outside is shown as such. */
  source: z.enum(["own", "agent", "outside"]).nullable(),
  why: z.array(z.string()),
  /** Its numbers, each with its receipt or none. */
  numbers: z.array(StatedNumber).optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** One sentence that a model wrote from the evidence. */
export const CitedSentence = z.object({
  text: z.string(),
  /** Places in `evidence`, from 0; never empty, and each exists. */
  cites: z.array(z.number().int()),
  /** Numbers in it that none of the cited records has: do not rely on them. */
  doubtful: z.array(z.string()),
  numbers: z.array(StatedNumber).optional(),
});
export type CitedSentence = z.infer<typeof CitedSentence>;

export const Prose = z.object({
  model: z.string(),
  sentences: z.array(CitedSentence),
  /** Sentences that were left out because they cite nothing that exists. */
  dropped: z.number().int(),
});
export type Prose = z.infer<typeof Prose>;

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
  /** An answer in sentences, by a model; null: the evidence stands for itself, and `noProse` says why. */
  prose: Prose.nullable(),
  /** Figures of what the question names: verified ones, and apart what no receipt backs. */
  figures: FiguresView.optional(),
  noProse: z.string().nullable(),
});
export type AskAnswer = z.infer<typeof AskAnswer>;

export const MemoryView = z.object({
  embedder: z.string().nullable(),
  total: z.number().int(),
  embedded: z.number().int(),
  /** Of those that are not embedded: texts that the embedder refused; they are tried again later. */
  putOff: z.number().int(),
  summaries: z.object({ total: z.number().int(), embedded: z.number().int() }),
  models: z.array(z.object({ model: z.string().nullable(), memories: z.number().int() })),
});
export type MemoryView = z.infer<typeof MemoryView>;

export const ForgetMemories = z.object({
  which: z.union([
    z.strictObject({ runId: Id }),
    // To the letter: somebody outside may have named it, with blanks around it.
    z.strictObject({ sourceRef: z.string().min(1).max(2_000) }),
    z.strictObject({ client: z.string().trim().min(1).max(60) }),
  ]),
  how: z.enum(["quarantine", "delete"]),
  reason: z.string().trim().min(1).max(1_000),
});
export type ForgetMemories = z.infer<typeof ForgetMemories>;

export const Forgotten = z.object({ memories: z.number().int(), summaries: z.number().int() });
export type Forgotten = z.infer<typeof Forgotten>;

export const SearchMemories = z.object({
  /** Empty: the newest. */
  text: z.string().trim().max(2_000).default(""),
  agent: z.string().trim().min(1).max(60).optional(),
  client: z.string().trim().min(1).max(60).optional(),
  source: z.enum(["own", "agent", "outside"]).optional(),
  /** Instead of what agents may find, what was set aside. */
  quarantined: z.boolean().default(false),
  limit: z.number().int().min(1).max(100).default(30),
});
export type SearchMemories = z.infer<typeof SearchMemories>;

/** One memory with where it comes from. */
export const MemoryItem = z.object({
  id: Id,
  at: Timestamp,
  agent: z.string(),
  client: z.string().nullable(),
  type: z.string(),
  text: z.string(),
  source: z.enum(["own", "agent", "outside"]),
  /** The colleague or the address. */
  sourceRef: z.string().nullable(),
  run: Id.nullable(),
  /** The row that it was written from: `message 0193…`, `receipt 0193…`. */
  record: z.string().nullable(),
  why: z.array(z.string()),
  embeddedBy: z.string().nullable(),
  /** Why it was set aside; null: it was not. */
  setAside: z.string().nullable(),
  /** Its numbers, each with its receipt or none. */
  numbers: z.array(StatedNumber).optional(),
});
export type MemoryItem = z.infer<typeof MemoryItem>;

export const FoundMemories = z.object({
  by: z.enum(["meaning", "words", "newest"]),
  told: z.boolean(),
  items: z.array(MemoryItem),
});
export type FoundMemories = z.infer<typeof FoundMemories>;

/** What the console asks of the gateway over its socket, with the pass that both derive from their common key. */
export const operatorQuestions = {
  ask: "/operator/ask",
  memories: "/operator/memories",
  tools: "/operator/tools",
  signers: "/operator/signers",
  channels: "/operator/channels",
  channelTest: "/operator/channels/test",
} as const;
