import type { EventView } from "@aito/protocol";
import { useState } from "react";
import { type Lead, leadOf } from "../../../src/event-leads.ts";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { When } from "../kit/time.tsx";
import { LeadLink } from "./lead-link.tsx";
import { agentTitle } from "./words.ts";

/** The parts of a payload that say what an event is about, the best first. */
const telling = ["title", "summary", "reason", "subject", "text", "kind", "status"];
/** Written by somebody, so that its numbers are claims: each leads to its receipt or is said to be unverified. */
const prose = new Set(["title", "summary", "reason", "text", "detail", "why", "comment", "description", "error"]);

/** One event; opened, everything that it says, each record in it a link to its page. `known`: agents that have a page. */
export function EventRow({ event, known }: { event: EventView; known: ReadonlySet<string> }) {
  const [open, setOpen] = useState(false);
  const gist = telling
    .map((name) => event.payload[name])
    .find((value): value is string => typeof value === "string" && value !== "");
  return (
    <li>
      <details className="group" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="grid cursor-pointer list-none grid-cols-[1fr_auto] items-baseline gap-x-4 px-4 py-2.5 hover:bg-raised sm:grid-cols-[4.5rem_13rem_1fr_auto]">
          <span className="tabular text-sm text-quiet max-sm:hidden">{event.seq ? `#${event.seq}` : "sealing"}</span>
          <Foreign text={event.type} className="truncate font-medium" />
          <span className="min-w-0 truncate text-quiet max-sm:col-start-1 max-sm:row-start-2 max-sm:text-sm">
            <Foreign text={`${agentTitle(event.source)}${event.target ? ` to ${agentTitle(event.target)}` : ""}`} />
            {gist && <Foreign text={` · ${gist}`} className="text-text" />}
          </span>
          <When at={event.at} className="text-sm text-quiet" />
        </summary>
        {open && <Whole event={event} known={known} />}
      </details>
    </li>
  );
}

function Whole({ event, known }: { event: EventView; known: ReadonlySet<string> }) {
  const { task } = event.payload;
  const rows: [string, unknown][] = [
    ["source", event.source],
    ...(event.target === null ? [] : [["target", event.target] satisfies [string, unknown]]),
    ...Object.entries(event.payload),
  ];
  return (
    <dl className="grid gap-x-5 gap-y-1 border-t border-line bg-page px-4 py-3 text-sm sm:grid-cols-[8rem_1fr]">
      {rows.map(([name, value], at) => (
        <div key={at} className="contents">
          <dt className="text-quiet">
            <Foreign text={name} />
          </dt>
          <dd className="min-w-0">
            <Value name={name} value={value} task={typeof task === "string" ? task : undefined} known={known} />
          </dd>
        </div>
      ))}
      <dt className="text-quiet">time</dt>
      <dd className="tabular">{event.at}</dd>
      <dt className="text-quiet">hash</dt>
      <dd className="font-mono text-xs leading-5 break-all">{event.hash ?? "not sealed yet"}</dd>
    </dl>
  );
}

function Value({
  name,
  value,
  task,
  known,
}: {
  name: string;
  value: unknown;
  task: string | undefined;
  known: ReadonlySet<string>;
}) {
  const leads = leadsOf(name, value, known);
  if (leads.length > 0)
    return (
      <ul>
        {leads.map((lead, at) => (
          <li key={at}>
            <LeadLink lead={lead} />
          </li>
        ))}
      </ul>
    );
  if (typeof value !== "string") return <Foreign block text={JSON.stringify(value)} />;
  return prose.has(name) ? <Figured block text={value} task={task} /> : <Foreign block text={value} />;
}

/** Of a list, only where each of it leads somewhere: what is shown is whole. */
function leadsOf(name: string, value: unknown, known: ReadonlySet<string>): Lead[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const leads = values.flatMap((each) => (typeof each === "string" ? (leadOf(name, each, known) ?? []) : []));
  return leads.length === values.length ? leads : [];
}
