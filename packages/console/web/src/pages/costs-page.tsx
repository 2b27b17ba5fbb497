import { visibleText } from "../../../src/visible-parts.ts";
import type { BudgetView, CostForecast, CostRow } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { budgetsQuery, costsQuery, forecastQuery } from "../data/queries.ts";
import { StateBadge } from "../kit/badge.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { cn } from "../kit/cn.ts";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle, usd } from "./words.ts";

const cuts = {
  agent: "Agents",
  task: "Tasks",
  model: "Models",
  client: "Clients",
  department: "Departments",
  key: "Keys",
} as const;
type Cut = keyof typeof cuts;
const spans = { today: "Today", week: "7 days", month: "30 days", all: "All time" } as const;
type Span = keyof typeof spans;
const spanDays = { today: 0, week: 6, month: 29 } as const;
const daysShown = 30;
const dayMs = 86_400_000;

/** What model calls cost and who holds them back: the month, its days, budgets with what is set aside, and each cut. */
export function CostsPage() {
  const [cut, setCut] = useState<Cut>("agent");
  const [span, setSpan] = useState<Span>("month");
  const forecast = useQuery(forecastQuery);
  const budgets = useQuery(budgetsQuery);
  const days = useQuery(costsQuery("day", undefined));
  const rows = useQuery(costsQuery(cut, sinceOf(span, forecast.data?.today)));
  return (
    <>
      <PageTitle title="Costs">What model calls cost. A cost that nobody knows is shown as unknown and is in no sum.</PageTitle>
      <div className="space-y-9">
        <Loaded query={forecast} rows={1}>
          {(data) => <Month forecast={data} />}
        </Loaded>
        <Section title="Days" aside="what budgets were charged">
          <Loaded query={days}>{({ items }) => <Days rows={items} />}</Loaded>
        </Section>
        <Section title="Budgets" aside="spent and set aside for calls under way">
          <Loaded query={budgets}>{({ items }) => <Budgets budgets={items} />}</Loaded>
        </Section>
        <Section title="Who and what">
          <div className="flex flex-wrap gap-x-6">
            <Choices label="Cut by" choices={cuts} value={cut} onChange={setCut} />
            <Choices label="Since" choices={spans} value={span} onChange={setSpan} />
          </div>
          <Loaded query={rows}>{({ items }) => <CostRows cut={cut} rows={items} />}</Loaded>
        </Section>
      </div>
    </>
  );
}

/** The first instant of the span. Days are the company's; a span of several begins at their first midnight as UTC has it. */
function sinceOf(span: Span, today: string | undefined): string | undefined {
  if (span === "all" || today === undefined) return undefined;
  return new Date(Date.parse(`${today}T00:00:00Z`) - spanDays[span] * dayMs).toISOString();
}

function Month({ forecast: { soFarMicroUsd, monthMicroUsd, meanOfDays, daysLeft } }: { forecast: CostForecast }) {
  return (
    <Card className="grid gap-x-10 gap-y-4 px-5 py-4 sm:grid-cols-2">
      <div>
        <p className="text-sm text-quiet">This month so far</p>
        <p className="tabular text-2xl font-semibold">{usd(soFarMicroUsd)}</p>
      </div>
      <div>
        <p className="text-sm text-quiet">This month, estimated</p>
        <p className="tabular text-2xl font-semibold">{monthMicroUsd === null ? "not yet known" : usd(monthMicroUsd)}</p>
        <p className="text-sm text-quiet">
          {monthMicroUsd === null
            ? "An estimate needs one whole day."
            : `If the ${daysLeft} days that are left cost what the last ${meanOfDays} did.`}
        </p>
      </div>
    </Card>
  );
}

function Days({ rows }: { rows: CostRow[] }) {
  const days = rows
    .flatMap((row) => (row.name === null ? [] : [{ day: visibleText(row.name), row }]))
    .toSorted((a, b) => (a.day < b.day ? 1 : -1))
    .slice(0, daysShown);
  const most = days.reduce((max, { row }) => (BigInt(row.chargedMicroUsd) > max ? BigInt(row.chargedMicroUsd) : max), 0n);
  if (days.length === 0) return <Empty title="No model call yet">Each call shows here with its day when it has ended.</Empty>;
  return (
    <Rows>
      {days.map(({ day, row }) => (
        <li key={day} className="flex items-center gap-4 px-4 py-2">
          <span className="tabular w-24 shrink-0 text-sm">{day}</span>
          <Bar part={partOf(row.chargedMicroUsd, most)} className="bg-accent" />
          <span className="tabular w-24 shrink-0 text-right text-sm">{usd(row.chargedMicroUsd)}</span>
        </li>
      ))}
    </Rows>
  );
}

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

function CostRows({ cut, rows }: { cut: Cut; rows: CostRow[] }) {
  if (rows.length === 0) return <Empty title="Nothing in this time">Choose a longer one.</Empty>;
  return (
    <Rows>
      {rows.map((row) => (
        <li key={row.name ?? ""} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3">
          <p className="min-w-0 flex-1 basis-48 font-medium wrap-anywhere">
            <Name cut={cut} name={row.name} />
          </p>
          <p className="text-sm text-quiet">
            {row.calls} {row.calls === 1 ? "call" : "calls"}
            {row.failedCalls > 0 && `, ${row.failedCalls} failed`} · {many(row.inputTokens)} in, {many(row.outputTokens)} out
          </p>
          <p className="tabular font-medium">
            {row.costMicroUsd === null ? (row.unknownCalls > 0 ? "unknown" : usd("0")) : usd(row.costMicroUsd)}
            {row.costMicroUsd !== null && row.unknownCalls > 0 && (
              <span className="text-sm font-normal text-warn"> + {row.unknownCalls} unknown</span>
            )}
          </p>
        </li>
      ))}
    </Rows>
  );
}

const many = (count: string): string => BigInt(count).toLocaleString("en");

/** Leads to what the cost stands for, where there is a page of it. */
function Name({ cut, name }: { cut: Cut; name: string | null }) {
  if (name === null) return <span className="text-quiet">not booked on one</span>;
  if (cut === "task")
    return (
      <Link to="/work/$id" params={{ id: name }} className="font-mono text-sm underline underline-offset-4">
        {name}
      </Link>
    );
  return <Foreign text={cut === "agent" ? agentTitle(name) : name} />;
}
