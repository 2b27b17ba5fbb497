import { type ReactNode, useState } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { MonthDay, SpentDay } from "../../../src/spent-days.ts";
import { usd } from "./words.ts";

/** Only for drawing: what is read stands as whole micro-dollars. */
const dollars = (micro: bigint): number => Number(micro) / 1_000_000;
const axisMoney = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  notation: "compact",
  maximumSignificantDigits: 3,
});
const axisDay = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" });

/** Models and containers of each day, one on the other. */
export const DaysChart = ({ days, cap }: { days: SpentDay[]; cap: bigint | null }) => (
  <Frame
    points={days.map(({ day, models, containers }) => ({ day, models: dollars(models), containers: dollars(containers) }))}
    cap={cap}
    told={days.map(
      ({ day, models, containers }) => `${day}: ${money(models)}${containers > 0n ? `, containers ${money(containers)}` : ""}`,
    )}
  >
    <Bar dataKey="models" stackId="day" fill="var(--accent)" stroke="var(--card)" isAnimationActive={false} />
    <Bar dataKey="containers" stackId="day" fill="var(--strong-line)" stroke="var(--card)" isAnimationActive={false} />
  </Frame>
);

/** The month's sum as it grew, and the estimate to its end. */
export const MonthChart = ({ days, cap }: { days: MonthDay[]; cap: bigint | null }) => (
  <Frame
    points={days.map(({ day, spent, estimated }) => ({
      day,
      spent: spent === null ? null : dollars(spent),
      estimated: estimated === null ? null : dollars(estimated),
    }))}
    cap={cap}
    told={days.map(({ day, spent, estimated }) =>
      spent === null
        ? `${day}: ${estimated === null ? "not known" : `about ${money(estimated)}`}`
        : `${day}: ${money(spent)} so far`,
    )}
  >
    <Area
      dataKey="spent"
      stroke="var(--accent)"
      strokeWidth={2}
      fill="var(--accent-soft)"
      fillOpacity={1}
      isAnimationActive={false}
    />
    <Line
      dataKey="estimated"
      stroke="var(--accent)"
      strokeWidth={2}
      strokeDasharray="5 4"
      dot={false}
      isAnimationActive={false}
    />
  </Frame>
);

const money = (micro: bigint): string => usd(String(micro));

/** Axes, grid and cap; what is under the pointer is told in a line of its own, where it covers nothing. */
function Frame({
  points,
  cap,
  told,
  children,
}: {
  points: { day: string }[];
  cap: bigint | null;
  told: string[];
  children: ReactNode;
}) {
  const [at, setAt] = useState<number>();
  return (
    <div className="flex h-full flex-col">
      <div className="min-h-0 flex-1 text-xs">
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={points}
            accessibilityLayer={false}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            onMouseMove={({ activeTooltipIndex }) => setAt(activeTooltipIndex == null ? undefined : Number(activeTooltipIndex))}
            onMouseLeave={() => setAt(undefined)}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="day"
              tickFormatter={(day: string) => axisDay.format(new Date(`${day}T00:00:00Z`))}
              minTickGap={20}
              tickLine={false}
              stroke="var(--strong-line)"
              tick={{ fill: "var(--quiet)" }}
            />
            <YAxis
              width={52}
              tickFormatter={(value: number) => axisMoney.format(value)}
              tickLine={false}
              axisLine={false}
              tick={{ fill: "var(--quiet)" }}
            />
            <Tooltip
              content={() => null}
              cursor={{ fill: "var(--raised)", stroke: "var(--strong-line)" }}
              isAnimationActive={false}
            />
            {children}
            {cap !== null && <ReferenceLine y={dollars(cap)} ifOverflow="extendDomain" stroke="var(--bad)" strokeWidth={2} />}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <p className="tabular h-6 truncate text-sm text-quiet">{at === undefined ? "" : told[at]}</p>
    </div>
  );
}
