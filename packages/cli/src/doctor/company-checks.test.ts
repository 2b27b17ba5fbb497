import type { FleetStatus } from "@aito/protocol";
import { expect, test } from "vitest";
import { makeConsoleClient } from "../console/console-client.ts";
import { fakeConsole, operatorKey } from "../testing/fake-console.ts";
import { ceo, status } from "../testing/samples.ts";
import { checkAgents } from "./company-checks.ts";

const found = async (agents: FleetStatus["agents"]) => {
  const console_ = await fakeConsole({ "GET /api/v1/status": { ...status, agents } });
  try {
    return await checkAgents(makeConsoleClient({ url: console_.url, key: operatorKey }));
  } finally {
    await console_.close();
  }
};

test("an agent that an operator holds stopped is no failure, one that is not active by itself is", async () => {
  const idle = { ...ceo, name: "cmo", status: "inactive" as const };
  const held = { as: "stopped" as const, by: "operator", at: ceo.lastHeartbeat! };
  expect(await found([ceo, { ...idle, held }])).toMatchObject({
    ok: true,
    detail: expect.stringMatching(/^all 1 standing agents .*; held stopped by an operator: cmo/),
  });
  expect(await found([ceo, idle])).toMatchObject({ ok: false, detail: "cmo: inactive" });
});
