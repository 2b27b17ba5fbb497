import type { BudgetView, CostCut, CostForecast, CostRow, InfraCosts, InfraCut, Saving } from "@aito/protocol";

const row = (name: string | null, chargedMicroUsd: string, more: Partial<CostRow> = {}): CostRow => ({
  name,
  calls: 12,
  failedCalls: 0,
  costMicroUsd: chargedMicroUsd,
  unknownCalls: 0,
  chargedMicroUsd,
  inputTokens: "120000",
  outputTokens: "9000",
  cacheReadTokens: "40000",
  cacheWriteTokens: "8000",
  ...more,
});

export function costs(by: CostCut): CostRow[] {
  if (by === "day") {
    return Array.from({ length: 14 }, (_, index) =>
      row(`2026-11-${String(8 + index).padStart(2, "0")}`, String(400_000 + 90_000 * index)),
    );
  }
  if (by === "task") return [row("01939f00-0000-7000-8000-000000000303", "812000"), row(null, "90000")];
  if (by !== "agent") return [row(`the ${by}`, "1500000")];
  return [
    row("cmo", "1500000", { costMicroUsd: "1234567", unknownCalls: 1, failedCalls: 1 }),
    row("cto", "900000"),
    row("</td><script>alert(1)</script>\u202Ecod", "1000", { costMicroUsd: null, unknownCalls: 3, calls: 3 }),
  ];
}

const nothing = { soFarMicroUsd: "0", monthMicroUsd: null };
export const costForecast = (empty: boolean | undefined): CostForecast =>
  empty
    ? {
        today: "2026-11-21",
        timeZone: "Europe/Berlin",
        ...nothing,
        meanOfDays: 0,
        daysLeft: 9,
        days: [],
        infra: null,
        together: nothing,
      }
    : {
        today: "2026-11-21",
        timeZone: "Europe/Berlin",
        soFarMicroUsd: "13790000",
        monthMicroUsd: "25760000",
        meanOfDays: 7,
        daysLeft: 9,
        days: Array.from({ length: 14 }, (_, index) => ({
          day: `2026-11-${String(8 + index).padStart(2, "0")}`,
          modelsMicroUsd: String(400_000 + 90_000 * index),
          containersMicroUsd: String(288_000 + index * 3_000),
        })),
        infra: { soFarMicroUsd: "6048000", monthMicroUsd: "8640000" },
        together: { soFarMicroUsd: "19838000", monthMicroUsd: "34400000" },
      };

export const infraCosts = (by: InfraCut): InfraCosts => ({
  pricePerHourMicroUsd: "12000",
  items:
    by === "day"
      ? Array.from({ length: 14 }, (_, index) => ({
          name: `2026-11-${String(8 + index).padStart(2, "0")}`,
          containers: 7,
          seconds: 604_800 - index * 900,
          microUsd: String(288_000 + index * 3_000),
        }))
      : [
          {
            name: by === "task" ? "01939f00-0000-7000-8000-000000000303" : "cmo",
            containers: 9,
            seconds: 93_600,
            microUsd: "312000",
          },
          { name: by === "task" ? null : "cto", containers: 1, seconds: 86_400, microUsd: "288000" },
        ],
  total: { containers: 10, seconds: 180_000, microUsd: "600000" },
});

export const savings = (): Saving[] => [
  {
    kind: "cheaper-model",
    subject: "cto",
    title: "Run cto on claude-haiku-5-5",
    text: "cto made 412 calls on claude-sonnet-5-5 in 7 days for $9.10; its answers have 180 tokens on the mean, and 96 of its 97 runs succeeded. The same tokens on claude-haiku-5-5, at what they cost here, come to $2.90.",
    monthMicroUsd: "26570000",
    idea: null,
  },
  {
    kind: "idle-loop",
    subject: "cfo",
    title: "Let cfo look less often",
    text: "151 of the 168 runs of cfo in 7 days found nothing new and cost $1.20. A loop four times as long would have found the same.",
    monthMicroUsd: "3857142",
    idea: { id: "01939f00-0000-7000-8000-000000000801", status: "kept", at: "2026-11-19T09:00:00.000Z" },
  },
];

export const budgets = (): BudgetView[] => [
  {
    scope: "company",
    target: "",
    period: "month",
    capMicroUsd: "40000000",
    spentMicroUsd: "13790000",
    reservedMicroUsd: "500000",
    startsAt: "2026-11-01T00:00:00.000Z",
    refusedAt: null,
  },
  {
    scope: "agent",
    target: "cmo",
    period: "day",
    capMicroUsd: "2000000",
    spentMicroUsd: "1900000",
    reservedMicroUsd: "100000",
    startsAt: "2026-11-21T00:00:00.000Z",
    refusedAt: "2026-11-21T08:40:00.000Z",
  },
];
