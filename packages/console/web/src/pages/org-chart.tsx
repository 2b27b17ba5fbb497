import type { AgentView, OrgSeat } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { orgQuery } from "../data/queries.ts";
import { Badge, StateBadge } from "../kit/badge.tsx";
import { Card } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { agentTitle, agentTones } from "./words.ts";

/** Who reports to whom, with how each one is; workers stand under whom they work for. Lists in lists: any reader can follow them. */
export function OrgChart({ agents }: { agents: AgentView[] }) {
  const org = useQuery(orgQuery);
  return (
    <Loaded query={org} rows={5}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="No roles yet">The orchestrator registers them from the fleet file when it starts.</Empty>
        ) : (
          <Card className="overflow-x-auto px-5 py-4">
            <Seats seats={items} under={null} agents={agents} />
          </Card>
        )
      }
    </Loaded>
  );
}

function Seats({ seats, under, agents }: { seats: OrgSeat[]; under: string | null; agents: AgentView[] }) {
  const here = seats.filter((seat) => seat.reportsTo === under);
  const workers = agents.filter((agent) => agent.kind === "worker" && agent.parentAgent === under);
  if (here.length + workers.length === 0) return null;
  return (
    <ul className={under === null ? "space-y-4" : "mt-2 ml-3 space-y-2 border-l border-line pl-4 sm:ml-5 sm:pl-6"}>
      {here.map((seat) => (
        <li key={seat.role}>
          <Seat seat={seat} agent={agents.find(({ name }) => name === seat.role)} />
          <Seats seats={seats} under={seat.role} agents={agents} />
        </li>
      ))}
      {under !== null &&
        workers.map((worker) => (
          <li key={worker.name} className="text-sm">
            <span className="wrap-anywhere">{worker.name}</span> <Badge>worker</Badge>{" "}
            {worker.doing && <Foreign text={worker.doing} className="text-quiet" />}
          </li>
        ))}
    </ul>
  );
}

function Seat({ seat, agent }: { seat: OrgSeat; agent: AgentView | undefined }) {
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Link
          to="/fleet/$name"
          params={{ name: seat.role }}
          className="font-semibold underline decoration-dotted underline-offset-4"
        >
          {agentTitle(seat.role)}
        </Link>
        <Foreign text={seat.title} className="text-quiet" />
        {seat.head && <Badge tone="accent">head</Badge>}
        {seat.council && <Badge>council</Badge>}
        {agent && <StateBadge tone={agentTones[agent.status]}>{agent.status}</StateBadge>}
      </p>
      {agent?.doing && <Foreign block text={agent.doing} className="text-sm text-quiet" />}
    </div>
  );
}
