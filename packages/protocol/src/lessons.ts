import { z } from "zod";
import { Id, Timestamp } from "./ids.ts";

/** Something that went wrong for a role, or that a human did not let pass, with what was said of it. */
export const Lesson = z.object({
  /** A failed task, a failed run, a decision that was vetoed, sent back or overridden, a call that was denied or sent back. */
  kind: z.enum(["task", "run", "decision", "call"]),
  /** Of the record that it is about. */
  id: Id,
  title: z.string(),
  /** What it came to, in a word: failed, vetoed, overridden, denied. */
  outcome: z.string(),
  said: z.string(),
  at: Timestamp,
});
export type Lesson = z.infer<typeof Lesson>;
