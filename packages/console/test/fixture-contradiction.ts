import type { CheckedClaim, ContradictionView, SettlementView } from "@aito/protocol";
import { id, start } from "./fixture-data.ts";

const at = new Date(start).toISOString();
const task = id(0x301);
const side = (n: number, agent: string, value: string): CheckedClaim => ({
  id: id(n),
  agent,
  task: null,
  metric: "visits",
  value,
  unit: "count",
  period: { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" },
  entity: "shop",
  receipts: [id(n + 0x10)],
  verified: false,
  why: `it contradicts another agent's, and neither has stated another value since; task ${task} is for both`,
  observedAt: at,
  at,
});

export const contradiction = (): ContradictionView => ({
  id: id(0xa01),
  task,
  since: at,
  sides: [side(0xa11, "cmo", "1204"), side(0xa12, "cto", "1300")],
});

const settled = (n: number, agent: string, value: string): CheckedClaim => ({ ...side(n, agent, value), metric: "refunds" });
export const settlement = (): SettlementView => ({
  id: id(0xa02),
  task: id(0x302),
  at,
  by: "@ada",
  reason: "The shop counts robots.",
  holds: { ...settled(0xa13, "cmo", "10"), verified: true, why: null },
  refuted: [{ ...settled(0xa14, "cto", "12"), why: "@ada has settled that 10 count holds: The shop counts robots." }],
});
