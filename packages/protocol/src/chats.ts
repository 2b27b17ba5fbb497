import { z } from "zod";
import { Id, Timestamp } from "./ids.ts";

/** A chat whose buttons answer for an operator. */
export const ChatView = z.object({
  id: Id,
  chat: z.string(),
  /** Whose presses count there, as the chat program shows them. */
  accountName: z.string(),
  operator: z.string(),
  linkedAt: Timestamp,
});
export type ChatView = z.infer<typeof ChatView>;

/** What to write into the chat to link it: `/link CODE`, once, until then. */
export const ChatCode = z.object({ code: z.string(), expiresAt: Timestamp });
export type ChatCode = z.infer<typeof ChatCode>;
