import type { EventView, Page } from "@aito/protocol";
import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { touchedBy } from "./queries.ts";

export type Connection = "connecting" | "live" | "lost";

const ConnectionContext = createContext<Connection>("connecting");
export const useConnection = (): Connection => useContext(ConnectionContext);

/** Changes that come close together are one refresh. */
const gatherMs = 200;

/** Puts a sealed event at the top of every event list that asks for its type. */
function addToHistory(client: QueryClient, event: EventView): void {
  for (const [key, data] of client.getQueriesData<InfiniteData<Page<EventView>>>({ queryKey: ["events"] })) {
    const types = typeof key[1] === "string" ? key[1] : "";
    const first = data?.pages[0];
    if (!data || !first || (types !== "" && !types.split(",").includes(event.type))) continue;
    const known = first.items.findIndex((item) => item.id === event.id);
    const items = known >= 0 ? first.items.with(known, event) : [event, ...first.items];
    client.setQueryData(key, { ...data, pages: [{ ...first, items }, ...data.pages.slice(1)] });
  }
}

/** The server sends something every 15 s; silence for longer means that the connection is dead without saying so. */
const silenceMsMax = 40_000;

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
    source.addEventListener("error", () => handle.onState("lost"));
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

/** Refreshes queries by name; changes that come close together are one refresh. */
function makeRefresh(client: QueryClient): (keys: string[]) => void {
  const touched = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (keys) => {
    for (const key of keys) touched.add(key);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const key of touched) void client.invalidateQueries({ queryKey: [key] });
      touched.clear();
    }, gatherMs);
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
        refresh(touchedBy(audit.type));
      },
    });
  }, [client]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
