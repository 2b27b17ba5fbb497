import type { AgentView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { costsQuery, successQuery } from "../data/queries.ts";
import { StateBadge } from "../kit/badge.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { HeldBadge } from "./agent-verbs.tsx";
import { costText, successText } from "./agent-record.tsx";
import { agentTitle, agentTones } from "./words.ts";

const head = ["Agent", "Status", "Doing", "Since", "Epoch", "Restarts", "Succeeded", "Cost"];
const numbers = new Set(["Epoch", "Restarts", "Cost"]);

/** The same as the cards, a line each: for comparing. */
export function FleetTable({ agents }: { agents: AgentView[] }) {
  const success = useQuery(successQuery);
  const costs = useQuery(costsQuery("agent", undefined));
  if (agents.length === 0)
    return <Empty title="No agents yet">The orchestrator registers them from the fleet file when it starts.</Empty>;
  return (
    <div role="region" aria-label="Fleet" tabIndex={0} className="overflow-x-auto rounded-xl border border-line bg-card">
      <table className="w-full min-w-[54rem] text-left text-sm">
        <thead className="text-quiet">
          <tr>
            {head.map((name) => (
              <th
                key={name}
                scope="col"
                className={
                  numbers.has(name)
                    ? "px-3 py-2.5 text-right font-medium whitespace-nowrap"
                    : "px-3 py-2.5 font-medium whitespace-nowrap"
                }
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {agents.map((agent) => {
            const runs = success.data?.items.find(({ name }) => name === agent.name);
            const cost = costs.data?.items.find(({ name }) => name === agent.name);
            return (
              <tr key={agent.name} className="align-top">
                <th scope="row" className="max-w-44 px-3 py-2.5 font-medium wrap-anywhere">
                  <Link
                    to="/fleet/$name"
                    params={{ name: agent.name }}
                    className="underline decoration-dotted underline-offset-4"
                  >
                    {agentTitle(agent.name)}
                  </Link>
                </th>
                <td className="px-3 py-2.5">
                  <span className="flex flex-wrap gap-1">
                    <StateBadge tone={agentTones[agent.status]}>{agent.status}</StateBadge>
                    <HeldBadge agent={agent} />
                  </span>
                </td>
                <td className="max-w-72 px-3 py-2.5 text-quiet">
                  <Foreign
                    text={agent.doing ?? agent.statusReason ?? (agent.status === "active" ? "asleep" : "")}
                    className="line-clamp-2"
                  />
                </td>
                <td className="px-3 py-2.5 whitespace-nowrap text-quiet">
                  {agent.startedAt ? <When at={agent.startedAt} /> : "-"}
                </td>
                <td className="tabular px-3 py-2.5 text-right">{agent.epoch}</td>
                <td className="tabular px-3 py-2.5 text-right">{agent.restarts}</td>
                <td className="px-3 py-2.5 whitespace-nowrap text-quiet">
                  {runs ? successText(runs).replace(" runs succeeded", "") : "-"}
                </td>
                <td className="tabular px-3 py-2.5 text-right">{cost ? costText(cost) : "-"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
