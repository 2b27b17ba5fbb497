import { expect, test } from "vitest";
import { plan } from "./plan.ts";
import { type Watch, watchOn } from "./silence.ts";
import { type PlanAgent, type PlanContainer, planSettings } from "./snapshot.ts";

const start = Date.parse("2026-11-20T12:00:00Z");
const names = ["ceo", "dao", "cmo"];
const containers = names.map((name): PlanContainer => ({
  id: name,
  agent: name,
  epoch: 1,
  state: "running",
  exitCode: null,
  oomKilled: false,
}));

/** Seconds of a company's life. `heard` says who beats in a second; `looks`, whether the orchestrator looks. What was done but waiting. */
function live(seconds: number, heard: (second: number) => string[], looks: (second: number) => boolean = () => true): string[] {
  const agents = names.map((name): PlanAgent => ({
    name,
    kind: "agent",
    desired: "running",
    status: "active",
    epoch: 1,
    containerId: name,
    failures: 0,
    retryAt: null,
    lastHeartbeat: new Date(start),
    startedAt: new Date(start - 600_000),
  }));
  const done: string[] = [];
  let watch: Watch | null = null;
  for (let second = 1; second <= seconds; second += 1) {
    const now = new Date(start + second * 1_000);
    const beats = heard(second);
    for (const agent of agents) if (beats.includes(agent.name)) agent.lastHeartbeat = now;
    if (!looks(second)) continue;
    watch = watchOn(watch, { agents, containers }, now, planSettings);
    for (const action of plan(agents, containers, now, planSettings, new Set(), watch))
      if (action.do !== "wait") done.push(`${second} ${action.do} ${action.agent}`);
    if (done.length > 0) break;
  }
  return done;
}
const inTurn = (second: number): string[] => [names[second % 20] ?? ""];

test("O06 F04 after an outage the first who is heard makes no hung ones of the others, who beat each 20 s", () => {
  for (const outage of [50, 100, 134])
    expect(live(600, (second) => (second <= outage ? [] : inTurn(second - outage)))).toEqual([]);
});

test("O06 the same where the orchestrator did not look meanwhile: its database was away, or its host slept", () => {
  for (const outage of [50, 134, 500]) {
    const away = (second: number): boolean => second > 5 && second <= outage;
    // It looks again only when the first was heard.
    const beats = (second: number): string[] => (second <= outage ? [] : inTurn(second - outage - 1));
    expect(live(outage + 600, beats, (second) => !away(second))).toEqual([]);
  }
});

test("O06 who stays silent after an outage is lost once the others have been heard for as long as a heartbeat may take", () => {
  const [lost] = live(600, (second) => (second <= 60 ? [] : ["ceo", "dao"]));
  expect(lost).toBe("106 lose cmo");
});

test("O06 without an outage a hung one is lost after 45 s, also by an orchestrator that has just begun to look", () => {
  const one = (): string[] => ["ceo", "dao"];
  expect(live(100, one)[0]).toBe("46 lose cmo");
  expect(live(100, one, (second) => second >= 70)[0]).toBe("70 lose cmo");
});

test("O06 all hang: one is made anew after 135 s of watching", () => {
  expect(live(600, () => [])).toEqual(["137 lose ceo"]);
  expect(
    live(
      600,
      () => [],
      (second) => second <= 30 || second >= 200,
    ),
  ).toEqual(["336 lose ceo"]);
});
