import { visibleText } from "../../../src/visible-parts.ts";
import type { Forgotten, ForgetMemories, FoundMemories, MemoryItem, MemoryView } from "@aito/protocol";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useId, useState } from "react";
import { get, post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Rows } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle } from "./words.ts";
import { SetAside } from "./set-aside.tsx";

const shelves = { all: "All", own: "Own work", agent: "From colleagues", outside: "From outside", aside: "Set aside" } as const;
type Shelf = keyof typeof shelves;

/** What agents remember: found by a question, each with where it comes from, and set aside by run or source. */
export function MemoryPage() {
  const [text, setText] = useState("");
  const [shelf, setShelf] = useState<Shelf>("all");
  const progress = useQuery({
    queryKey: ["memory", "progress"],
    queryFn: () => get<MemoryView>("/api/v1/memory"),
    // Its changes ring; a bell can be lost.
    refetchInterval: 60_000,
  });
  const found = useQuery({
    // The newest come as they are made. A search asks the embedder, so that it stays until memories are set aside or summed up.
    queryKey: text === "" ? ["memory", "newest", shelf] : ["memory-search", text, shelf],
    ...(text === "" ? {} : { refetchOnWindowFocus: false, refetchOnReconnect: false }),
    queryFn: () =>
      post<FoundMemories>("/api/v1/memory/search", {
        text,
        quarantined: shelf === "aside",
        ...(shelf === "all" || shelf === "aside" ? {} : { source: shelf }),
        limit: 50,
      }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageTitle title="Memory">
        {progress.data ? progressText(progress.data) : "What agents did, decided, said and got wrong."}
      </PageTitle>
      <SearchForm onSearch={setText} />
      <Choices label="Which memories" choices={shelves} value={shelf} onChange={setShelf} />
      <Loaded query={found} rows={6}>
        {({ items, told, by }) => (
          <>
            {by !== "newest" && !told && items.length > 0 && (
              <p className="mb-3 text-sm text-quiet">The memories do not speak of this; these are the nearest.</p>
            )}
            {items.length === 0 ? (
              <Empty title={shelf === "aside" ? "Nothing is set aside" : "No such memory"}>
                Each run leaves what it did, heard, said and got wrong.
              </Empty>
            ) : (
              <Rows>
                {items.map((item) => (
                  <Memory key={item.id} item={item} />
                ))}
              </Rows>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function SearchForm({ onSearch }: { onSearch: (text: string) => void }) {
  const [typed, setTyped] = useState("");
  const field = useId();
  return (
    <form
      className="mb-4 flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim());
      }}
    >
      <div className="min-w-0 flex-1 basis-72">
        <label htmlFor={field} className="text-sm font-medium">
          Find <span className="font-normal text-quiet">by meaning, words and dates; empty shows the newest</span>
        </label>
        <input
          id={field}
          value={typed}
          maxLength={2_000}
          onChange={(event) => setTyped(event.target.value)}
          className="mt-1 block min-h-10 w-full rounded-lg border border-strong-line bg-page px-3"
        />
      </div>
      <Button onClick={() => onSearch(typed.trim())}>
        <Search aria-hidden /> Find
      </Button>
    </form>
  );
}

function progressText({ total, embedded, embedder, putOff, summaries }: MemoryView): string {
  const many = (count: number): string => count.toLocaleString("en");
  const rest = total - embedded;
  return visibleText(
    [
      `${many(total)} memories and ${many(summaries.total)} summaries`,
      embedder === null
        ? "none embedded yet"
        : rest === 0
          ? `all embedded by ${embedder}`
          : `${many(embedded)} embedded by ${embedder}, the others found by words`,
      ...(putOff > 0 ? [`${many(putOff)} refused by the embedder, tried again later`] : []),
    ].join("; "),
  );
}

function Memory({ item }: { item: MemoryItem }) {
  const tell = useNotice();
  const client = useQueryClient();
  const may = useMay();
  const forget = useMutation({
    mutationFn: (request: ForgetMemories) => post<Forgotten>("/api/v1/memory/forget", request),
    onSuccess: ({ memories, summaries }) => tell(`${memories} memories set aside, ${summaries} summaries written anew.`),
    onError: (error) => tell(error.message, true),
    onSettled: () => Promise.all(["memory", "memory-search"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  const aside = (which: ForgetMemories["which"]) => (reason: string) => forget.mutate({ which, how: "quarantine", reason });
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-80">
        <Figured block text={item.text} numbers={item.numbers} className="line-clamp-6" />
        <p className="mt-1 text-sm text-quiet">
          {agentTitle(item.agent)} · <Foreign text={item.type} /> · <When at={item.at} />
          {item.client && <Foreign text={` · client ${item.client}`} />}
        </p>
        <p className="mt-0.5 text-sm">
          <Provenance item={item} />
          {item.why.length > 0 && <Foreign text={` · ${item.why.join("; ")}`} className="text-quiet" />}
        </p>
        {item.setAside !== null && (
          <p className="mt-0.5 text-sm font-medium text-warn">
            Set aside: <Foreign text={item.setAside} />
          </p>
        )}
        <p className="mt-0.5 font-mono text-xs break-all text-quiet">
          <Foreign text={item.record ?? `history ${item.id}`} />
          {item.run && ` · run ${item.run}`}
        </p>
      </div>
      {item.setAside === null && may("/api/v1/memory/forget") && (
        <div className="flex flex-wrap gap-2">
          {item.run && (
            <SetAside
              label="Set run aside"
              what={`all memories of run ${item.run}`}
              busy={forget.isPending}
              onConfirm={aside({ runId: item.run })}
            />
          )}
          {item.sourceRef && (
            <SetAside
              label="Set source aside"
              what={
                <>
                  all memories from <Foreign text={item.sourceRef} />
                </>
              }
              busy={forget.isPending}
              onConfirm={aside({ sourceRef: item.sourceRef })}
            />
          )}
        </div>
      )}
    </li>
  );
}

function Provenance({ item: { source, sourceRef } }: { item: MemoryItem }) {
  if (source === "own") return <span className="text-quiet">own work</span>;
  const from = sourceRef === null ? "" : `: ${sourceRef}`;
  if (source === "agent") return <Foreign text={`from a colleague${from}`} />;
  return <Foreign text={`text from outside, never a rule${from}`} className="font-medium text-warn" />;
}
