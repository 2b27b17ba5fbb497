import type { CostRow, SuccessRow } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { costsQuery, successQuery } from "../data/queries.ts";
import { usd } from "./words.ts";

/** How often its runs succeeded, and what its model calls cost with those of its workers. */
export function AgentRecord({ name }: { name: string }) {
  const success = useQuery(successQuery);
  const costs = useQuery(costsQuery("agent", undefined));
  const runs = success.data?.items.find((row) => row.name === name);
  const cost = costs.data?.items.find((row) => row.name === name);
  if (!runs && !cost) return null;
  return (
    <p className="mt-2 text-sm text-quiet">
      {runs && successText(runs)}
      {runs && cost && " · "}
      {cost && (
        <Link to="/costs" className="tabular underline underline-offset-4">
          {costText(cost)}
        </Link>
      )}
    </p>
  );
}

export function successText({ succeeded, failed }: SuccessRow): string {
  const all = succeeded + failed;
  if (all === 0) return "no run has ended";
  return `${Math.floor((succeeded / all) * 100)} % of ${all.toLocaleString("en")} runs succeeded`;
}

export function costText({ costMicroUsd, unknownCalls }: CostRow): string {
  if (costMicroUsd === null) return unknownCalls > 0 ? "cost unknown" : usd("0");
  return unknownCalls > 0 ? `${usd(costMicroUsd)} + ${unknownCalls} unknown` : usd(costMicroUsd);
}
