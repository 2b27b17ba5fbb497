import { inertLine } from "./inert-text.ts";
import type { NoticeMessage } from "./notice-channel.ts";

export const titleCharactersMax = 200;
const reasonCharactersMax = 500;
const ballotsMax = 12;
const ballotCharactersMax = 200;

/** "Decide: Sponsor the conference", for subjects; reminders say that they are one. */
export const noticeSubject = (message: NoticeMessage): string =>
  `${message.rehearsal ? "[REHEARSAL] " : ""}${message.number > 1 ? `Reminder ${message.number - 1}: ` : ""}${message.alert ? "Needs you" : "Decide"}: ${inertLine(message.title, titleCharactersMax)}`;

/** The whole notice as plain text. The only address in it that a program could turn into a link is ours. */
export function noticeText(message: NoticeMessage): string {
  if (message.alert) {
    const reason = inertLine(message.reason, reasonCharactersMax);
    return [noticeSubject(message), "", message.facts, reason, "", "See the company:", message.url].join("\n");
  }
  return [
    noticeSubject(message),
    "",
    message.facts,
    `Why you are asked: ${inertLine(message.reason, reasonCharactersMax)}`,
    ...ballotLines(message),
    "",
    "Read and decide:",
    message.url,
    "",
    `The link works once, until ${message.expiresAt.slice(0, 16).replace("T", " ")} UTC${message.number > 1 ? "; earlier links have ended" : ""}.`,
    "Opening it decides nothing. Nothing is ever approved by waiting.",
  ].join("\n");
}

/** How they voted, a line each. */
function ballotLines({ ballots }: NoticeMessage): string[] {
  if (ballots.length === 0) return [];
  const more = ballots.length - ballotsMax;
  return [
    "",
    "How they voted:",
    ...ballots
      .slice(0, ballotsMax)
      .map(({ voter, vote, reason }) => `- ${voter}: ${vote}${reason ? `, "${inertLine(reason, ballotCharactersMax)}"` : ""}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
}
