import { silentLogger, systemClock } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { AgentSession } from "@aito/company";
import { expect, test } from "vitest";
import { publishBeats } from "./publish-status.ts";

const session = (agent: string, epoch: number, containerId: string | null = "c"): AgentSession =>
  ({ agent, epoch, containerId }) as AgentSession;

test("Y15 the status of who beats often is told once in a while, at once for another incarnation or container, and again after a failure", async () => {
  let atMs = 0;
  let isAway = false;
  const told: string[] = [];
  const setStatuses: Bus["setStatuses"] = (statuses) => {
    if (isAway) return Promise.reject(new Error("away"));
    told.push([...statuses].map(([agent, { epoch, container_id: container }]) => `${agent} ${epoch} ${container}`).join());
    return Promise.resolve();
  };
  const clock = { ...systemClock, now: () => new Date(atMs) };
  const beat = publishBeats({ bus: { setStatuses } as Bus, clock, log: silentLogger });
  for (atMs = 0; atMs <= 40_000; atMs += 5_000) await beat([session("ceo", 1), session("dao", 1)]);
  expect(told).toEqual(["ceo 1 c,dao 1 c", "ceo 1 c,dao 1 c", "ceo 1 c,dao 1 c"]);
  await beat([session("ceo", 2, null), session("dao", 1)]);
  await beat([session("ceo", 2)]);
  expect(told.slice(3)).toEqual(["ceo 2 ", "ceo 2 c"]);
  isAway = true;
  atMs += 30_000;
  await beat([session("dao", 1)]);
  isAway = false;
  await beat([session("dao", 1)]);
  expect(told.slice(5)).toEqual(["dao 1 c"]);
});

test("Y15 nothing is kept of an agent that beats no more", async () => {
  let atMs = 0;
  const kept: Parameters<typeof publishBeats>[1] = new Map();
  const clock = { ...systemClock, now: () => new Date(atMs) };
  const beat = publishBeats({ bus: { setStatuses: () => Promise.resolve() } as unknown as Bus, clock, log: silentLogger }, kept);
  await beat([session("cmo", 1), session("worker", 1)]);
  for (atMs = 5_000; atMs <= 40_000; atMs += 5_000) await beat([session("cmo", 1)]);
  expect([...kept.keys()]).toEqual(["cmo"]);
});
