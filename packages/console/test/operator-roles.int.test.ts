import type { OperatorRole, OperatorScope } from "@aito/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFixtureConsole, origin } from "./open-fixture-console.ts";

const host = "127.0.0.1:7700";
const id = "01939f00-0000-7000-8000-000000000201";
const roles: OperatorRole[] = ["owner", "approver", "viewer"];
/** Answers as long as its reader listens: an allowed one would never end here. */
const endless = "/api/v1/stream";

let console_: Awaited<ReturnType<typeof openFixtureConsole>>;
beforeAll(async () => {
  console_ = await openFixtureConsole({ people: true });
});
afterAll(() => console_.close());

type Method = "GET" | "POST";
const fill = (url: string): string => url.replace(":id", id).replace(":name", "ceo");
const guarded = () =>
  console_.routes
    .filter((route) => route.needs !== null && route.method !== "HEAD" && route.method !== "OPTIONS")
    .map((route) => ({ method: route.method as Method, url: route.url, needs: route.needs! }));
const code = async (method: Method, url: string, headers: Record<string, string>): Promise<[number, string | undefined]> => {
  const answer = await console_.app.inject({ method, url: fill(url), headers: { host, ...headers } });
  const body = answer.headers["content-type"]?.toString().includes("json") ? answer.json<{ error?: { code: string } }>() : {};
  return [answer.statusCode, body.error?.code];
};

/** What each role may, as a person reads it; the code's own table is `roleScopes`. */
const mayRole: Record<OperatorRole, OperatorScope[]> = {
  owner: ["read", "answer", "stop", "propose", "manage", "operators"],
  approver: ["read", "answer", "stop"],
  viewer: ["read"],
};

describe("roles", () => {
  test("S16 the routes behind the guard are all those of the API, and MCP", () => {
    const open = console_.routes.filter((route) => route.needs === null).map((route) => route.url);
    expect(open.filter((url) => url.startsWith("/api/") || url === "/mcp")).toEqual([]);
    expect(guarded().length).toBeGreaterThan(50);
  });

  test("S16 what an approver may change, and what a viewer may send, is exactly this", () => {
    const changes = (scopes: OperatorScope[]): string[] =>
      guarded()
        .filter((route) => route.method !== "GET" && route.url !== "/mcp" && scopes.includes(route.needs))
        .map((route) => route.url.replace("/api/v1/", ""))
        .toSorted();
    const own = ["account", "account/draft", "api-keys", "api-keys/:id/revoke", "chats/:id/end", "sessions/:id/revoke"];
    const questions = ["ask", "memory/search", "numbers"];
    expect(changes(["read"])).toEqual([...own, ...questions].toSorted());
    expect(changes(["answer", "stop"])).toEqual([
      "agents/:name/pause",
      "agents/:name/stop",
      "approvals/:id/answer",
      "approvals/:id/preview",
      "chats/codes",
      "contradictions/:id/reopen",
      "contradictions/:id/settle",
      "decisions/:id/override",
      "escalations/:id/answer",
      "fleet/stop",
      "switches",
    ]);
  });

  test.each(roles)("S16 a browser of an %s gets in where the role allows it, and 403 everywhere else", async (role) => {
    const { cookie, csrfToken } = await console_.signIn(role);
    for (const { method, url, needs } of guarded()) {
      const allowed = mayRole[role].includes(needs);
      if (allowed && url === endless) continue;
      const [status, error] = await code(method, url, { origin, cookie, "x-csrf-token": csrfToken });
      expect([url, error === "AITO_CONSOLE_ROLE"]).toEqual([url, !allowed]);
      expect([url, status === 401]).toEqual([url, false]);
      if (!allowed) expect([url, status]).toEqual([url, 403]);
    }
  });

  test.each(mayRole.owner)("S16 an API key with the scope %s alone opens its routes and no other", async (scope) => {
    const key = console_.keyOf("owner", [scope]);
    for (const { method, url, needs } of guarded()) {
      const allowed = needs === scope;
      if (allowed && (url === endless || url === "/mcp")) continue;
      const [status, error] = await code(method, url, { authorization: `Bearer ${key}` });
      expect([url, error === "AITO_CONSOLE_ROLE"]).toEqual([url, !allowed]);
      if (!allowed) expect([url, status]).toEqual([url, 403]);
    }
  });

  test("S16 a revoked session and an ended key are nobody on every route", async () => {
    const { cookie, csrfToken } = await console_.signIn("owner");
    const key = console_.keyOf("owner");
    await console_.app.inject({ method: "POST", url: "/logout", headers: { host, origin, cookie, "x-csrf-token": csrfToken } });
    console_.endKey(key);
    for (const { method, url } of guarded()) {
      const browser: Record<string, string> = { origin, cookie, "x-csrf-token": csrfToken };
      for (const headers of [browser, { authorization: `Bearer ${key}` }]) {
        expect([url, (await code(method, url, headers))[0]]).toEqual([url, 401]);
      }
    }
  });

  test("S16 a link to an answer's form is shown to who may answer, and to nobody else", async () => {
    const seen = async (role: OperatorRole): Promise<boolean> => {
      const { cookie } = await console_.signIn(role);
      const bodies = await Promise.all(
        guarded()
          .filter((route) => route.method === "GET" && ![endless, "/mcp"].includes(route.url))
          .map(({ url }) =>
            console_.app.inject({
              url: url.includes("escalations/:id") ? `/api/v1/escalations/${console_.escalationId}` : fill(url),
              headers: { host, cookie },
            }),
          ),
      );
      return bodies.some(({ body }) => body.includes(console_.token));
    };
    expect([await seen("owner"), await seen("approver"), await seen("viewer")]).toEqual([true, true, false]);
  });
});

describe("the page that signs in", () => {
  let visitors = 0;
  const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    console_.app.inject({
      method: "POST",
      url: "/sign-in",
      headers: {
        host,
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        origin: "null",
        ...headers,
      },
      payload: new URLSearchParams(fields).toString(),
      remoteAddress: `127.0.2.${(visitors += 1)}`,
    });

  test("S16 who is not signed in gets a form, and no script", async () => {
    const answer = await console_.app.inject({ url: "/settings", headers: { host, accept: "text/html" } });
    expect([answer.statusCode, answer.body]).toEqual([401, expect.stringContaining('action="/sign-in"')]);
    expect(answer.body).not.toContain("<script");
  });

  test("S16 the right fields set the cookie; wrong ones show the form again, whatever is wrong", async () => {
    const good = await post({ name: "ada", password: "right", code: "123456" });
    expect([good.statusCode, good.headers.location]).toEqual([303, "/"]);
    expect(good.headers["set-cookie"]).toMatch(/HttpOnly.*SameSite=Strict/);
    const wrong = [await post({ name: "ada", password: "wrong" }), await post({ name: "nobody", password: "x" }), await post({})];
    expect(wrong.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401]);
    expect(new Set(wrong.map(({ body }) => body)).size).toBe(1);
    expect(wrong[0]!.headers["set-cookie"]).toBeUndefined();
  });

  test("S16 a foreign page cannot sign anybody in as itself", async () => {
    const fields = { name: "ada", password: "right", code: "123456" };
    for (const [name, value] of [
      ["origin", "https://evil.example"],
      ["sec-fetch-site", "cross-site"],
      ["sec-fetch-site", ""],
    ] as const) {
      expect((await post(fields, { [name]: value })).statusCode).toBe(403);
    }
  });
});
