import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { type HistorySearch, localTime, timeOf } from "../../../src/history-cut.ts";
import { eventsQuery, statusQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Rows } from "../kit/card.tsx";
import { cn } from "../kit/cn.ts";
import { Field, Select } from "../kit/field.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { EventRow } from "./event-row.tsx";
import { VerifyChain } from "./verify-chain.tsx";
import { agentTitle } from "./words.ts";

const typesMax = 20;

/** The audit events as they are sealed, by type, by whom and by time, and a check of the whole chain. */
export function HistoryPage() {
  const cut = useSearch({ from: "/history" });
  const navigate = useNavigate({ from: "/history" });
  const show = (search: HistorySearch): void => void navigate({ search, replace: true });
  const { data: status } = useQuery(statusQuery);
  const everything = useInfiniteQuery(eventsQuery({}));
  const events = useInfiniteQuery({ ...eventsQuery(cut), placeholderData: keepPreviousData });
  const happened = everything.data?.pages.flatMap((page) => page.items) ?? [];
  const known = new Set(status?.agents.map(({ name }) => name));
  return (
    <>
      <PageTitle title="History" aside={<VerifyChain />}>
        Every change of state, chained so that a changed or missing one shows.
      </PageTitle>
      <WhoAndWhen cut={cut} names={[...known, ...happened.map(({ source }) => source)]} onChange={show} />
      <Types cut={cut} happened={happened.map(({ type }) => type)} onChange={show} />
      <Loaded query={{ ...events, data: events.data?.pages.flatMap((page) => page.items) }} rows={8}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={Object.keys(cut).length > 0 ? "No such events" : "No events yet"}>
              Each change of state leaves one, in the same transaction.
            </Empty>
          ) : (
            <Rows className={cn(events.isPlaceholderData && "opacity-60")}>
              {list.map((event) => (
                <EventRow key={event.id} event={event} known={known} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={events} />
    </>
  );
}

interface CutProps {
  cut: HistorySearch;
  onChange: (cut: HistorySearch) => void;
}

/** Who did it, and when: each narrows the list by itself. */
function WhoAndWhen({ cut, names, onChange }: CutProps & { names: string[] }) {
  // Those that are there or did something lately; who is chosen stays choosable.
  const choices = [...new Set([...names, ...(cut.by ? [cut.by] : [])])].toSorted();
  const change = (name: "by" | "since" | "until", value: string | undefined): void => {
    const { [name]: _before, ...rest } = cut;
    onChange(value ? { ...rest, [name]: value } : rest);
  };
  return (
    <div className="mb-4 flex flex-wrap items-end gap-3">
      <div className="w-48 max-sm:w-full">
        <Select
          label="By"
          value={cut.by ?? ""}
          onChange={(event) => change("by", event.target.value)}
          options={Object.fromEntries([["", "Everyone"], ...choices.map((name) => [name, agentTitle(name)])])}
        />
      </div>
      {(["since", "until"] as const).map((name) => (
        <div key={name} className="w-56 max-sm:w-full">
          <Instant label={name === "since" ? "From" : "Until"} value={cut[name]} onChange={(instant) => change(name, instant)} />
        </div>
      ))}
      {Object.keys(cut).length > 0 && (
        <Button look="ghost" onClick={() => onChange({})}>
          Show all
        </Button>
      )}
    </div>
  );
}

/** A time, taken when its field is left or Enter is pressed: until then it is half a time that the typist goes on with. */
function Instant({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value?: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const take = (): void => {
    if (draft !== null) onChange(timeOf(draft));
    setDraft(null);
  };
  return (
    <Field
      label={label}
      type="datetime-local"
      value={draft ?? localTime(value)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
      }}
    />
  );
}

/** The types to choose from are those that happened; what is chosen stays choosable. */
function Types({ cut, happened, onChange }: CutProps & { happened: string[] }) {
  const types = cut.types ?? [];
  const known = [...new Set([...happened, ...types])].toSorted();
  const toggle = (type: string): void => {
    const next = types.includes(type) ? types.filter((item) => item !== type) : [...types, type].slice(-typesMax);
    const { types: _before, ...rest } = cut;
    onChange(next.length > 0 ? { ...rest, types: next } : rest);
  };
  if (known.length === 0) return null;
  return (
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
    </div>
  );
}
