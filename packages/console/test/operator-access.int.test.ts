import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFixtureConsole, operatorKey, origin } from "./open-fixture-console.ts";

const host = "127.0.0.1:7700";
const id = "01939f00-0000-7000-8000-000000000201";
/** Bring their own secret: a link's token in the path, or a password. */
const byLink = ["/a/:token", "/login/:token", "/e/:token", "/sign-in"];
/** Take a gateway key, or a signature, in a header and never a browser's session, so that no page can make a browser call them. */
const takesKey = ["/model/*", "/hooks/:name"];
const proposal = { by: "cmo", type: "minor", usd: 50, title: "A banner" };

let console_: Awaited<ReturnType<typeof openFixtureConsole>>;
beforeAll(async () => {
  console_ = await openFixtureConsole();
});
afterAll(() => console_.close());

const fill = (url: string): string => url.replace(":id", id).replace(":name", "ceo").replace(":token", "x");
const changing = () =>
  console_.routes.filter(
    (route) => !["GET", "HEAD", "OPTIONS"].includes(route.method) && !byLink.includes(route.url) && !takesKey.includes(route.url),
  );

describe("who may", () => {
  test("there are changing routes to walk, and the ones that need no operator are links and the sign-in", () => {
    expect(changing().length).toBeGreaterThanOrEqual(6);
    const open = console_.routes
      .filter((route) => route.method === "POST" && byLink.includes(route.url))
      .map((route) => route.url);
    expect(open.toSorted()).toEqual([...byLink].toSorted());
  });

  test("no credentials mean 401 on every operator route, on loopback too", async () => {
    const guarded = [
      ...changing(),
      ...console_.routes.filter((route) => route.url.startsWith("/api/") || takesKey.includes(route.url)),
    ];
    for (const { method, url } of guarded) {
      const answer = await console_.app.inject({
        method,
        url: fill(url),
        headers: { host, origin },
        remoteAddress: "127.0.0.1",
      });
      expect([method, url, answer.statusCode]).toEqual([method, url, 401]);
    }
    expect(console_.calls).toEqual([]);
  });

  test("a wrong key is refused on every changing route, even beside a good cookie", async () => {
    const { cookie, csrfToken } = await console_.signIn();
    for (const { method, url } of changing()) {
      const headers = {
        host,
        origin,
        cookie,
        "x-csrf-token": csrfToken,
        authorization: "Bearer aito_op_not-the-key-at-all-000000000",
      };
      const answer = await console_.app.inject({ method, url: fill(url), headers });
      expect([url, answer.statusCode]).toEqual([url, 401]);
    }
  });

  test("a browser's change without its CSRF token, or with another's, is 403 on every route", async () => {
    const { cookie } = await console_.signIn();
    const other = await console_.signIn();
    for (const { method, url } of changing()) {
      for (const token of [undefined, "", other.csrfToken]) {
        const headers = { host, origin, cookie, ...(token === undefined ? {} : { "x-csrf-token": token }) };
        const answer = await console_.app.inject({ method, url: fill(url), headers });
        expect([url, token, answer.statusCode]).toEqual([url, token, 403]);
      }
    }
  });

  test("a browser's change from a foreign origin is 403 on every route, links included", async () => {
    const { cookie, csrfToken } = await console_.signIn();
    const routes = [...changing(), ...console_.routes.filter((route) => route.method === "POST" && byLink.includes(route.url))];
    for (const { method, url } of routes) {
      for (const foreign of [
        { origin: "https://evil.example" },
        { origin: "http://127.0.0.1:7701" },
        { origin, "sec-fetch-site": "cross-site" },
      ]) {
        const answer = await console_.app.inject({
          method,
          url: fill(url),
          headers: { host, cookie, "x-csrf-token": csrfToken, ...foreign },
        });
        expect([url, foreign, answer.statusCode]).toEqual([url, foreign, 403]);
      }
    }
    expect(console_.calls).toEqual([]);
  });

  test("a host name that is not ours is refused, which ends DNS rebinding", async () => {
    for (const url of ["/", "/healthz", "/api/v1/status", "/e/x"]) {
      const answer = await console_.app.inject({
        url,
        headers: { host: "evil.example:7700", authorization: `Bearer ${operatorKey}` },
      });
      expect([url, answer.statusCode]).toEqual([url, 421]);
    }
  });

  test("the operator key and a signed-in browser may propose", async () => {
    const byKey = await console_.app.inject({
      method: "POST",
      url: "/api/v1/proposals",
      headers: { host, authorization: `Bearer ${operatorKey}` },
      payload: proposal,
    });
    expect(byKey.statusCode).toBe(201);
    const { cookie, csrfToken } = await console_.signIn();
    const byCookie = await console_.app.inject({
      method: "POST",
      url: "/api/v1/proposals",
      headers: { host, origin, cookie, "x-csrf-token": csrfToken },
      payload: proposal,
    });
    expect(byCookie.statusCode).toBe(201);
  });

  test("an unusable body is told field by field, and is not acted on", async () => {
    const before = console_.calls.length;
    const answer = await console_.app.inject({
      method: "POST",
      url: "/api/v1/proposals",
      headers: { host, authorization: `Bearer ${operatorKey}` },
      payload: { ...proposal, usd: -1, colour: "red" },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "AITO_CONSOLE_INPUT", message: expect.stringContaining("usd") } });
    expect(console_.calls).toHaveLength(before);
  });
});

describe("signing in", () => {
  test("the address without a link leads to the page that says how to get in", async () => {
    const { statusCode, headers } = await console_.app.inject({ url: "/login", headers: { host } });
    expect([statusCode, headers["location"]]).toEqual([302, "/"]);
    const first = await console_.app.inject({ url: "/", headers: { host, accept: "text/html" } });
    expect([first.statusCode, first.body.includes("aito login")]).toEqual([401, true]);
  });

  test("opening the link changes nothing; its button signs in once", async () => {
    const url = new URL(await console_.makeLoginLink("system")).pathname;
    for (let opened = 0; opened < 3; opened += 1)
      expect((await console_.app.inject({ url, headers: { host } })).statusCode).toBe(200);
    const first = await console_.app.inject({ method: "POST", url, headers: { host, origin: "null" } });
    expect([first.statusCode, first.headers.location]).toEqual([303, "/"]);
    expect(first.headers["set-cookie"]).toMatch(/^aito_session=\S{40,}; .*HttpOnly.*SameSite=Strict/);
    const spent = await console_.app.inject({ url, headers: { host } });
    expect([spent.statusCode, spent.body.includes("./scripts/aito login"), spent.body.includes("<form")]).toEqual([
      410,
      true,
      false,
    ]);
    expect((await console_.app.inject({ method: "POST", url, headers: { host, origin } })).statusCode).toBe(410);
  });

  test("over TLS the cookie is bound to the host and to TLS", async () => {
    const https = await openFixtureConsole({ publicUrl: "https://console.example" });
    const url = new URL(await https.makeLoginLink("system")).pathname;
    const answer = await https.app.inject({
      method: "POST",
      url,
      headers: { host: "console.example", origin: "https://console.example" },
    });
    expect(answer.headers["set-cookie"]).toMatch(/^__Host-aito=.*Secure/);
    expect(answer.headers["strict-transport-security"]).toContain("max-age=");
    await https.close();
  });

  test("signing out ends the session", async () => {
    const { cookie, csrfToken } = await console_.signIn();
    const out = await console_.app.inject({
      method: "POST",
      url: "/logout",
      headers: { host, origin, cookie, "x-csrf-token": csrfToken },
    });
    expect(out.statusCode).toBe(204);
    expect((await console_.app.inject({ url: "/api/v1/status", headers: { host, cookie } })).statusCode).toBe(401);
  });

  test("attempts are limited", async () => {
    const limited = await openFixtureConsole();
    const statuses = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      statuses.push(
        (await limited.app.inject({ method: "POST", url: `/login/guess-${attempt}`, headers: { host, origin } })).statusCode,
      );
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 410));
    expect(statuses.slice(10)).toEqual([429, 429]);
    await limited.close();
  });

  test("who is not signed in is told how to, and gets no data", async () => {
    const answer = await console_.app.inject({ url: "/", headers: { host, accept: "text/html" } });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain("./scripts/aito login");
  });
});

describe("reading", () => {
  const key = { host, authorization: `Bearer ${operatorKey}` };

  test("every answer forbids scripts from elsewhere, frames, referrers and caches", async () => {
    for (const url of ["/", "/login/x", "/e/x", "/api/v1/status", "/nothing"]) {
      const { headers } = await console_.app.inject({ url, headers: { host } });
      expect(headers["content-security-policy"]).toContain("script-src 'self';");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["cache-control"]).toBe("no-store");
    }
  });

  test("lists come in pages that meet without gap or overlap", async () => {
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const answer: { json(): unknown } = await console_.app.inject({
        url: `/api/v1/events?limit=33${next ? `&before=${next}` : ""}`,
        headers: key,
      });
      const body = answer.json() as { items: { id: string }[]; next: string | null };
      seen.push(...body.items.map((item) => item.id));
      next = body.next;
    } while (next);
    expect(seen).toHaveLength(160);
    expect(new Set(seen).size).toBe(160);
    expect((await console_.app.inject({ url: "/api/v1/events?limit=201", headers: key })).statusCode).toBe(400);
  });

  test("what does not exist is 404 with a code", async () => {
    const answer = await console_.app.inject({ url: "/api/v1/decisions/01939f00-0000-7000-8000-0000000000ff", headers: key });
    expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([404, "AITO_DECISION_UNKNOWN"]);
  });
});
