import { z } from "zod";
import { Id, Timestamp } from "./ids.ts";

/** What one model call asked and was answered, as it is kept for replay; texts by the hash of what is kept. */
export const RecordingView = z.object({
  /** Of the call's usage row, too. */
  id: Id,
  createdAt: Timestamp,
  agent: z.string().nullable(),
  run: Id.nullable(),
  model: z.string().nullable(),
  status: z.number().int().nullable(),
  whole: z.boolean().describe("the answer came to its end"),
  requestSha256: z.string(),
  responseSha256: z.string(),
});
export type RecordingView = z.infer<typeof RecordingView>;

export const RecordedCall = RecordingView.extend({
  request: z.string().describe("the body as it was asked, without secrets"),
  response: z.string().describe("the answer's bytes: JSON, or an event stream as it came"),
});
export type RecordedCall = z.infer<typeof RecordedCall>;
