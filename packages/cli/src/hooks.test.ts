import type { EventView, HookDelivery, HookView } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const delivery: HookDelivery = {
  id: "01939f00-0000-7000-8000-000000000701",
  hook: "shop",
  deliveryId: "msg_1",
  event: "order.paid",
  action: null,
  outcome: "task",
  why: null,
  taskId: "01939f00-0000-7000-8000-000000000702",
  receivedAt: "2026-11-21T10:00:00.000Z",
};
const hook: HookView = {
  name: "shop",
  path: "/hooks/shop",
  scheme: "standard",
  perMinute: 60,
  rules: [
    { event: "order.paid", where: { "order.country": "DE" }, task: { title: "Ship {order.id}", assignTo: "coo", priority: 5 } },
    { event: "*", wake: "cmo" },
  ],
  secrets: 0,
  lastDay: 1,
  last: delivery,
};

const refused: EventView = {
  id: "01939f00-0000-7000-8000-000000000703",
  seq: "7",
  at: "2026-11-21T10:00:00.000Z",
  type: "hook.refused",
  source: "system",
  target: null,
  hash: null,
  payload: { hook: "sh\u202Eop", why: "wrong signature", address: "192.0.2.1", unwritten: 3 },
};
const signer = {
  role: "cmo",
  email: "cmo@agents.aito.invalid",
  publicKey: "ssh-ed25519 AAAA",
  allowedSigner: 'cmo@agents.aito.invalid namespaces="git" ssh-ed25519 AAAA',
};

async function company(hooks: HookView[]) {
  const console_ = await fakeConsole({
    "GET /api/v1/hooks": { items: hooks },
    "GET /api/v1/signers": { items: [signer] },
    "GET /api/v1/events": { items: [refused], next: null },
    "GET /api/v1/hooks/deliveries": { items: [delivery], next: null },
  });
  open.push(console_);
  const folder = folderFor(console_.url);
  return { run: (...args: string[]) => aito([...args, "--folder", folder]) };
}

test("X23 hooks are shown with what they make, and one without a secret says that it takes nothing", async () => {
  const { run } = await company([hook]);
  const shown = (await run("hooks")).out;
  expect(shown).toContain("POST /hooks/shop");
  expect(shown).toContain("NO SECRET");
  expect(shown).toContain("order.paid order.country=DE -> a task for coo: Ship {order.id}");
  expect(shown).toContain("anything -> wakes cmo");
  expect(JSON.parse((await run("hooks", "list", "--json")).out)).toEqual([hook]);
  expect((await run("hooks", "deliveries", "--hook", "shop")).out).toMatch(/order\.paid\s+task 01939f00/);
  expect(JSON.parse((await run("hooks", "deliveries", "--json")).out)).toEqual([delivery]);
  const told = (await run("hooks", "refused")).out;
  expect(told).toMatch(/192\.0\.2\.1\s+wrong signature\s+and 3 before it/);
  expect(told).not.toContain("\u202E");
  expect(JSON.parse((await run("hooks", "refused", "--json")).out)).toEqual([refused]);
  expect((await (await company([])).run("hooks")).out).toContain("there is no hook");
});

test("G04 the keys of the roles are printed as git's file of allowed signers, and nothing else", async () => {
  const { run } = await company([]);
  expect((await run("signers")).out).toBe(`${signer.allowedSigner}\n`);
  expect(JSON.parse((await run("signers", "--json")).out)).toEqual({ items: [signer] });
});
