/** What somebody did in the company's chat; what comes from any other chat is left out. */
export type ChatUpdate = { chat: string; account: string; accountName: string } & (
  | { kind: "press"; pressId: string; token: string; messageId: number; text: string }
  | { kind: "text"; text: string }
);

/** Where a chat is heard and answered. Nothing here throws a secret; a failure is an AitoError AITO_CHAT_FAILED (fate retry). */
export interface ChatInbox {
  /** The chat that notices go to, and the only one that is listened to. */
  readonly chat: string;
  /** What came from update `from` on; waits a while for the first. `next`: from where to ask then. */
  poll(from: bigint, signal: AbortSignal): Promise<{ updates: ChatUpdate[]; next: bigint; ignored: number }>;
  /** Shows the presser what became of the press; where it is `over`, the message loses its buttons and says so. */
  answerPress(press: Extract<ChatUpdate, { kind: "press" }>, answer: { told: string; over: boolean }): Promise<void>;
  say(text: string): Promise<void>;
}
