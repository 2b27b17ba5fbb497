import type { BudgetView, CostCut, CostForecast, CostRow } from "@aito/protocol";

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

export const costForecast = (empty: boolean | undefined): CostForecast =>
  empty
    ? { today: "2026-11-21", soFarMicroUsd: "0", monthMicroUsd: null, meanOfDays: 0, daysLeft: 9 }
    : { today: "2026-11-21", soFarMicroUsd: "13790000", monthMicroUsd: "25760000", meanOfDays: 7, daysLeft: 9 };

export const budgets = (): BudgetView[] => [
  {
    scope: "company",
    target: "",
    period: "month",
    capMicroUsd: "200000000",
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
