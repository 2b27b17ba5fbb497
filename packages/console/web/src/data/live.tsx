import type { EventView, Page } from "@aito/protocol";
import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { type HistorySearch, isInCut } from "../../../src/history-cut.ts";
import { dueOf, touchedBy } from "../../../src/refresh-rules.ts";
import { tellBrowser } from "./browser-notices.ts";

export type Connection = "connecting" | "live" | "lost";

const ConnectionContext = createContext<Connection>("connecting");
export const useConnection = (): Connection => useContext(ConnectionContext);

/** Changes that come close together are one refresh; while they go on coming, so are more of them. */
const gatherMs = { first: 150, next: 300 };
/** No answer for so long: the next refresh does not wait for it. */
const answerMsMax = 5_000;
/** Of a list of events that goes on by itself: what is older is asked for again. */
const liveEventsMax = 300;

/** Puts a sealed event at the top of every event list that asks for its type. */
function addToHistory(client: QueryClient, event: EventView): void {
  for (const [key, data] of client.getQueriesData<InfiniteData<Page<EventView>>>({ queryKey: ["events"] })) {
    const first = data?.pages[0];
    if (!data || !first || !isInCut(key[1] as HistorySearch, event)) continue;
    const known = first.items.findIndex((item) => item.id === event.id);
    const items = known >= 0 ? first.items.with(known, event) : [event, ...first.items];
    // A page that is left open for days must not grow: it is cut where the next page begins.
    if (data.pages.length === 1 && items.length > liveEventsMax) {
      const kept = items.slice(0, liveEventsMax);
      client.setQueryData(key, { ...data, pages: [{ items: kept, next: kept.at(-1)!.id }] });
    } else client.setQueryData(key, { ...data, pages: [{ ...first, items }, ...data.pages.slice(1)] });
  }
}

/** The server sends something every 15 s; silence for longer means that the connection is dead without saying so. */
const silenceMsMax = 40_000;
const refusedAgainMs = 5_000;

/** Keeps one stream open until `close`; a dead one is opened again where it stopped. */
function follow(handle: { onFrame: (event: string, data: string) => void; onState: (state: Connection) => void }): () => void {
  let source: EventSource | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let last = "";
  const watch = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      handle.onState("lost");
      open();
    }, silenceMsMax);
  };
  const open = (): void => {
    source?.close();
    source = new EventSource(`/api/v1/stream${last ? `?after=${last}` : ""}`);
    for (const event of ["hello", "beat", "bell", "audit", "reset"]) {
      source.addEventListener(event, (message: MessageEvent<string>) => {
        if (message.lastEventId) last = message.lastEventId;
        watch();
        if (event === "hello") handle.onState("live");
        handle.onFrame(event, message.data);
      });
    }
    source.addEventListener("error", () => {
      handle.onState("lost");
      // After a refusal (too many pages, a proxy before a console that restarts) the browser does not try again by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      clearTimeout(silence);
      silence = setTimeout(open, refusedAgainMs);
    });
    watch();
  };
  const onOffline = (): void => {
    source?.close();
    handle.onState("lost");
  };
  window.addEventListener("online", open);
  window.addEventListener("offline", onOffline);
  open();
  return () => {
    window.removeEventListener("online", open);
    window.removeEventListener("offline", onOffline);
    clearTimeout(silence);
    source?.close();
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Refreshes queries by name. One refresh ends before the next begins: under a flood of changes, answers that take a while would otherwise be
 * dropped for newer ones for ever.
 */
function makeRefresh(client: QueryClient): (keys: string[]) => void {
  const touched = new Set<string>();
  const last = new Map<string, number>();
  let busy = false;
  const run = async (): Promise<void> => {
    busy = true;
    for (let gather = gatherMs.first; touched.size > 0; gather = gatherMs.next) {
      await pause(gather);
      const now = performance.now();
      const keys = dueOf(touched, last, now);
      for (const key of keys) {
        touched.delete(key);
        last.set(key, now);
      }
      const answers = Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
      await Promise.race([answers, pause(answerMsMax)]);
    }
    busy = false;
  };
  return (keys) => {
    for (const key of keys) touched.add(key);
    if (!busy) void run();
  };
}

/** Follows the company's stream: refreshes what changed, fills the history, and tells whether the page is up to date. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");

  useEffect(() => {
    const refresh = makeRefresh(client);
    let wasLost = false;
    return follow({
      onState: (state) => {
        setConnection(state);
        // What is sealed comes by the stream; what changed meanwhile and is not sealed yet does not.
        if (state === "live" && wasLost) void client.invalidateQueries();
        // Ask something else, so that an ended session is noticed.
        if (state === "lost" && !wasLost) refresh(["status"]);
        wasLost = state === "lost";
      },
      onFrame: (event, data) => {
        if (event === "bell") refresh((JSON.parse(data) as { types: string[] }).types.flatMap(touchedBy));
        if (event === "reset") void client.invalidateQueries();
        if (event !== "audit") return;
        const audit = JSON.parse(data) as EventView;
        addToHistory(client, audit);
        void tellBrowser(client, audit);
        refresh(touchedBy(audit.type));
      },
    });
  }, [client]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
