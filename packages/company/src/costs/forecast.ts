import type { CostForecast, CostRow, InfraCosts } from "@aito/protocol";

type Days = readonly { name: string | null; microUsd: string }[];
type Estimate = Omit<CostForecast, "infra" | "together" | "timeZone" | "days">;

/** How many whole days before today the estimate looks at. */
const lookBackDays = 7;
const dayMs = 86_400_000;

/**
 * The month's cost from its days (rows cut by `day`, named `2026-11-21`; `today` likewise): what is spent plus, for each day that is
 * left, the mean of the last whole days since the first call. Of calls with an unknown cost what the budgets were charged counts.
 */
export function forecast(rows: CostRow[], today: string): Estimate {
  return estimate(
    rows.map(({ name, chargedMicroUsd }) => ({ name, microUsd: chargedMicroUsd })),
    today,
  );
}

/** The same with the containers (rows cut by `day`), apart and together, and the days that it was made from. */
export function wholeForecast(rows: CostRow[], infra: InfraCosts, today: string): Omit<CostForecast, "timeZone"> {
  const models = forecast(rows, today);
  const days = daysOf(rows, infra);
  if (infra.pricePerHourMicroUsd === null) return { ...models, days, infra: null, together: amounts(models) };
  const containers = estimate(
    infra.items.map(({ name, microUsd }) => ({ name, microUsd: microUsd ?? "0" })),
    today,
  );
  // Who never called a model pays for containers alone.
  const month = rows.length === 0 ? "0" : models.monthMicroUsd;
  return {
    ...models,
    days,
    infra: amounts(containers),
    together: {
      soFarMicroUsd: String(BigInt(models.soFarMicroUsd) + BigInt(containers.soFarMicroUsd)),
      monthMicroUsd:
        month === null || containers.monthMicroUsd === null ? null : String(BigInt(month) + BigInt(containers.monthMicroUsd)),
    },
  };
}

/** Containers without a price cost nothing that is known. */
function daysOf(rows: readonly CostRow[], infra: InfraCosts): CostForecast["days"] {
  const models = new Map(rows.map((row) => [row.name ?? "", row.chargedMicroUsd]));
  const containers = new Map(
    (infra.pricePerHourMicroUsd === null ? [] : infra.items).map((row) => [row.name ?? "", row.microUsd ?? "0"]),
  );
  return [...new Set([...models.keys(), ...containers.keys()])]
    .toSorted()
    .map((day) => ({ day, modelsMicroUsd: models.get(day) ?? "0", containersMicroUsd: containers.get(day) ?? "0" }));
}

const amounts = ({ soFarMicroUsd, monthMicroUsd }: Estimate) => ({ soFarMicroUsd, monthMicroUsd });

function estimate(rows: Days, today: string): Estimate {
  const charged = new Map(rows.flatMap(({ name, microUsd }) => (name === null ? [] : [[name, BigInt(microUsd)] as const])));
  const first = [...charged.keys()].toSorted()[0] ?? today;
  const start = Date.parse(`${today}T00:00:00Z`);
  const looked = Array.from({ length: lookBackDays }, (_, index) =>
    new Date(start - (index + 1) * dayMs).toISOString().slice(0, 10),
  ).filter((day) => day >= first);
  const [year, month, day] = today.split("-").map(Number) as [number, number, number];
  const daysLeft = new Date(Date.UTC(year, month, 0)).getUTCDate() - day;
  const soFar = sum([...charged].filter(([name]) => name.startsWith(today.slice(0, 8)) && name <= today));
  const recent = sum([...charged].filter(([name]) => looked.includes(name)));
  return {
    today,
    soFarMicroUsd: String(soFar),
    monthMicroUsd: looked.length === 0 ? null : String(soFar + (recent * BigInt(daysLeft)) / BigInt(looked.length)),
    meanOfDays: looked.length,
    daysLeft,
  };
}

const sum = (days: (readonly [string, bigint])[]): bigint => days.reduce((total, [, amount]) => total + amount, 0n);
