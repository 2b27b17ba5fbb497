import { z } from "zod";
import { Id, Timestamp } from "./ids.ts";

/** A comment on a line of the new file. */
export const ChangeComment = z.object({ path: z.string(), line: z.number().int(), body: z.string() });
export type ChangeComment = z.infer<typeof ChangeComment>;

/** A file of a change as a commit left it; `diff` is null for what is not text, and cut where `whole` is false. */
export const ChangedFile = z.object({ path: z.string(), status: z.string(), diff: z.string().nullable(), whole: z.boolean() });
export type ChangedFile = z.infer<typeof ChangedFile>;

/** One line of the list of changes. */
export const ChangeSummary = z.object({
  id: Id,
  repository: z.string(),
  branch: z.string(),
  base: z.string(),
  title: z.string(),
  status: z.enum(["begun", "open", "merged"]),
  /** Of the pull request; null until there is one. */
  number: z.number().int().nullable(),
  url: z.string().nullable(),
  owner: z.string().describe("the standing agent that it was made for"),
  by: z.string().describe("who made it"),
  task: z.object({ id: Id, title: z.string(), status: z.string() }),
  decision: z.object({ id: Id, title: z.string(), status: z.string() }).nullable(),
  mergeSha: z.string().nullable(),
  mergedBy: z.string().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ChangeSummary = z.infer<typeof ChangeSummary>;

/** A change from its decision to its merge commit. */
export const ChangeRecord = ChangeSummary.extend({
  commits: z.array(z.object({ sha: z.string(), title: z.string(), by: z.string(), at: Timestamp })).describe("oldest first"),
  files: z.array(ChangedFile).describe("the whole change at its newest commit"),
  reviews: z
    .array(
      z.object({
        by: z.string(),
        verdict: z.enum(["approve", "request_changes", "comment"]),
        body: z.string(),
        /** The one commit that it is about. */
        commit: z.string(),
        comments: z.array(ChangeComment),
        at: Timestamp,
      }),
    )
    .describe("oldest first"),
});
export type ChangeRecord = z.infer<typeof ChangeRecord>;
