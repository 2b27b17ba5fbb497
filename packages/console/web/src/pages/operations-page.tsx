import type { EventView, FleetStatus, OperationsView } from "@aito/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { standingProblems } from "../../../src/standing-problems.ts";
import { eventsQuery, operationsQuery, statusQuery } from "../data/queries.ts";
import { Badge, StateBadge, type Tone } from "../kit/badge.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { HooksSection } from "./hooks-section.tsx";
import { ProblemLink } from "./problem-lines.tsx";
import { repairText, repairTypes } from "./repairs.ts";
import { agentTitle } from "./words.ts";

const stateTones: Record<OperationsView["workers"][number]["state"], Tone> = {
  running: "good",
  waiting: "neutral",
  retrying: "warn",
  stopped: "bad",
  ending: "neutral",
};

/** Whether everything runs that should: health, queues and workers within their limits, and what the platform repaired by itself. */
export function OperationsPage() {
  const status = useQuery(statusQuery);
  const operations = useQuery(operationsQuery);
  return (
    <>
      <PageTitle title="Operations">What runs for whom, what waits, and what was repaired without you.</PageTitle>
      <div className="space-y-9">
        <Section title="Health">
          <Loaded query={status} rows={2}>
            {(data) => <Health status={data} />}
          </Loaded>
        </Section>
        <Section title="Queues" aside="what waits for an agent that no run has taken yet">
          <Loaded query={operations} rows={2}>
            {(data) => <Queues operations={data} />}
          </Loaded>
        </Section>
        <Section title="Workers" aside={operations.data && <Places operations={operations.data} />}>
          <Loaded query={operations} rows={3}>
            {(data) => <Workers operations={data} />}
          </Loaded>
        </Section>
        <HooksSection />
        <Repairs />
      </div>
    </>
  );
}

function Health({ status }: { status: FleetStatus }) {
  const standing = status.agents.filter((agent) => agent.kind === "agent");
  const active = standing.filter((agent) => agent.status === "active").length;
  const problems = standingProblems(status);
  return (
    <div className="space-y-3">
      <Card className="grid gap-x-10 gap-y-4 px-5 py-4 sm:grid-cols-3">
        <Fact name="Agents active" text={`${active} of ${standing.length}`} />
        <Fact name="Leads">
          {status.lead ? agentTitle(status.lead.name) : "nobody yet"}
          {status.lead?.acting && <Badge tone="warn">acting</Badge>}
        </Fact>
        <Fact name="Runs on" text={status.engine === "docker" ? "containers" : "one program (embedded)"} />
      </Card>
      {problems.length > 0 && (
        <Rows>
          {problems.map((problem) => (
            <li key={problem.key} className="px-4 py-3">
              <ProblemLink problem={problem} />
              {problem.detail && <Foreign block text={problem.detail} className="text-sm text-quiet" />}
              {problem.since && (
                <p className="text-sm text-quiet">
                  since <When at={problem.since} />
                </p>
              )}
            </li>
          ))}
        </Rows>
      )}
    </div>
  );
}

const Fact = ({ name, text, children }: { name: string; text?: string; children?: ReactNode }) => (
  <div>
    <p className="text-sm text-quiet">{name}</p>
    <p className="tabular flex items-center gap-2 text-lg font-semibold">{text ?? children}</p>
  </div>
);

function Queues({ operations: { queues } }: { operations: OperationsView }) {
  if (queues.length === 0) return <Empty title="Nothing waits">Every agent has taken up what was for it.</Empty>;
  return (
    <Rows>
      {queues.map(({ agent, waiting, oldestSince }) => (
        <li key={agent} className="flex flex-wrap justify-between gap-x-4 px-4 py-2.5">
          <span className="font-medium wrap-anywhere">{agentTitle(agent)}</span>
          <span className="tabular text-quiet">
            {waiting} {waiting === 1 ? "item" : "items"}, the oldest from <When at={oldestSince} />
          </span>
        </li>
      ))}
    </Rows>
  );
}

const Places = ({ operations: { places } }: { operations: OperationsView }) => (
  <span className="tabular">
    {places.running} of at most {places.runningMax} run, {places.waiting} wait; {places.perParentMax} an agent,{" "}
    {places.companyMax} in all
  </span>
);

function Workers({ operations: { workers } }: { operations: OperationsView }) {
  if (workers.length === 0)
    return (
      <Empty title="No workers at the moment">One is started for each task that asks for it, as long as there is a place.</Empty>
    );
  return (
    <Rows>
      {workers.map((worker) => (
        <li key={worker.name} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-4 py-3">
          <span className="min-w-0 flex-1 basis-64">
            <span className="font-medium wrap-anywhere">{worker.name}</span>{" "}
            <span className="text-quiet">for {agentTitle(worker.parent)}</span>
            <Link to="/work/$id" params={{ id: worker.taskId }} className="block underline decoration-dotted underline-offset-4">
              <Foreign text={worker.title} className="line-clamp-2" />
            </Link>
            <Foreign block text={worker.why} className="text-sm text-quiet" />
          </span>
          <StateBadge tone={stateTones[worker.state]}>{worker.state}</StateBadge>
        </li>
      ))}
    </Rows>
  );
}

function Repairs() {
  const events = useInfiniteQuery(eventsQuery({ types: repairTypes }));
  return (
    <Section title="Repaired" aside="by the platform, from its own events">
      <Loaded query={{ ...events, data: events.data?.pages.flatMap((page) => page.items) }} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing had to be repaired">What is lost, hangs, or is started again shows here with its reason.</Empty>
          ) : (
            <Rows>
              {items.map((event) => (
                <Repair key={event.id} event={event} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={events} />
    </Section>
  );
}

function Repair({ event }: { event: EventView }) {
  const { what, why } = repairText(event);
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-64">
        <Foreign text={what} className="font-medium" />
        {why && <Foreign block text={why} className="text-sm text-quiet" />}
      </span>
      <When at={event.at} className="text-sm text-quiet" />
    </li>
  );
}
