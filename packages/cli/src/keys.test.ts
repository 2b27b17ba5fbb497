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

test("S05 `keys list` shows what each key is, has used and may use, and `--json` the records", async () => {
  const used = { ...view, name: "ci", status: "expired", usedMicroUsd: "250000", models: ["claude-haiku-5-5"], lastUsedAt: at };
  const server = await fakeConsole({ [`GET ${operatorApi.keys}`]: { items: [used, view] } });
  const folder = folderFor(server.url);
  const [text, json] = [await aito(["keys", "--folder", folder]), await aito(["keys", "list", "--json", "--folder", folder])];
  await server.close();
  expect([text.code, json.code]).toEqual([0, 0]);
  expect(text.out).toMatch(/^ci +expired +\$0\.25 of \$1\.00 +2026-11-20 12:00 +2026-11-20 12:00 +claude-haiku-5-5$/m);
  expect(text.out).toMatch(/^my-laptop +active +\$0\.00 of \$1\.00 +2026-11-20 12:00 +never +any$/m);
  expect(JSON.parse(json.out)).toEqual([used, view]);
});

test("S05 `keys rotate` tells the new key and how long both work; `keys revoke` says that it is over", async () => {
  const made = { ...view, key: "aito_key_y", baseUrl: "http://127.0.0.1:7700/model" };
  const path = `POST ${operatorApi.keys}/my-laptop`;
  const server = await fakeConsole({
    [`${path}/rotate`]: made,
    [`${path}/revoke`]: { ...view, status: "revoked", revokedAt: at },
  });
  const folder = folderFor(server.url);
  const rotated = await aito(["keys", "rotate", "my-laptop", "--overlap-minutes", "10", "--folder", folder]);
  const asJson = await aito(["keys", "rotate", "my-laptop", "--hours", "2", "--json", "--folder", folder]);
  const revoked = await aito(["keys", "revoke", "my-laptop", "--folder", folder]);
  await server.close();
  expect([rotated.code, rotated.out]).toEqual([0, "aito_key_y\n"]);
  expect(rotated.err).toContain("the key before it works for 10 minutes more");
  expect(JSON.parse(asJson.out)).toMatchObject({ key: "aito_key_y", baseUrl: made.baseUrl });
  expect([revoked.code, revoked.out]).toEqual([0, "my-laptop is refused from now on\n"]);
  expect(server.seen.map(({ body }) => body)).toEqual([
    { overlapMinutes: 10, expiresInHours: 720 },
    { overlapMinutes: 60, expiresInHours: 2 },
    {},
  ]);
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
