import { operatorApi } from "@aito/protocol";
import { expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";

const at = "2026-11-20T12:00:00.000Z";
const view = {
  id: "01900000-0000-7000-8000-000000000001",
  name: "my-laptop",
  status: "active",
  budgetMicroUsd: "1000000",
  usedMicroUsd: "0",
  models: null,
  createdBy: "operator",
  createdAt: at,
  expiresAt: at,
  revokedAt: null,
  lastUsedAt: null,
};

test("S05 `keys create --json` tells the key once, with the address to use it at", async () => {
  const made = { ...view, key: "aito_key_x", baseUrl: "http://127.0.0.1:7700/model" };
  const server = await fakeConsole({ [`POST ${operatorApi.keys}`]: made });
  const folder = folderFor(server.url);
  const ran = await aito(["keys", "create", "--name", "my-laptop", "--budget-usd", "1.00", "--json", "--folder", folder]);
  await server.close();
  expect(ran.code, ran.err).toBe(0);
  expect(JSON.parse(ran.out)).toMatchObject({ key: "aito_key_x", baseUrl: "http://127.0.0.1:7700/model" });
  expect(server.seen[0]!.body).toMatchObject({ name: "my-laptop", budgetUsd: 1 });
});

test.each([["../x"], [""], ["UPPER"], ["a\0b"], ["x".repeat(61)]])(
  "S05 the name %j asks nothing of the console",
  async (name) => {
    const server = await fakeConsole({});
    const ran = await aito(["keys", "revoke", name, "--folder", folderFor(server.url)]);
    await server.close();
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("not a key's name")]);
    expect(server.seen).toEqual([]);
  },
);
