import type { BudgetView, CostForecast, CostRow } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import { type CostSpan, firstDay, spanTold } from "../../../src/cost-spans.ts";
import { budgetsQuery, costsQuery, forecastQuery } from "../data/queries.ts";
import { StateBadge } from "../kit/badge.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { cn } from "../kit/cn.ts";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { Anomalies } from "./cost-anomalies.tsx";
import { Containers } from "./cost-containers.tsx";
import { CostCourse } from "./cost-course.tsx";
import { Savings } from "./cost-savings.tsx";
import { CutName } from "./cut-name.tsx";
import { usd, usdCents } from "./words.ts";

const cuts = {
  agent: "Agents",
  task: "Tasks",
  model: "Models and tools",
  client: "Clients",
  department: "Departments",
  key: "Keys",
} as const;
type Cut = keyof typeof cuts;
const spans = { today: "Today", week: "7 days", month: "30 days", all: "All time" } as const satisfies Record<CostSpan, string>;

/** What models and containers cost and who holds them back: the month, what is unusual, what could be saved, budgets, and each cut. */
export function CostsPage() {
  const forecast = useQuery(forecastQuery);
  const budgets = useQuery(budgetsQuery);
  return (
    <>
      <PageTitle title="Costs">
        What models, paid calls of outside tools and containers cost. A cost that nobody knows is shown as unknown and is in no
        sum.
      </PageTitle>
      <div className="space-y-9">
        <Loaded query={forecast} rows={1}>
          {(data) => <Month forecast={data} />}
        </Loaded>
        <Anomalies />
        <Savings />
        <CostCourse />
        <Section title="Budgets" aside="spent and set aside for calls under way">
          <Loaded query={budgets}>{({ items }) => <Budgets budgets={items} />}</Loaded>
        </Section>
        <Loaded query={forecast} rows={3}>
          {(data) => <Spent forecast={data} />}
        </Loaded>
      </div>
    </>
  );
}

/** Calls and containers of one time, which is chosen here for both. */
function Spent({ forecast }: { forecast: CostForecast }) {
  const [cut, setCut] = useState<Cut>("agent");
  const [span, setSpan] = useState<CostSpan>("month");
  const since = firstDay(span, forecast.today);
  const rows = useQuery(costsQuery(cut, since));
  const told = useId();
  return (
    <>
      <div role="group" aria-label="Time of calls and containers" aria-describedby={told} className="border-t border-line pt-6">
        <Choices label="Since" choices={spans} value={span} onChange={setSpan} />
        <p id={told} aria-live="polite" className="text-sm text-quiet">
          Calls and containers below. <Foreign text={spanTold(span, forecast)} />
        </p>
      </div>
      <Section title="Calls">
        <Choices label="Cut by" choices={cuts} value={cut} onChange={setCut} />
        <Loaded query={rows}>{({ items }) => <CostRows cut={cut} since={since} rows={items} />}</Loaded>
      </Section>
      <Containers since={since} />
    </>
  );
}

type Amounts = { soFarMicroUsd: string; monthMicroUsd: string | null };

/** Models, containers, and both together: so far, and what the month will likely come to. */
function Month({ forecast }: { forecast: CostForecast }) {
  const { infra, together, meanOfDays, daysLeft } = forecast;
  return (
    <Card className="px-5 py-4">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-3">
        {infra && <Amount name="Together" amounts={together} />}
        <Amount name="Models and tools" amounts={forecast} />
        {infra ? (
          <Amount name="Containers" amounts={infra} />
        ) : (
          <div className="sm:col-span-2">
            <p className="text-sm text-quiet">Containers</p>
            <p className="mt-1 max-w-md">
              Their time is counted below. Name what an hour of one costs you as <code>infra.containerHourUsd</code> in the fleet
              file, and its price shows here.
            </p>
          </div>
        )}
      </div>
      <p className="mt-4 border-t border-line pt-3 text-sm text-quiet">
        Days and months begin at midnight in <Foreign text={forecast.timeZone.replaceAll("_", " ")} />.{" "}
        {meanOfDays === 0
          ? "An estimate needs one whole day."
          : `Estimated as if the ${daysLeft} days that are left cost what the last ${meanOfDays} did.`}
      </p>
    </Card>
  );
}

const Amount = ({ name, amounts: { soFarMicroUsd, monthMicroUsd } }: { name: string; amounts: Amounts }) => (
  <div>
    <p className="text-sm text-quiet">{name} this month</p>
    <p className="tabular text-2xl font-semibold">{usdCents(soFarMicroUsd)}</p>
    <p className="tabular text-sm text-quiet">
      {monthMicroUsd === null ? "estimate not yet known" : `about ${usdCents(monthMicroUsd)} by its end`}
    </p>
  </div>
);

/** In percent, with a hair for the smallest amount; money is compared as whole numbers. */
function partOf(amount: string, whole: bigint): number {
  if (whole <= 0n || amount === "0") return 0;
  return Math.min(100, Math.max(0.5, Number((BigInt(amount) * 1_000n) / whole) / 10));
}

/** Says nothing to a screen reader: the amount stands beside it. */
const Bar = ({ part, className }: { part: number; className: string }) => (
  <span aria-hidden className="flex h-2 min-w-0 flex-1 overflow-hidden rounded-full bg-raised">
    <span className={cn("h-full rounded-full", className)} style={{ width: `${part}%` }} />
  </span>
);

const periods = { day: "a day", month: "a month", total: "in all" } as const;

function Budgets({ budgets }: { budgets: BudgetView[] }) {
  if (budgets.length === 0)
    return <Empty title="No budget holds">The fleet file's budgets show here with the first model call.</Empty>;
  return (
    <Rows>
      {budgets.map((budget) => {
        const used = String(BigInt(budget.spentMicroUsd) + BigInt(budget.reservedMicroUsd));
        const part = partOf(used, BigInt(budget.capMicroUsd));
        return (
          <li key={`${budget.scope} ${budget.target} ${budget.period}`} className="px-4 py-3">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <p className="min-w-0 font-medium">
                <span className="inline-block first-letter:uppercase">{budget.scope}</span> <Foreign text={budget.target} />
              </p>
              <p className="tabular text-sm">
                {usd(budget.spentMicroUsd)} of {usd(budget.capMicroUsd)} {periods[budget.period]}
              </p>
            </div>
            <div className="mt-2 flex">
              <Bar part={part} className={part >= 100 ? "bg-bad" : part >= 80 ? "bg-warn" : "bg-good"} />
            </div>
            <p className="mt-1.5 flex flex-wrap items-center gap-2 text-sm text-quiet">
              {usd(budget.reservedMicroUsd)} set aside
              {budget.refusedAt && (
                <>
                  <StateBadge tone="bad">refuses calls</StateBadge> since <When at={budget.refusedAt} />
                </>
              )}
            </p>
          </li>
        );
      })}
    </Rows>
  );
}

function CostRows({ cut, since, rows }: { cut: Cut; since: string | undefined; rows: CostRow[] }) {
  if (rows.length === 0 && since === undefined)
    return <Empty title="Nothing was called yet">Each call of a model or a paid tool shows here when it has ended.</Empty>;
  if (rows.length === 0) return <Empty title="Nothing in this time">Choose a longer one.</Empty>;
  return (
    <Rows>
      {rows.map((row) => (
        <li key={row.name ?? ""} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3">
          <p className="min-w-0 flex-1 basis-48 font-medium wrap-anywhere">
            <CutName cut={cut} name={row.name} />
          </p>
          <p className="text-sm text-quiet">
            {row.calls} {row.calls === 1 ? "call" : "calls"}
            {row.failedCalls > 0 && `, ${row.failedCalls} failed`} · {many(row.inputTokens)} in, {many(row.outputTokens)} out
          </p>
          <p className="tabular ml-auto text-right font-medium sm:min-w-28">
            <Calls cut={cut} name={row.name} since={since}>
              {row.costMicroUsd === null ? (row.unknownCalls > 0 ? "unknown" : usd("0")) : usd(row.costMicroUsd)}
              {row.costMicroUsd !== null && row.unknownCalls > 0 && (
                <span className="text-sm font-normal text-warn"> + {row.unknownCalls} unknown</span>
              )}
            </Calls>
          </p>
        </li>
      ))}
    </Rows>
  );
}

/** A sum leads to the calls that it is made of: of the same name and the same time. */
function Calls({
  cut,
  name,
  since,
  children,
}: {
  cut: Cut;
  name: string | null;
  since: string | undefined;
  children: ReactNode;
}) {
  if (name === null) return children;
  return (
    <Link
      to="/money"
      search={{ [cut]: name, ...(since === undefined ? {} : { since }) }}
      className="underline decoration-dotted underline-offset-4"
    >
      {children}
    </Link>
  );
}

const many = (count: string): string => BigInt(count).toLocaleString("en");
