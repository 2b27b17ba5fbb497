import { visibleText } from "../../../src/visible-parts.ts";
import type { ChainReport, EventView } from "@aito/protocol";
import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { ShieldCheck, ShieldX } from "lucide-react";
import { useState } from "react";
import { get } from "../data/api.ts";
import { eventsQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Card, Rows } from "../kit/card.tsx";
import { cn } from "../kit/cn.ts";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Failed, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle } from "./words.ts";

/** The audit events as they are sealed, by type, and a check of the whole chain. */
export function HistoryPage() {
  const [types, setTypes] = useState<string[]>([]);
  const everything = useInfiniteQuery(eventsQuery([]));
  const events = useInfiniteQuery({ ...eventsQuery(types), placeholderData: keepPreviousData });
  const items = events.data?.pages.flatMap((page) => page.items);
  // The types to choose from are those that happened; what is chosen stays choosable.
  const happened = everything.data?.pages.flatMap((page) => page.items.map((event) => event.type)) ?? [];
  const known = [...new Set([...happened, ...types])].toSorted();
  const toggle = (type: string): void =>
    setTypes((now) => (now.includes(type) ? now.filter((item) => item !== type) : [...now, type].slice(-20)));
  return (
    <>
      <PageTitle title="History" aside={<Verify />}>
        Every change of state, chained so that a changed or missing one shows.
      </PageTitle>
      {known.length > 0 && (
        <div role="group" aria-label="Event types" className="mb-4 flex gap-1.5 overflow-x-auto pb-1 md:flex-wrap">
          {known.map((type) => (
            <button
              key={type}
              type="button"
              aria-pressed={types.includes(type)}
              onClick={() => toggle(type)}
              className="min-h-7 max-w-full shrink-0 rounded-full border border-line bg-card px-3 text-[0.8125rem] text-quiet hover:text-text aria-pressed:border-text aria-pressed:bg-text aria-pressed:text-page"
            >
              {visibleText(type)}
            </button>
          ))}
          {types.length > 0 && (
            <Button look="ghost" size="small" className="min-h-7" onClick={() => setTypes([])}>
              Show all
            </Button>
          )}
        </div>
      )}
      <Loaded query={{ ...events, data: items }} rows={8}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={types.length > 0 ? "No such events" : "No events yet"}>
              Each change of state leaves one, in the same transaction.
            </Empty>
          ) : (
            <Rows className={cn(events.isPlaceholderData && "opacity-60")}>
              {list.map((event) => (
                <EventRow key={event.id} event={event} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={events} />
    </>
  );
}

/** The parts of a payload that say what an event is about, the best first. */
const telling = ["title", "summary", "reason", "subject", "text", "kind", "status"];

function EventRow({ event }: { event: EventView }) {
  const payload = Object.entries(event.payload);
  const gist = telling
    .map((name) => event.payload[name])
    .find((value): value is string => typeof value === "string" && value !== "");
  return (
    <li>
      <details className="group">
        <summary className="grid cursor-pointer list-none grid-cols-[1fr_auto] items-baseline gap-x-4 px-4 py-2.5 hover:bg-raised sm:grid-cols-[4.5rem_13rem_1fr_auto]">
          <span className="tabular text-sm text-quiet max-sm:hidden">{event.seq ? `#${event.seq}` : "sealing"}</span>
          <Foreign text={event.type} className="truncate font-medium" />
          <span className="min-w-0 truncate text-quiet max-sm:col-start-1 max-sm:row-start-2 max-sm:text-sm">
            <Foreign text={`${agentTitle(event.source)}${event.target ? ` to ${agentTitle(event.target)}` : ""}`} />
            {gist && <Foreign text={` · ${gist}`} className="text-text" />}
          </span>
          <When at={event.at} className="text-sm text-quiet" />
        </summary>
        <dl className="grid gap-x-5 gap-y-1 border-t border-line bg-page px-4 py-3 text-sm sm:grid-cols-[8rem_1fr]">
          {payload.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-quiet">
                <Foreign text={name} />
              </dt>
              <dd className="min-w-0">
                <Foreign block text={typeof value === "string" ? value : JSON.stringify(value)} />
              </dd>
            </div>
          ))}
          <dt className="text-quiet">time</dt>
          <dd className="tabular">{event.at}</dd>
          <dt className="text-quiet">hash</dt>
          <dd className="font-mono text-xs leading-5 break-all">{event.hash ?? "not sealed yet"}</dd>
        </dl>
      </details>
    </li>
  );
}

/** Runs the check of the chain and tells what it found. */
function Verify() {
  const verify = useMutation({ mutationFn: () => get<ChainReport>("/api/v1/events/verify") });
  const report = verify.data;
  return (
    <div className="flex max-w-full flex-col items-end gap-2 max-sm:items-start">
      <Button disabled={verify.isPending} onClick={() => verify.mutate()}>
        <ShieldCheck aria-hidden /> {verify.isPending ? "Checking…" : "Verify the chain"}
      </Button>
      {verify.error && <Failed error={verify.error} retry={() => verify.mutate()} />}
      {report && (
        <Card
          role="status"
          className={cn("flex items-start gap-2 px-3 py-2 text-sm", report.ok ? "border-good text-good" : "border-bad text-bad")}
        >
          {report.ok ? (
            <ShieldCheck aria-hidden className="size-5 shrink-0" />
          ) : (
            <ShieldX aria-hidden className="size-5 shrink-0" />
          )}
          <span>
            {report.ok
              ? `All ${report.count.toLocaleString("en")} events are whole.`
              : visibleText(report.problem ?? "The chain is broken.")}
          </span>
        </Card>
      )}
    </div>
  );
}
