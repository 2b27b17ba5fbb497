import { inertLine } from "./inert-text.ts";
import type { NoticeMessage } from "./notice-channel.ts";

export const titleCharactersMax = 200;
const reasonCharactersMax = 500;
/** Longer than any that is shown, also when each of its characters is spelled out. */
const exactCharactersMax = 3_000;
const itemsCharactersMax = 3_200;
const itemCharactersMax = 200;
const ballotsMax = 12;
const ballotCharactersMax = 200;

/** "Decide: Sponsor the conference", for subjects; reminders say that they are one. */
export const noticeSubject = (message: NoticeMessage): string =>
  `${message.rehearsal ? "[REHEARSAL] " : ""}${message.number > 1 ? `Reminder ${message.number - 1}: ` : ""}${message.lead ?? (message.alert ? "Needs you" : "Decide")}: ${inertLine(message.title, titleCharactersMax)}`;

/** The whole notice as plain text. The only address in it that a program could turn into a link is ours. */
export function noticeText(message: NoticeMessage): string {
  if (message.alert) {
    const reason = message.items?.length ? itemLines(message.items) : [inertLine(message.reason, reasonCharactersMax)];
    return [
      noticeSubject(message),
      "",
      message.facts,
      ...reason,
      ...exactLines(message),
      "",
      "See the company:",
      message.url,
    ].join("\n");
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

/** As many as a chat's message holds; what is left out is said, and stands in the console. */
function itemLines(items: NonNullable<NoticeMessage["items"]>): string[] {
  const lines: string[] = [];
  let [room, shown] = [itemsCharactersMax, 0];
  for (const { text, url } of items) {
    const block = [`- ${inertLine(text, itemCharactersMax)}`, ...(url === null ? [] : [`  ${url}`])];
    room -= block.join("\n").length + 1;
    if (room < 0) break;
    lines.push(...block);
    shown += 1;
  }
  return shown < items.length ? [...lines, `- and ${items.length - shown} more`] : lines;
}

/** What would run; its channel has buttons only where this is all of it. */
const exactLines = ({ exact }: NoticeMessage): string[] =>
  exact ? ["", "Exactly this would run:", inertLine(exact, exactCharactersMax)] : [];

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
