import type { AgentView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { type OrgMember, orgMembers } from "../../../src/org-members.ts";
import { orgQuery } from "../data/queries.ts";
import { Badge, StateBadge } from "../kit/badge.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded, Loading } from "../kit/states.tsx";
import { useWide } from "../kit/use-wide.ts";
import { agentTitle, agentTones } from "./words.ts";

// Apart, because it brings the graph's library with it. Where it cannot be loaded, the list below says the same.
const OrgGraph = lazy(() => import("./org-graph.tsx").catch(() => ({ default: () => <></> })));

/** Who reports to whom, with how each one is; workers stand under whom they work for. Drawn where there is room, and as lists in lists. */
export function OrgChart({ agents }: { agents: AgentView[] }) {
  const org = useQuery(orgQuery);
  const wide = useWide();
  return (
    <Loaded query={org} rows={5}>
      {({ items }) => {
        if (items.length === 0)
          return <Empty title="No roles yet">The orchestrator registers them from the fleet file when it starts.</Empty>;
        const members = orgMembers(items, agents);
        const list = (
          <Card className="overflow-x-auto px-5 py-4">
            <Members members={members} under={null} />
          </Card>
        );
        if (!wide) return list;
        return (
          <div className="space-y-9">
            <Suspense fallback={<Loading rows={5} />}>
              <OrgGraph members={members} />
            </Suspense>
            <Section title="The same as a list">{list}</Section>
          </div>
        );
      }}
    </Loaded>
  );
}

function Members({ members, under }: { members: OrgMember[]; under: string | null }) {
  const here = members.filter((member) => member.under === under);
  if (here.length === 0) return null;
  return (
    <ul className={under === null ? "space-y-4" : "mt-2 ml-3 space-y-2 border-l border-line pl-4 sm:ml-5 sm:pl-6"}>
      {here.map((member) => (
        <li key={member.name}>
          <Member member={member} />
          <Members members={members} under={member.name} />
        </li>
      ))}
    </ul>
  );
}

function Member({ member: { name, seat, agent } }: { member: OrgMember }) {
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Link
          to="/fleet/$name"
          params={{ name }}
          className="font-semibold wrap-anywhere underline decoration-dotted underline-offset-4"
        >
          {agentTitle(name)}
        </Link>
        {seat ? <Foreign text={seat.title} className="text-quiet" /> : <Badge>worker</Badge>}
        {seat?.head && <Badge tone="accent">head</Badge>}
        {seat?.council && <Badge>council</Badge>}
        {agent && <StateBadge tone={agentTones[agent.status]}>{agent.status}</StateBadge>}
      </p>
      {agent?.doing && <Foreign block text={agent.doing} className="text-sm text-quiet" />}
    </div>
  );
}
