import { visibleText } from "../../../src/visible-parts.ts";
import type { AgentView } from "@aito/protocol";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { statusQuery } from "../data/queries.ts";
import { Badge, StateBadge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useGradually } from "../kit/gradually.ts";
import { useNamedElement } from "../kit/named-element.ts";
import { useNotice } from "../kit/notices.tsx";
import { Empty, Loaded, Loading } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { AgentRecord } from "./agent-record.tsx";
import { AgentWhy } from "./agent-why.tsx";
import { AgentVerbs, HeldBadge } from "./agent-verbs.tsx";
import { FleetTable } from "./fleet-table.tsx";
import { OrgChart } from "./org-chart.tsx";
import { StopSwitch } from "./stop-switch.tsx";
import { agentTitle, agentTones } from "./words.ts";

const DeployRole = lazy(() => import("./deploy-role.tsx"));
/** More than a screen holds; a fleet of a hundred follows while these can be used. */
const firstCards = 18;
const views = { cards: "Cards", table: "Table", chart: "Org chart" } as const;

/** Every agent and worker: how it is, what it does, when it wakes next. */
export function FleetPage() {
  const status = useQuery(statusQuery);
  const [view, setView] = useState<keyof typeof views>("cards");
  const [deploying, setDeploying] = useState(false);
  const mayDeploy = useMay()("/api/v1/fleet/deploy");
  useNamedElement(status.data !== undefined);
  return (
    <>
      <PageTitle
        title="Fleet"
        aside={
          status.data && (
            <span className="flex flex-wrap gap-2">
              {mayDeploy && (
                <Button aria-expanded={deploying} onClick={() => setDeploying(!deploying)}>
                  Deploy a role
                </Button>
              )}
              <FleetSwitch stopped={status.data.agents.every((agent) => agent.status === "inactive")} />
            </span>
          )
        }
      >
        {status.data &&
          (status.data.engine === "docker" ? "One container for each agent." : "Agents run inside one program (embedded).")}
      </PageTitle>
      {deploying && (
        <Suspense fallback={<Loading rows={3} />}>
          <DeployRole onDone={() => setDeploying(false)} />
        </Suspense>
      )}
      <Choices label="View" choices={views} value={view} onChange={setView} />
      <Loaded query={status} rows={7}>
        {({ agents }) => {
          const workers = agents.filter((agent) => agent.kind === "worker");
          if (view === "table") return <FleetTable agents={agents} />;
          if (view === "chart") return <OrgChart agents={agents} />;
          return (
            <div className="space-y-9">
              <AgentList agents={agents.filter((agent) => agent.kind === "agent")} />
              <Section title="Workers">
                {workers.length > 0 ? (
                  <AgentList agents={workers} />
                ) : (
                  <Empty title="No workers at the moment">A worker is started for one task and gone after it.</Empty>
                )}
              </Section>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

function AgentList({ agents }: { agents: AgentView[] }) {
  if (agents.length === 0)
    return <Empty title="No agents yet">The orchestrator registers them from the fleet file when it starts.</Empty>;
  return <Cards agents={agents} />;
}

function Cards({ agents }: { agents: AgentView[] }) {
  const shown = useGradually(agents, firstCards);
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {shown.map((agent) => (
        <li key={agent.name} id={agent.name} tabIndex={-1} className="rounded-xl outline-offset-4">
          <AgentCard agent={agent} />
        </li>
      ))}
    </ul>
  );
}

function AgentCard({ agent }: { agent: AgentView }) {
  const { data: status } = useQuery(statusQuery);
  const stopped = status?.switches.some((on) => on.agents.includes(agent.name)) ?? false;
  return (
    <Card className="flex h-full flex-col px-4 pt-4 pb-2.5">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h3 className="truncate font-semibold" title={visibleText(agent.name)}>
            {agentTitle(agent.name)}
          </h3>
          <p className="text-sm text-quiet">
            {agent.kind === "worker"
              ? `for ${agentTitle(agent.parentAgent ?? "the company")}`
              : visibleText(agent.department ?? "")}
          </p>
        </div>
        <span className="flex flex-col items-end gap-1">
          <StateBadge tone={agentTones[agent.status]}>{agent.status}</StateBadge>
          <HeldBadge agent={agent} />
        </span>
      </div>
      <div className="mt-3 flex-1">
        {agent.doing ? (
          <Figured block text={agent.doing} />
        ) : agent.statusReason ? (
          <Figured block text={agent.statusReason} className="text-sm" />
        ) : (
          <p className="text-quiet">{agent.status === "active" ? "Asleep" : "Not running"}</p>
        )}
        {agent.nextWakeAt && (
          <p className="mt-1 text-sm text-quiet">
            Wakes <When at={agent.nextWakeAt} />
            {agent.nextWakeReason && <Foreign text={` · ${agent.nextWakeReason}`} />}
          </p>
        )}
        {agent.kind === "agent" && <AgentRecord name={agent.name} />}
        <div className="flex flex-wrap items-baseline gap-x-3">
          <AgentWhy name={agent.name} />
          <Link to="/fleet/$name" params={{ name: agent.name }} className="text-sm text-quiet underline underline-offset-4">
            Explain and log
          </Link>
        </div>
      </div>
      {agent.kind === "agent" && <AgentVerbs agent={agent} className="mt-3" />}
      {agent.kind === "agent" && !stopped && <StopSwitch scope="agent" target={agent.name} />}
      <p className="mt-3 flex flex-wrap items-center gap-x-3 border-t border-line pt-2 pb-1 text-[0.8125rem] text-quiet">
        <span>
          epoch <span className="tabular">{agent.epoch}</span>
        </span>
        <span>
          <span className="tabular">{agent.restarts}</span> {agent.restarts === 1 ? "restart" : "restarts"}
        </span>
        {agent.startedAt && (
          <span className="whitespace-nowrap">
            since <When at={agent.startedAt} />
          </span>
        )}
        {agent.lastHeartbeat && (
          <span className="whitespace-nowrap">
            heard <When at={agent.lastHeartbeat} />
          </span>
        )}
        {agent.kind === "worker" && <Badge className="ml-auto">worker</Badge>}
      </p>
    </Card>
  );
}

function FleetSwitch({ stopped }: { stopped: boolean }) {
  const tell = useNotice();
  const may = useMay();
  const order = useMutation({
    mutationFn: () => post(stopped ? "/api/v1/fleet/start" : "/api/v1/fleet/stop"),
    onSuccess: () => tell(stopped ? "The fleet is being started." : "The fleet is being stopped."),
    onError: (error) => tell(error.message, true),
  });
  if (stopped) {
    if (!may("/api/v1/fleet/start")) return <p className="self-center text-sm text-quiet">Stopped; an owner starts it.</p>;
    return (
      <Button look="primary" onClick={() => order.mutate()}>
        Start the fleet
      </Button>
    );
  }
  if (!may("/api/v1/fleet/stop")) return null;
  return (
    <Confirm
      trigger={<Button>Stop the fleet</Button>}
      title="Stop the whole fleet?"
      action="Stop it"
      look="danger"
      onConfirm={() => order.mutate()}
    >
      Every agent and worker is stopped. Records stay, decisions keep waiting, and{" "}
      {may("/api/v1/fleet/start") ? "you can start it again here" : "an owner can start it again"}.
    </Confirm>
  );
}
