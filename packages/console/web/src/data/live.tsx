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
    const types = String(key[1] ?? "");
    const first = data?.pages[0];
    if (!data || !first || (types !== "" && !types.split(",").includes(event.type))) continue;
    const known = first.items.findIndex((item) => item.id === event.id);
    const items = known >= 0 ? first.items.with(known, event) : [event, ...first.items];
    client.setQueryData(key, { ...data, pages: [{ ...first, items }, ...data.pages.slice(1)] });
  }
}

/** Follows the company's stream: refreshes what changed, fills the history, and tells whether the page is up to date. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");

  useEffect(() => {
    const touched = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (keys: string[]): void => {
      for (const key of keys) touched.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of touched) void client.invalidateQueries({ queryKey: [key] });
        touched.clear();
      }, gatherMs);
    };
    const data = (message: Event): unknown => JSON.parse((message as MessageEvent<string>).data);

    const source = new EventSource("/api/v1/stream");
    let wasLost = false;
    source.addEventListener("hello", () => {
      // What changed while nobody listened was told by events; what is not sealed yet was not.
      if (wasLost) void client.invalidateQueries();
      wasLost = false;
      setConnection("live");
    });
    source.addEventListener("bell", (message) => refresh((data(message) as { types: string[] }).types.flatMap(touchedBy)));
    source.addEventListener("audit", (message) => {
      const event = data(message) as EventView;
      addToHistory(client, event);
      refresh(touchedBy(event.type));
    });
    source.addEventListener("reset", () => void client.invalidateQueries());
    source.addEventListener("error", () => {
      wasLost = true;
      setConnection("lost");
      // Ask something else, so that an ended session is noticed.
      refresh(["status"]);
    });
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [client]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
