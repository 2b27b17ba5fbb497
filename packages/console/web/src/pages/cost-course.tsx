import type { CostForecast } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { lazy } from "react";
import { companyCap, monthCourse, type SpentDay, spentDays } from "../../../src/spent-days.ts";
import { budgetsQuery, forecastQuery } from "../data/queries.ts";
import { Section } from "../kit/card.tsx";
import { Drawn, type LegendEntry, NotDrawn } from "../kit/drawn.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import type * as Charts from "./cost-charts.tsx";
import { usd, usdCents } from "./words.ts";

// Apart, because they bring the charts' library with them; asked for with the page, because reading it takes as long as the data does.
const charts: Promise<Pick<typeof Charts, "DaysChart" | "MonthChart">> = import("./cost-charts.tsx").catch(() => ({
  DaysChart: NotDrawn,
  MonthChart: NotDrawn,
}));
const DaysChart = lazy(() => charts.then((it) => ({ default: it.DaysChart })));
const MonthChart = lazy(() => charts.then((it) => ({ default: it.MonthChart })));

/** A cap that lies further above what was spent would press it flat: it is told, not drawn. */
const capTimesMax = 3n;
const drawnCap = (cap: bigint | null, most: bigint): bigint | null => (cap !== null && cap <= most * capTimesMax ? cap : null);

const money = (micro: bigint): string => usd(String(micro));
const cents = (micro: bigint): string => usdCents(String(micro));

/** What each day cost, and how the month grows toward its budget. */
export function CostCourse() {
  const forecast = useQuery(forecastQuery);
  const budgets = useQuery(budgetsQuery).data?.items ?? [];
  return (
    <div className="grid gap-x-6 gap-y-9 xl:grid-cols-2">
      <Section title="Days" aside="what budgets were charged">
        <Loaded query={forecast}>
          {(data) => <Days days={spentDays(data)} priced={data.infra !== null} cap={companyCap(budgets, "day")} />}
        </Loaded>
      </Section>
      <Section title="This month" aside="models and tools, toward the company's budget">
        <Loaded query={forecast}>{(data) => <Month forecast={data} cap={companyCap(budgets, "month")} />}</Loaded>
      </Section>
    </div>
  );
}

function Days({ days, priced, cap }: { days: SpentDay[]; priced: boolean; cap: bigint | null }) {
  if (days.length === 0)
    return <Empty title="No model call in thirty days">Each call shows here with its day when it has ended.</Empty>;
  const whole = ({ models, containers }: SpentDay): bigint => models + containers;
  const sum = days.reduce((total, day) => total + whole(day), 0n);
  const most = days.reduce((max, day) => (whole(day) > whole(max) ? day : max));
  const drawn = drawnCap(cap, whole(most));
  const legend: LegendEntry[] = [
    { name: "Models and tools", look: "accent" },
    ...(priced ? [{ name: "Containers", look: "second" as const }] : []),
    ...(drawn === null ? [] : [{ name: `Budget of models a day, ${cents(drawn)}`, look: "cap" as const }]),
  ];
  return (
    <Drawn
      summary={`${cents(sum)} from ${days[0]!.day} to ${days.at(-1)!.day}; the most on ${most.day}: ${cents(whole(most))}.`}
      legend={legend}
      head={["Day", "Models and tools", ...(priced ? ["Containers"] : [])]}
      rows={days.toReversed().map(({ day, models, containers }) => [day, money(models), ...(priced ? [money(containers)] : [])])}
    >
      <DaysChart days={days} cap={drawn} />
    </Drawn>
  );
}

function Month({ forecast, cap }: { forecast: CostForecast; cap: bigint | null }) {
  const days = monthCourse(forecast);
  const spent = days.findLast((day) => day.spent !== null)?.spent ?? 0n;
  const end = days.at(-1)?.estimated ?? null;
  if (spent === 0n) return <Empty title="Nothing paid this month">The month's course shows here with its first paid call.</Empty>;
  const drawn = drawnCap(cap, end !== null && end > spent ? end : spent);
  const toward = cap === null ? "no budget holds for the company's month" : `the company's budget is ${cents(cap)}`;
  return (
    <Drawn
      summary={`${cents(spent)} so far${end === null ? "" : `, about ${cents(end)} by its end`}; ${toward}.`}
      legend={[
        { name: "Paid", look: "accent" },
        ...(end === null ? [] : [{ name: "Estimate", look: "estimate" as const }]),
        ...(drawn === null ? [] : [{ name: `Budget, ${cents(drawn)}`, look: "cap" as const }]),
      ]}
      head={["Day", "Paid so far", ...(end === null ? [] : ["Estimate"])]}
      rows={days
        .filter(({ spent: paid, estimated }) => paid !== null || estimated !== null)
        .map(({ day, spent: paid, estimated }) => [
          day,
          paid === null ? "" : money(paid),
          ...(end === null ? [] : [estimated === null ? "" : cents(estimated)]),
        ])}
    >
      <MonthChart days={days} cap={drawn} />
    </Drawn>
  );
}
