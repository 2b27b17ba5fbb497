import { type ChannelsView, type EventView, noticeKindOf, quietHoursOf, quietUntil } from "@aito/protocol";
import { visibleText } from "./visible-parts.ts";

/** What is older was told before this page was open, or is no news any more. */
const freshMsMax = 10 * 60_000;
const titleCharactersMax = 120;
const bodyCharactersMax = 300;

export interface BrowserNotice {
  /** The same in every tab, so that one event is shown once. */
  tag: string;
  title: string;
  body: string;
  /** Where the console shows it. */
  path: string;
}

/**
 * Pure: what this browser shows of an event, by the rules and quiet hours of its channel; null: nothing. In quiet hours only what would
 * end by silence meanwhile is shown; the rest stands in the inbox.
 */
export function browserNotice(
  event: EventView,
  given: { channels: ChannelsView; company: string; rehearsal: boolean; now: Date },
): BrowserNotice | null {
  const { channels, company, rehearsal, now } = given;
  const channel = channels.items.find(({ name }) => name === "browser");
  const about = aboutOf(event);
  if (!channel || !about || now.getTime() - Date.parse(event.at) > freshMsMax) return null;
  if (!channel.tells.includes(noticeKindOf(about.kind))) return null;
  const ends = [channel.quietHours, channels.general?.quietHours ?? null].map(
    (times) => times && quietUntil(quietHoursOf(times), now),
  );
  const quietEnd = Math.max(0, ...ends.map((end) => end?.getTime() ?? 0));
  if (quietEnd > 0 && (about.endsAt === null || about.endsAt > quietEnd)) return null;
  return {
    tag: `aito ${event.id}`,
    title: short(`${rehearsal ? "[REHEARSAL] " : ""}${company}: ${about.title}`, titleCharactersMax),
    body: short(about.detail, bodyCharactersMax),
    path: about.path,
  };
}

interface About {
  kind: string;
  title: string;
  detail: string;
  path: string;
  endsAt: number | null;
}

const paths: Record<string, (subject: string) => string> = {
  approval: (subject) => `/inbox#${subject}`,
  tool: () => "/inbox",
  digest: (subject) => `/work/${subject}`,
  briefing: () => "/briefing",
  synthesis: () => "/briefing",
  budget: () => "/costs",
  anomaly: () => "/costs",
};

function aboutOf({ type, payload }: EventView): About | null {
  const text = (name: string): string => (typeof payload[name] === "string" ? payload[name] : "");
  if (type === "escalation.opened") {
    const path = `/inbox#${text("escalation")}`;
    return { kind: "escalation", title: `Decide: ${text("title")}`, detail: text("reason"), path, endsAt: null };
  }
  if (type !== "alert.opened") return null;
  const [kind, endsAt] = [text("kind"), Date.parse(text("endsAt"))];
  const path = paths[kind]?.(text("subject")) ?? "/";
  return { kind, title: text("title"), detail: text("detail"), path, endsAt: Number.isNaN(endsAt) ? null : endsAt };
}

/** Nothing in it is hidden or turned around. */
function short(text: string, max: number): string {
  const letters = [...visibleText(text.replace(/\s+/g, " ").trim())];
  return letters.length <= max ? letters.join("") : `${letters.slice(0, max - 1).join("")}…`;
}
