import { expect, test } from "vitest";
import { channels, channelsOf, keys } from "./redis-names.ts";

test("R01 R02 R03 R04 R05 R06 R07 R08 R10 names are the seed's", () => {
  expect([channels.broadcast, channels.head, channels.clevel, channels.agent("cmo")]).toEqual([
    "channel:broadcast",
    "channel:head",
    "channel:clevel",
    "channel:agent:cmo",
  ]);
  expect([keys.agentStatus("cmo"), keys.rateLimit("cmo"), keys.containerLock("cmo")]).toEqual([
    "agent:status:cmo",
    "ratelimit:claude:cmo",
    "lock:container:cmo",
  ]);
  expect([`${keys.tasksQueuePrefix}:cmo`, `${keys.urgentQueuePrefix}:${keys.urgentQueueName}`]).toEqual([
    "queue:tasks:cmo",
    "queue:urgent",
  ]);
});

test("an agent hears its own channel and all, and its group's only if it belongs to it", () => {
  expect(channelsOf({ name: "cmo", isHead: false, isCouncil: true })).toEqual([
    "channel:broadcast",
    "channel:agent:cmo",
    "channel:clevel",
  ]);
  expect(channelsOf({ name: "ceo", isHead: true, isCouncil: false })).toEqual([
    "channel:broadcast",
    "channel:agent:ceo",
    "channel:head",
  ]);
  expect(channelsOf({ name: "content-writer-1", isHead: false, isCouncil: false })).toEqual([
    "channel:broadcast",
    "channel:agent:content-writer-1",
  ]);
});
