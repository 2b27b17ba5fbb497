import { visibleText } from "../../../src/visible-parts.ts";
import type { AgentView } from "@aito/protocol";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { post } from "../data/api.ts";
import { statusQuery } from "../data/queries.ts";
import { Badge, StateBadge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { AgentRecord } from "./agent-record.tsx";
import { AgentWhy } from "./agent-why.tsx";
import { OrgChart } from "./org-chart.tsx";
import { StopSwitch } from "./stop-switch.tsx";
import { agentTitle, agentTones } from "./words.ts";

const views = { cards: "Cards", chart: "Org chart" } as const;

/** Every agent and worker: how it is, what it does, when it wakes next. */
export function FleetPage() {
  const status = useQuery(statusQuery);
  const [view, setView] = useState<keyof typeof views>("cards");
  return (
    <>
      <PageTitle
        title="Fleet"
        aside={status.data && <FleetSwitch stopped={status.data.agents.every((agent) => agent.status === "inactive")} />}
      >
        {status.data &&
          (status.data.engine === "docker" ? "One container for each agent." : "Agents run inside one program (embedded).")}
      </PageTitle>
      <Choices label="View" choices={views} value={view} onChange={setView} />
      <Loaded query={status} rows={7}>
        {({ agents }) => {
          const workers = agents.filter((agent) => agent.kind === "worker");
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
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {agents.map((agent) => (
        <li key={agent.name}>
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
            {agent.kind === "worker" ? `for ${agentTitle(agent.parentAgent ?? "the company")}` : agent.department}
          </p>
        </div>
        <StateBadge tone={agentTones[agent.status]}>{agent.status}</StateBadge>
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
            Explain
          </Link>
        </div>
      </div>
      {agent.kind === "agent" && !stopped && <StopSwitch scope="agent" target={agent.name} />}
      <div className="mt-3 flex items-center justify-between gap-2 border-t border-line pt-2 text-[0.8125rem] text-quiet">
        <p>
          epoch <span className="tabular">{agent.epoch}</span> · <span className="tabular">{agent.restarts}</span>{" "}
          {agent.restarts === 1 ? "restart" : "restarts"}
          {agent.lastHeartbeat && (
            <>
              {" · heard "}
              <When at={agent.lastHeartbeat} />
            </>
          )}
        </p>
        {agent.kind === "agent" ? <Restart agent={agent} /> : <Badge className="my-1">worker</Badge>}
      </div>
    </Card>
  );
}

function Restart({ agent }: { agent: AgentView }) {
  const tell = useNotice();
  const restart = useMutation({
    mutationFn: () => post(`/api/v1/agents/${agent.name}/restart`),
    onSuccess: () => tell(`${agentTitle(agent.name)} is being restarted.`),
    onError: (error) => tell(error.message, true),
  });
  return (
    <Confirm
      trigger={
        <Button look="ghost" size="icon" className="size-8" aria-label={`Restart ${agentTitle(agent.name)}`} title="Restart">
          <RotateCw aria-hidden />
        </Button>
      }
      title={`Restart ${agentTitle(agent.name)}?`}
      action="Restart"
      onConfirm={() => restart.mutate()}
    >
      Its container is replaced by a new one with epoch {agent.epoch + 1}. What it works on is open again; nothing is lost.
    </Confirm>
  );
}

function FleetSwitch({ stopped }: { stopped: boolean }) {
  const tell = useNotice();
  const order = useMutation({
    mutationFn: () => post(stopped ? "/api/v1/fleet/start" : "/api/v1/fleet/stop"),
    onSuccess: () => tell(stopped ? "The fleet is being started." : "The fleet is being stopped."),
    onError: (error) => tell(error.message, true),
  });
  if (stopped) {
    return (
      <Button look="primary" onClick={() => order.mutate()}>
        Start the fleet
      </Button>
    );
  }
  return (
    <Confirm
      trigger={<Button>Stop the fleet</Button>}
      title="Stop the whole fleet?"
      action="Stop it"
      onConfirm={() => order.mutate()}
    >
      Every agent and worker is stopped. Records stay, decisions keep waiting, and you can start it again here.
    </Confirm>
  );
}
