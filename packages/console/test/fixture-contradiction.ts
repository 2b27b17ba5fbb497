import type { CheckedClaim, ContradictionView } from "@aito/protocol";
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
