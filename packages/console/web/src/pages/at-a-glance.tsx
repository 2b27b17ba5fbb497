import type { FleetStatus } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { standingProblems } from "../../../src/standing-problems.ts";
import { forecastQuery } from "../data/queries.ts";
import { Card } from "../kit/card.tsx";
import { cn } from "../kit/cn.ts";
import { ProblemLink } from "./problem-lines.tsx";
import { usdCents } from "./words.ts";

/** Health, money today and decisions under way, a figure each; every one leads to its page. */
export function AtAGlance({ status, deciding }: { status: FleetStatus; deciding: number | undefined }) {
  return (
    <Card aria-label="At a glance" className="grid divide-line max-sm:divide-y sm:grid-cols-3 sm:divide-x">
      <Health status={status} />
      <MoneyToday />
      <Figure to="/decisions" name="Being decided" value={deciding === undefined ? "…" : String(deciding)}>
        {deciding === 1 ? "decision is under way" : "decisions are under way"}
      </Figure>
    </Card>
  );
}

/** More are on the page about it. */
const namedMax = 3;

/** What is wrong, by name; each leads to where it is mended. */
function Health({ status }: { status: FleetStatus }) {
  const problems = standingProblems(status);
  const [count, more] = [problems.length, problems.length - namedMax];
  return (
    <div>
      <Figure
        to="/operations"
        name="Health"
        bad={count > 0}
        value={count === 0 ? "All well" : `${count} ${count === 1 ? "problem" : "problems"}`}
      >
        {count === 0 && `${status.agents.length} agents`}
      </Figure>
      {count > 0 && (
        <ul className="space-y-1 px-5 pb-3.5 text-sm">
          {problems.slice(0, namedMax).map((problem) => (
            <li key={problem.key}>
              <ProblemLink problem={problem} />
            </li>
          ))}
          {more > 0 && (
            <li>
              <Link to="/operations" className="inline-block py-0.5 text-quiet underline underline-offset-4">
                and {more} more
              </Link>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function MoneyToday() {
  const forecast = useQuery(forecastQuery).data;
  const today = forecast?.days.find(({ day }) => day === forecast.today)?.modelsMicroUsd ?? "0";
  const month = forecast?.together;
  return (
    <Figure to="/costs" name="Models today" value={forecast ? usdCents(today) : "…"}>
      {month && `${usdCents(month.soFarMicroUsd)} this month${forecast.infra ? ", containers included" : ""}`}
    </Figure>
  );
}

function Figure({
  to,
  name,
  value,
  bad = false,
  children,
}: {
  to: "/operations" | "/costs" | "/decisions";
  name: string;
  value: string;
  bad?: boolean;
  children: ReactNode;
}) {
  return (
    // The line between two figures is the outer one's: a round one's would be bent.
    <div>
      <Link to={to} className="block rounded-xl px-5 py-3.5 hover:bg-raised">
        <span className="block text-sm text-quiet">{name}</span>
        <span className={cn("tabular block text-xl font-semibold", bad && "text-bad")}>{value}</span>
        <span className="block text-sm text-quiet">{children}</span>
      </Link>
    </div>
  );
}
