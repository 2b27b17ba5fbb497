import type { BoardView, HookDelivery, HookView } from "@aito/protocol";
import type { Records } from "../src/records.ts";
import { change } from "./fixture-changes.ts";
import { channelsView, channelTested, noticeEntries } from "./fixture-channels.ts";
import type { FixtureOptions } from "./fixture-company.ts";
import { publications } from "./fixture-ideas.ts";
import { found, pageOfRows } from "./fixture-rows.ts";

const hookDelivery: HookDelivery = {
  id: "01939f00-0000-7000-8000-000000000701",
  hook: "shop",
  deliveryId: "msg_1",
  event: "order.paid",
  action: null,
  outcome: "nothing",
  why: null,
  taskId: null,
  receivedAt: "2026-11-21T08:40:00.000Z",
};
const hook: Omit<HookView, "secrets" | "last"> = {
  name: "shop",
  path: "/hooks/shop",
  scheme: "standard",
  perMinute: 60,
  rules: [{ event: "*", wake: "coo" }],
  lastDay: 1,
};
const board: BoardView = {
  repository: null,
  tasks: 0,
  mirrored: 0,
  waiting: 0,
  problems: [],
  syncedAt: null,
  pausedUntil: null,
  lastError: null,
};

/** What goes out, and what comes in. */
export const fixtureOutside = (
  options: FixtureOptions,
): Pick<
  Records,
  | "board"
  | "syncBoard"
  | "channels"
  | "testChannel"
  | "notices"
  | "hooks"
  | "hookDeliveries"
  | "receiveHook"
  | "refuseHook"
  | "publications"
  | "changes"
  | "change"
> => ({
  board: async () => board,
  syncBoard: async () => board,
  channels: async () => channelsView(),
  testChannel: async (channel) => channelTested(channel),
  notices: async (page) => (options.empty ? [] : pageOfRows(noticeEntries(), page)),
  hooks: async () => [{ ...hook, last: hookDelivery }],
  hookDeliveries: async () => [hookDelivery],
  receiveHook: async () => ({ did: "nothing", before: false, task: null }),
  refuseHook: async () => undefined,
  publications: async (page) => (options.empty ? [] : pageOfRows(publications(), page)),
  changes: async (page) => (options.empty ? [] : pageOfRows([change()], page)),
  change: async (of) => found(options.empty || of !== change().id ? undefined : change(), "CHANGE"),
});
