import type { AgentView, FleetStatus } from "@aito/protocol";
import { expect, test } from "vitest";
import { ceo, status } from "../testing/samples.ts";
import { awaited } from "./awaited.ts";

const [before, started, after] = ["2026-11-20T11:00:00.000Z", "2026-11-20T11:30:00.000Z", "2026-11-20T12:00:00.000Z"];
const agent = (name: string, change: Partial<AgentView> = {}): AgentView => ({ ...ceo, name, lastHeartbeat: after, ...change });
const fleet = (agents: AgentView[], change: Partial<FleetStatus> = {}) => ({ ...status, agents, ...change });
const names = (of: AgentView[]): string[] => of.map(({ name }) => name);
const alert = (subject: string, openedAt: string) => ({
  kind: "quarantine",
  subject,
  title: `${subject} is quarantined`,
  openedAt,
});
const looping = { status: "error", lastHeartbeat: before } as const;

test("who was heard before the start, or is no standing agent, is not taken for active", () => {
  const { wanted, missing, beside } = awaited(
    fleet([
      agent("ceo"),
      agent("cmo", { lastHeartbeat: before }),
      agent("cto", { status: "starting" }),
      agent("writer", { kind: "worker" }),
    ]),
    started,
  );
  expect([names(wanted), names(missing), beside]).toEqual([["ceo", "cmo", "cto"], ["cmo", "cto"], []]);
});

test("whom an operator holds stopped stays so, and the start waits for the others", () => {
  const held = { as: "stopped", by: "operator", at: before } as const;
  const { missing, wanted, beside } = awaited(fleet([agent("ceo"), agent("cmo", { status: "inactive", held })]), started);
  expect([names(wanted), missing]).toEqual([["ceo"], []]);
  expect(beside).toEqual(["held stopped by an operator: cmo (aito agents start NAME)"]);
  // Paused, it stands and takes no new work.
  expect(names(awaited(fleet([agent("cmo", { held: { ...held, as: "paused" } })]), started).wanted)).toEqual(["cmo"]);
});

test("who was quarantined before the start keeps nobody from work; who is now, or everybody, is a start that failed", () => {
  const one = fleet([agent("ceo"), agent("cmo", looping)], { alerts: [alert("cmo", before)] });
  expect(awaited(one, started)).toMatchObject({
    missing: [],
    beside: [expect.stringMatching(/^quarantined: cmo .*aito agents restart/)],
  });
  expect(names(awaited({ ...one, alerts: [alert("cmo", after)] }, started).missing)).toEqual(["cmo"]);
  const all = fleet([agent("ceo", looping), agent("cmo", looping)], { alerts: [alert("ceo", before), alert("cmo", before)] });
  expect(names(awaited(all, started).missing)).toEqual(["ceo", "cmo"]);
  // It was started anew meanwhile.
  expect(names(awaited({ ...one, agents: [agent("ceo"), agent("cmo", { status: "starting" })] }, started).missing)).toEqual([
    "cmo",
  ]);
});
