import type { EventView } from "@aito/protocol";
import type { QueryClient } from "@tanstack/react-query";
import { browserNotice, type BrowserNotice } from "../../../src/browser-notice.ts";
import { channelsQuery, statusQuery } from "./queries.ts";

const key = "aito-browser-notices";
const rulesFreshMs = 60_000;
/** Together about as long as an event is news; what is then not told stands in the inbox. */
const attemptsMax = 24;
const againMs = { first: 1_000, most: 30_000 };

/** `off`: allowed or not asked yet, but not wanted here; `blocked`: the browser refuses for this site; `missing`: it has no notices here. */
export type BrowserNoticeState = "on" | "off" | "blocked" | "missing";

export function browserNoticeState(): BrowserNoticeState {
  if (!window.isSecureContext || !("Notification" in window)) return "missing";
  if (Notification.permission === "denied") return "blocked";
  try {
    return Notification.permission === "granted" && localStorage.getItem(key) === "on" ? "on" : "off";
  } catch {
    return "off";
  }
}

/** Asks the browser's owner; only ever after they pressed a button here. */
export async function turnBrowserNotices(on: boolean): Promise<BrowserNoticeState> {
  if (on && Notification.permission !== "granted") await Notification.requestPermission();
  try {
    localStorage.setItem(key, on ? "on" : "off");
  } catch {
    // Without storage nothing is kept, and so nothing is shown.
  }
  return browserNoticeState();
}

/** False where the browser shows none from a page (on phones some want a service worker). */
export function showBrowserNotice({ title, body, tag, path }: BrowserNotice): boolean {
  try {
    const shown = new Notification(title, { body, tag });
    shown.addEventListener("click", () => {
      window.focus();
      window.location.assign(path);
      shown.close();
    });
    return true;
  } catch {
    return false;
  }
}

/** Shows what this event tells, where this browser's owner chose so. What cannot be read yet is asked for again, while it is news. */
export async function tellBrowser(client: QueryClient, event: EventView): Promise<void> {
  if (event.type !== "alert.opened" && event.type !== "escalation.opened") return;
  let waitMs = againMs.first;
  for (let attempt = 1; attempt <= attemptsMax && browserNoticeState() === "on"; attempt += 1) {
    const rules = await readRules(client);
    const notice = rules && browserNotice(event, { ...rules, now: new Date() });
    if (notice) showBrowserNotice(notice);
    if (rules) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 2, againMs.most);
  }
}

/** By whose rules, and whose company; null while the console does not tell. */
async function readRules(client: QueryClient) {
  try {
    const channels = await client.fetchQuery({ ...channelsQuery, staleTime: rulesFreshMs });
    const { fleet, model } = await client.fetchQuery({ ...statusQuery, staleTime: rulesFreshMs });
    return { channels, company: fleet, rehearsal: model === "REHEARSAL" };
  } catch {
    return null;
  }
}
