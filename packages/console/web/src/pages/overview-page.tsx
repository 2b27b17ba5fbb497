import type { AgentView, DecisionView, FleetStatus, TaskView, ToolPinView } from "@aito/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { useWaitsFor } from "../data/operator-queries.ts";
import { decisionsQuery, escalationsQuery, statusQuery, tasksQuery } from "../data/queries.ts";
import { howMany, howManyText, useWaitingThings, type WaitingThings } from "../data/waiting.ts";
import { Badge, StateBadge } from "../kit/badge.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useKeptPlace } from "../kit/kept-place.ts";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { AccountBanner } from "../shell/account-banner.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { Approvals, equalCalls } from "./approvals.tsx";
import { AtAGlance } from "./at-a-glance.tsx";
import { NeedsYou, NothingWaits } from "./needs-you.tsx";
import { Plan } from "./plan.tsx";
import { QuarantinedTask } from "./quarantined-task.tsx";
import { StopSwitch } from "./stop-switch.tsx";
import { PinCard } from "./tool-pins.tsx";
import { agentTitle, agentTones, group, phaseWords, usd } from "./words.ts";

const finishedShown = 5;

/** What needs me, first; then what the company does now, what it decides, and what it finished. */
export function OverviewPage() {
  const status = useQuery(statusQuery);
  const things = useWaitingThings();
  const decisions = useInfiniteQuery(decisionsQuery);
  const done = useInfiniteQuery(tasksQuery({ status: "done" }));
  const known = new Map(decisions.data?.pages.flatMap((page) => page.items).map((decision) => [decision.id, decision]));
  return (
    <>
      <PageTitle title="Overview">{status.data && <Headline status={status.data} things={things} />}</PageTitle>
      <AccountBanner />
      <div className="space-y-9">
        <Waiting things={things} decisions={known} />
        {status.data && (
          <AtAGlance
            status={status.data}
            deciding={decisions.data?.pages[0]?.items.filter((item) => item.status === "pending").length}
          />
        )}
        <div className="grid gap-9 lg:grid-cols-2">
          <Section
            title="Right now"
            aside={
              <Link to="/fleet" className="hover:text-text">
                Whole fleet
              </Link>
            }
          >
            <Loaded query={status} rows={4}>
              {(data) => <RightNow status={data} />}
            </Loaded>
          </Section>
          <Section
            title="Being decided"
            aside={
              <Link to="/decisions" className="hover:text-text">
                All decisions
              </Link>
            }
          >
            <Loaded query={{ ...decisions, data: decisions.data?.pages[0]?.items }} rows={2}>
              {(items) => <BeingDecided open={items.filter((item) => item.status === "pending")} />}
            </Loaded>
          </Section>
        </div>
        <Plan />
        <Section
          title="Finished"
          aside={
            <Link to="/work" className="hover:text-text">
              All work
            </Link>
          }
        >
          <Loaded query={{ ...done, data: done.data?.pages[0]?.items }}>
            {(items) => <Finished tasks={items.slice(0, finishedShown)} />}
          </Loaded>
        </Section>
        {status.data && !status.data.switches.some(({ scope }) => scope === "company") && <StopSwitch scope="company" />}
      </div>
    </>
  );
}

function Waiting({ things, decisions }: { things: WaitingThings; decisions: Map<string, DecisionView> }) {
  const { escalations, approvals, pins, tasks } = things;
  const list = useRef<HTMLDivElement>(null);
  const whom = useWaitsFor();
  const cards = [...equalCalls(approvals).map(({ first }) => first.id), ...tasks.map(({ id }) => id), ...pins.map(keyOfPin)];
  // Decisions wait here, too, and are answered on pages of their own.
  const left = useKeptPlace(list, cards, { waiting: cards.length + escalations.length, whom });
  return (
    <Section
      title={`Needs ${whom}`}
      aside={
        <Link to="/inbox" className="hover:text-text">
          {whom === "you" ? "Answer one after another" : "All in one list"}
        </Link>
      }
    >
      <p ref={left} role="status" className="sr-only" />
      <Loaded query={useInfiniteQuery(escalationsQuery)} rows={1}>
        {() =>
          howMany(things) === 0 ? (
            <NothingWaits />
          ) : (
            <div ref={list} className="space-y-4">
              <Approvals waiting={approvals} />
              <NeedsYou waiting={escalations} decisions={decisions} />
              {tasks.map((task) => (
                <Answered key={task.id} card={task.id} name={`Quarantined task: ${task.title.slice(0, 200)}`}>
                  <QuarantinedTask task={task} />
                </Answered>
              ))}
              {pins.map((pin) => (
                <Answered key={keyOfPin(pin)} card={keyOfPin(pin)} name={`Tool: ${pin.tool}`}>
                  <PinCard pin={pin} />
                </Answered>
              ))}
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}

const keyOfPin = ({ tool, hash }: ToolPinView): string => tool + hash;

/** A card that goes when it is answered, and takes the focus when the one before it went. */
const Answered = ({ card, name, children }: { card: string; name: string; children: ReactNode }) => (
  <div role="group" data-card={card} tabIndex={-1} aria-label={visibleText(name)} className="rounded-xl outline-offset-4">
    {children}
  </div>
);

function Headline({ status, things }: { status: FleetStatus; things: WaitingThings }) {
  const waiting = howMany(things);
  const whom = useWaitsFor();
  const active = status.agents.filter((agent) => agent.status === "active").length;
  return (
    <>
      {waiting > 0 && (
        <>
          <Link to="/inbox" className="font-semibold text-text underline underline-offset-4">
            {howManyText(things)} {waiting === 1 ? "thing waits" : "things wait"} for {whom}
          </Link>{" "}
          ·{" "}
        </>
      )}
      <Link to="/fleet" className="underline decoration-dotted underline-offset-4">
        {active} of {status.agents.length} {status.agents.length === 1 ? "agent" : "agents"} active
      </Link>{" "}
      ·{" "}
      <Link to="/money" search={{}} className="tabular underline decoration-dotted underline-offset-4">
        ${group(status.budget.usdLeft)} of ${group(status.budget.usdTotal)} left this month
      </Link>
    </>
  );
}

function RightNow({ status }: { status: FleetStatus }) {
  const busy = status.agents.filter((agent) => agent.doing !== null);
  const troubled = status.agents.filter((agent) => agent.status === "error" || agent.status === "starting");
  return (
    <Rows>
      {busy.map((agent) => (
        <li key={agent.name} className="flex items-start gap-3 px-4 py-3">
          <span className="w-24 shrink-0 font-medium wrap-anywhere sm:w-32">{agentTitle(agent.name)}</span>
          <Figured text={agent.doing!} className="flex-1" />
        </li>
      ))}
      {troubled.map((agent) => (
        <Troubled key={agent.name} agent={agent} />
      ))}
      <li className="px-4 py-3 text-quiet">
        {busy.length === 0 && <span className="text-text">Nobody works right now. </span>}
        <NextWake status={status} />
      </li>
    </Rows>
  );
}

function Troubled({ agent }: { agent: AgentView }) {
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <span className="w-24 shrink-0 font-medium sm:w-32">{agentTitle(agent.name)}</span>
      <span className="min-w-0 flex-1">
        <StateBadge tone={agentTones[agent.status]}>{agent.status}</StateBadge>
        {agent.statusReason && <Figured block text={agent.statusReason} className="mt-1 text-sm text-quiet" />}
      </span>
    </li>
  );
}

/** The answer to "why is nothing happening". */
function NextWake({ status: { nextWake, agents } }: { status: FleetStatus }) {
  if (!nextWake)
    return (
      <>{agents.length === 0 ? "No agents yet: the fleet is being set up." : "No wake is scheduled: the fleet is stopped."}</>
    );
  return (
    <>
      Next: <span className="font-medium text-text">{agentTitle(nextWake.agent)}</span> wakes{" "}
      <When at={nextWake.at} className="text-text" />
      <Foreign text={` · ${nextWake.reason}`} />
    </>
  );
}

function BeingDecided({ open }: { open: DecisionView[] }) {
  if (open.length === 0)
    return <Empty title="No open decisions">Agents propose what goes beyond their own authority; it shows here at once.</Empty>;
  return (
    <Rows>
      {open.map((decision) => (
        <li key={decision.id}>
          <Link to="/decisions/$id" params={{ id: decision.id }} className="block px-4 py-3 hover:bg-raised">
            <span className="flex items-start justify-between gap-3">
              <Foreign text={decision.title} className="font-medium" />
              <span className="tabular shrink-0">{usd(decision.amountMicroUsd)}</span>
            </span>
            <span className="mt-0.5 block text-sm text-quiet">
              Round {decision.round}
              {decision.phase && `, ${phaseWords[decision.phase]}`}
              {decision.deadlineAt && (
                <>
                  {" · closes "}
                  <When at={decision.deadlineAt} />
                </>
              )}
            </span>
          </Link>
        </li>
      ))}
    </Rows>
  );
}

function Finished({ tasks }: { tasks: TaskView[] }) {
  if (tasks.length === 0)
    return <Empty title="Nothing finished yet">Texts and reports that agents and workers complete can be opened here.</Empty>;
  return (
    <Rows>
      {tasks.map((task) => (
        <li key={task.id} className="hover:bg-raised">
          <Link to="/work/$id" params={{ id: task.id }} className="flex items-start justify-between gap-4 px-4 py-3.5">
            <span className="min-w-0">
              <Foreign text={task.title} className="block font-medium" />
            </span>
            <span className="flex shrink-0 flex-col items-end gap-1 text-sm text-quiet">
              {task.completedAt && <When at={task.completedAt} />}
              {task.result?.text && <Badge tone="accent">text</Badge>}
            </span>
          </Link>
          {task.result && (
            <p className="-mt-2 px-4 pb-3">
              <Figured text={task.result.summary} task={task.id} className="line-clamp-2 text-sm text-quiet" />
            </p>
          )}
        </li>
      ))}
    </Rows>
  );
}
