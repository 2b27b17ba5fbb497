import type { ChatInbox } from "./chat-inbox.ts";

/** One notice to a human, as every channel gets it. Texts are written by agents: channels make them inert. */
export interface NoticeMessage {
  /** The same at every attempt: a receiver that has seen it may drop the repeat. */
  id: string;
  /** Something to know instead of something to decide: the address is the console's and does not expire. */
  alert?: boolean;
  /** How its subject begins, where that is not "Needs you". */
  lead?: string;
  /** 1 is the first notice, 2 the first reminder. */
  number: number;
  title: string;
  /** "$5,000.00 · critical · proposed by CMO" */
  facts: string;
  /** Why a human is asked. */
  reason: string;
  /** What it lists, in place of the reason: each line with the address of its record. */
  items?: { text: string; url: string | null }[];
  /** The call that would run, as text: shown whole, or not at all. */
  exact?: string | null;
  /** Answers that can be given under the message, where the channel has buttons. */
  buttons?: { text: string; token: string }[];
  /** The last round's ballots, with what each voter said. */
  ballots: { voter: string; vote: string; reason: string }[];
  url: string;
  expiresAt: string;
  rehearsal: boolean;
  /** The same as data, for programs. */
  payload: Record<string, unknown>;
}

/**
 * How an attempt ended. `arrived: "no"` means that it certainly did not; "unknown" that it was handed over without an answer, so
 * that asking again could tell the human twice.
 */
export type SendResult = { ok: true } | { ok: false; arrived: "no" | "unknown"; error: string };

/** A way to reach a human outside. `send` makes one attempt within `sendMsMax`, never throws, and tells no secret in `error`. */
export interface NoticeChannel {
  readonly name: "webhook" | "email" | "telegram";
  /** Whom it reaches, as an operator may read it: addresses, a chat, a host. Never a secret: of an address only the host. */
  readonly to: string;
  /** Where what is written and pressed there is heard. */
  readonly inbox?: ChatInbox;
  send(message: NoticeMessage): Promise<SendResult>;
}

export const sendMsMax = 30_000;
