import { operatorApi } from "@aito/protocol";
import { expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";

const at = "2026-11-20T12:00:00.000Z";
const id = "01900000-0000-7000-8000-000000000001";
const ada = {
  id,
  name: "ada",
  role: "owner",
  status: "active",
  createdBy: "operator",
  createdAt: at,
  lastSeenAt: at,
  recoveryCodesLeft: 10,
};
const browser = {
  id,
  operator: "@ada",
  how: "password",
  address: "192.0.2.7",
  userAgent: "Firefox",
  createdAt: at,
  lastSeenAt: at,
  expiresAt: at,
  status: "active",
  current: false,
};
const key = {
  id,
  name: "report",
  operator: "@ada",
  scopes: ["read"],
  status: "active",
  createdBy: "@ada",
  createdAt: at,
  expiresAt: at,
  revokedAt: null,
  lastUsedAt: null,
};
const url = "http://127.0.0.1:7700/login/aito_login_x";
const answers = {
  [`GET ${operatorApi.operators}`]: {
    items: [ada, { ...ada, name: "ben", role: "approver", status: "invited", lastSeenAt: null }],
  },
  [`POST ${operatorApi.operators}`]: { ...ada, name: "ben", role: "approver", status: "invited", url },
  [`POST ${operatorApi.operators}/ada/role`]: { ...ada, role: "viewer" },
  [`POST ${operatorApi.operators}/ada/disable`]: { ...ada, status: "disabled" },
  [`POST ${operatorApi.operators}/ada/reset`]: { ...ada, status: "invited", url },
  [`POST ${operatorApi.loginLinks}`]: { url },
  [`GET ${operatorApi.sessions}`]: { items: [browser, { ...browser, status: "expired", userAgent: "Old" }], next: null },
  [`POST ${operatorApi.sessions}/${id}/revoke`]: { ...browser, status: "revoked" },
  [`GET ${operatorApi.apiKeys}`]: { items: [key], next: null },
  [`POST ${operatorApi.apiKeys}`]: { ...key, key: "aito_api_x" },
  [`POST ${operatorApi.apiKeys}/${id}/revoke`]: { ...key, status: "revoked", revokedAt: at },
};

async function run(...args: string[]) {
  const server = await fakeConsole(answers);
  const ran = await aito([...args, "--folder", folderFor(server.url)]);
  await server.close();
  return { ...ran, seen: server.seen };
}

test("S16 `operators` lists people with what they may do; `add` and `reset` print the link alone", async () => {
  expect((await run("operators")).out).toMatch(
    /^ada +owner +active +2026-11-20 12:00 +10 +operator$[^]*^ben +approver +invited +never/m,
  );
  expect(JSON.parse((await run("operators", "list", "--json")).out)).toHaveLength(2);
  const added = await run("operators", "add", "ben", "--role", "approver");
  expect([added.code, added.out, added.seen[0]!.body]).toEqual([0, `${url}\n`, { name: "ben", role: "approver" }]);
  expect((await run("operators", "reset", "ada")).out).toBe(`${url}\n`);
  expect(JSON.parse((await run("operators", "add", "ben", "--role", "approver", "--json")).out)).toMatchObject({
    name: "ben",
    url,
  });
  expect((await run("operators", "role", "ada", "--to", "viewer")).out).toBe("ada is viewer from now on\n");
  expect((await run("operators", "disable", "ada")).out).toMatch(/^ada is kept out/);
});

test("S16 `login --operator` asks for that one's link", async () => {
  expect((await run("login", "--operator", "ada")).seen[0]!.body).toEqual({ operator: "ada" });
  expect((await run("login")).seen[0]!.body).toEqual({});
});

test("S16 `sessions` shows who, from where and when; `revoke` ends one", async () => {
  const listed = await run("sessions");
  expect(listed.out).toMatch(/@ada +active +by password +192\.0\.2\.7 +2026-11-20 12:00 +2026-11-20 12:00 +Firefox/);
  expect(listed.out).not.toContain("Old");
  expect(JSON.parse((await run("sessions", "list", "--ended", "--json")).out)).toHaveLength(2);
  expect((await run("sessions", "revoke", id)).out).toBe("@ada is signed out there\n");
});

test("S16 `api-keys create` prints the key alone, and asks for what its options say", async () => {
  const made = await run(
    "api-keys",
    "create",
    "--name",
    "report",
    "--scope",
    "read",
    "stop",
    "--operator",
    "ada",
    "--hours",
    "2",
  );
  expect([made.code, made.out]).toEqual([0, "aito_api_x\n"]);
  expect(made.seen[0]!.body).toEqual({ name: "report", scopes: ["read", "stop"], expiresInHours: 2, operator: "ada" });
  expect((await run("api-keys")).out).toMatch(/report +@ada +active +read +2026-11-20 12:00 +never/);
  expect(JSON.parse((await run("api-keys", "list", "--json")).out)).toHaveLength(1);
  expect((await run("api-keys", "revoke", id)).out).toBe("report is refused from now on\n");
});

test.each([
  ["operators", "add", "../x", "--role", "viewer"],
  ["operators", "add", "ada", "--role", "king"],
  ["operators", "add", "ada"],
  ["operators", "disable", "@ada"],
  ["login", "--operator", "A"],
  ["sessions", "revoke", "x"],
  ["api-keys", "create", "--name", "UPPER"],
  ["api-keys", "create", "--name", "x", "--scope", "everything"],
])("S16 `%s %s %s …` is a wrong call and asks nothing", async (...args) => {
  const ran = await run(...args);
  expect([ran.code, ran.seen]).toEqual([2, []]);
});
