import type { AitoError } from "@aito/base";
import { newLoginLink, useLoginLink } from "@aito/company";
import { generateSync } from "otplib";
import type {
  AccountDraft,
  ApiKeyView,
  CreatedApiKey,
  EventView,
  InvitedOperator,
  OperatorSession,
  OperatorView,
  Page,
  SavedAccount,
  SignInView,
} from "@aito/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCompanyConsole } from "./open-company-console.ts";

/** The real console over a real company; nothing here listens to anything but HTTP. */
let company: Awaited<ReturnType<typeof openCompanyConsole>>;
beforeAll(async () => {
  company = await openCompanyConsole();
});
afterAll(() => company?.close());

const password = "a good long pass phrase";

interface Browser {
  cookie: string;
  csrfToken: string;
}
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]!.split(";")[0]!;
const ask = async (browser: Pick<Browser, "cookie"> & Partial<Browser>, path: string, body?: unknown): Promise<Response> =>
  await company.fetch(`${company.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      cookie: browser.cookie,
      origin: company.url,
      "user-agent": "A test's browser",
      ...(body === undefined ? {} : { "content-type": "application/json", "x-csrf-token": browser.csrfToken ?? "" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const json = async <T>(response: Response): Promise<T> => {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
};
const browserWith = async (cookie: string): Promise<Browser> => ({
  cookie,
  csrfToken: (await json<OperatorSession>(await ask({ cookie }, "/api/v1/session"))).csrfToken!,
});
const browserOf = async (response: Response): Promise<Browser> => {
  expect(response.status).toBe(303);
  return await browserWith(cookieOf(response));
};
/** As the page's button does, but for the limit of its route, which has a test of its own. */
const byLink = async (url: string): Promise<Browser> => {
  const whence = { address: "127.0.0.1", userAgent: "A test's browser" };
  const { session } = await useLoginLink(company.deps, url.split("/").at(-1)!, whence);
  return await browserWith(`aito_session=${session}`);
};
const byPassword = (fields: { name: string; password: string; code: string }): Promise<Response> =>
  company.fetch(`${company.url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: company.url },
    body: new URLSearchParams(fields),
  });
/** The app on somebody's phone. */
const codeNow = (secret: string): string =>
  generateSync({ secret, epoch: Math.floor(company.deps.clock.now().getTime() / 1_000) });
/** So that the next code is another one. */
const nextStep = (): void => company.pass(30_000);

async function setUp(
  browser: Browser,
  name?: string,
  currentPassword?: string,
): Promise<{ secret: string; saved: SavedAccount }> {
  const draft = await json<AccountDraft>(await ask(browser, "/api/v1/account/draft", {}));
  const body = {
    draft: draft.draft,
    password,
    code: codeNow(draft.secret),
    ...(name ? { name } : {}),
    ...(currentPassword ? { currentPassword } : {}),
  };
  return { secret: draft.secret, saved: await json<SavedAccount>(await ask(browser, "/api/v1/account", body)) };
}
const events = async (type: string): Promise<EventView[]> =>
  (await company.ask<Page<EventView>>(`/api/v1/events?types=${type}`)).items;

let ada: { secret: string; codes: string[]; browser: Browser };

describe("the first owner", () => {
  test("S16 a link without any account is the machine owner's: it works at once, and an account is offered", async () => {
    const browser = await byLink(await company.newLoginLink());
    const session = await json<OperatorSession>(await ask(browser, "/api/v1/session"));
    expect(session).toMatchObject({ operator: "operator", role: "owner", account: "none", how: "link" });
    expect((await ask(browser, "/api/v1/proposals", { by: "cmo", type: "minor", usd: 5, title: "A pen" })).status).toBe(201);
    expect((await company.fetch(company.url)).headers.get("content-type")).toContain("html");
    expect(await (await company.fetch(company.url)).text()).not.toContain('action="/sign-in"');
  });

  test("S16 a password that is too short, a wrong code and another session's draft make no account", async () => {
    const browser = await byLink(await company.newLoginLink());
    const other = await byLink(await company.newLoginLink());
    const { draft, secret } = await json<AccountDraft>(await ask(browser, "/api/v1/account/draft", {}));
    const good = { draft, name: "ada", password, code: codeNow(secret) };
    const code = async (session: Browser, body: object): Promise<string> => {
      const answer = await ask(session, "/api/v1/account", body);
      expect([400, answer.ok]).toEqual([answer.status, false]);
      return ((await answer.json()) as { error: { code: string } }).error.code;
    };
    expect(await code(browser, { ...good, password: "short" })).toBe("AITO_CONSOLE_INPUT");
    expect(await code(browser, { ...good, name: "@ada" })).toBe("AITO_CONSOLE_INPUT");
    expect(await code(browser, { ...good, code: "000000" === good.code ? "000001" : "000000" })).toBe("AITO_ACCOUNT_CODE");
    expect(await code(other, good)).toBe("AITO_ACCOUNT_DRAFT");
    expect(await code(browser, { ...good, name: undefined })).toBe("AITO_ACCOUNT_NAME");
    expect(await company.ask("/api/v1/operators")).toEqual({ items: [] });
  });

  test("S16 the machine's owner makes the first account; the picture is drawn here, and the secret is nowhere in clear", async () => {
    const browser = await byLink(await company.newLoginLink());
    const draft = await json<AccountDraft>(await ask(browser, "/api/v1/account/draft", {}));
    expect(draft.uri).toMatch(/^otpauth:\/\/totp\/AITO/);
    expect(draft.qr.path).toMatch(/^(M\d+ \d+h1v1h-1z)+$/);
    const { secret, saved } = await setUp(browser, "ada");
    expect(saved.operator).toMatchObject({ name: "ada", role: "owner", status: "active", recoveryCodesLeft: 10 });
    expect(new Set(saved.recoveryCodes).size).toBe(10);
    ada = { secret, codes: saved.recoveryCodes, browser };
    const rows = await company.allRows(["operators", "operator_recovery_codes", "operator_sessions", "events"]);
    for (const hidden of [secret, password, ...saved.recoveryCodes, browser.cookie.split("=")[1]!])
      expect(rows).not.toContain(hidden);
    expect((await json<OperatorSession>(await ask(browser, "/api/v1/session"))).operator).toBe("@ada");
  });

  test("S16 from then on a link lets the first owner in, and the page asks for name, password and code", async () => {
    const session = await json<OperatorSession>(await ask(await byLink(await company.newLoginLink()), "/api/v1/session"));
    expect(session).toMatchObject({ operator: "@ada", account: "active", how: "link" });
    expect(await (await company.fetch(company.url)).text()).toContain('action="/sign-in"');
  });
});

describe("signing in", () => {
  test("S16 name, password and the app's code open a session; the same code never again", async () => {
    nextStep();
    const fields = { name: "Ada ", password, code: codeNow(ada.secret) };
    const both = await Promise.all([byPassword(fields), byPassword(fields)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 401]);
    expect((await byPassword(fields)).status).toBe(401);
    expect(await events("operator.login")).toContainEqual(
      expect.objectContaining({ source: "@ada", payload: expect.objectContaining({ how: "password", address: "127.0.0.1" }) }),
    );
  });

  test("S16 a recovery code signs in once, as people type it", async () => {
    const code = ada.codes[0]!.toUpperCase().replaceAll("-", " ");
    const statuses = (await Promise.all([1, 2, 3].map(() => byPassword({ name: "ada", password, code })))).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([303, 401, 401]);
    const { items } = await company.ask<{ items: OperatorView[] }>("/api/v1/operators");
    expect(items[0]).toMatchObject({ name: "ada", recoveryCodesLeft: 9 });
  });

  test("S16 nobody learns which part was wrong, nor who has an account", async () => {
    nextStep();
    const tries = [
      { name: "ada", password: "not the password", code: codeNow(ada.secret) },
      { name: "ada", password, code: "123" },
      { name: "nobody", password, code: codeNow(ada.secret) },
      { name: "ada' or 1=1", password: "\u0000", code: "" },
    ];
    const answers = [];
    for (const fields of tries) answers.push(await byPassword(fields));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    const refused = await events("operator.login_refused");
    expect(refused.map(({ payload }) => payload["operator"])).toEqual(expect.arrayContaining(["@ada", null]));
    expect(JSON.stringify(refused)).not.toContain("nobody");
  });

  test("S16 guesses are limited for a name from an address, whether it is there or not; the window passes", async () => {
    company.pass(16 * 60_000);
    for (const name of ["ada", "no-such-person"]) {
      const statuses = [];
      for (let guess = 0; guess < 7; guess += 1)
        statuses.push((await byPassword({ name, password: `guess ${guess}`, code: "000000" })).status);
      expect([name, statuses]).toEqual([name, [401, 401, 401, 401, 401, 429, 429]]);
    }
    expect((await byPassword({ name: "ada", password, code: codeNow(ada.secret) })).status).toBe(429);
    company.pass(16 * 60_000);
    expect((await byPassword({ name: "ada", password, code: codeNow(ada.secret) })).status).toBe(303);
  });
});

test("S16 guessed links are limited for an address; another one and a minute later are not, and a right one takes the count back", async () => {
  const { deps } = company;
  const use = (token: string, address: string): Promise<string> =>
    useLoginLink(deps, token, { address, userAgent: "" }).then(
      () => "in",
      (error: unknown) => (error as AitoError).code,
    );
  const guesses = async (times: number): Promise<string[]> => {
    const seen = [];
    for (let guess = 0; guess < times; guess += 1) seen.push(await use(`guess ${guess}`, "192.0.2.7"));
    return seen;
  };
  const wrong = (times: number): string[] => Array.from({ length: times }, () => "AITO_LOGIN_LINK");
  expect(await guesses(12)).toEqual([...wrong(10), "AITO_SIGN_IN_RATE", "AITO_SIGN_IN_RATE"]);
  const { token } = await newLoginLink(deps, { by: "operator" });
  expect([await use(token, "192.0.2.7"), await use("guess", "192.0.2.8")]).toEqual(["AITO_SIGN_IN_RATE", "AITO_LOGIN_LINK"]);
  company.pass(61_000);
  expect(await guesses(9)).toEqual(wrong(9));
  expect(await use(token, "192.0.2.7")).toBe("in");
  expect(await guesses(10)).toEqual(wrong(10));
});

describe("other operators", () => {
  test("S16 an invited viewer comes in by link, sets up, reads, and may change nothing; a new role holds in the open browser", async () => {
    const invited = await company.ask<InvitedOperator>("/api/v1/operators", { name: "vera", role: "viewer" });
    expect(invited).toMatchObject({ name: "vera", role: "viewer", status: "invited", createdBy: "operator" });
    await expect(company.ask("/api/v1/operators", { name: "vera", role: "owner" })).rejects.toThrow(/409.*AITO_OPERATOR_TAKEN/);
    const vera = await byLink(invited.url);
    expect((await company.fetch(invited.url, { method: "POST", redirect: "manual" })).status).toBe(410);
    await setUp(vera);
    const stop = { scope: "agent", target: "cmo", reason: "It overspends" };
    expect((await ask(vera, "/api/v1/decisions")).status).toBe(200);
    expect((await ask(vera, "/api/v1/switches", stop)).status).toBe(403);
    expect((await ask(vera, "/api/v1/operators")).status).toBe(403);
    await company.ask("/api/v1/operators/vera/role", { role: "approver" });
    const pressed = await json<{ id: string; pressedBy: string }>(await ask(vera, "/api/v1/switches", stop));
    expect(pressed.pressedBy).toBe("@vera");
    const resume = { reason: "Capped", confirm: "agent cmo" };
    expect((await ask(vera, `/api/v1/switches/${pressed.id}/resume`, resume)).status).toBe(403);
    expect((await ask(ada.browser, `/api/v1/switches/${pressed.id}/resume`, resume)).status).toBe(200);
  });

  test("S16 every event of a change says who asked for it and from where", async () => {
    const [pressed] = await events("switch.pressed");
    expect(pressed).toMatchObject({ source: "@vera", payload: { origin: { operator: "@vera", address: "127.0.0.1" } } });
    await json(await ask(ada.browser, "/api/v1/proposals", { by: "cmo", type: "minor", usd: 5, title: "Ada's pen" }));
    const [proposed] = await events("decision.opened");
    expect(proposed).toMatchObject({ payload: { origin: { operator: "@ada", address: "127.0.0.1" } } });
    const id = await company.escalate("Sponsor the archive");
    const { items } = await company.ask<Page<{ decisionId: string; url: string | null }>>("/api/v1/escalations");
    const link = items.find(({ decisionId }) => decisionId === id)!.url!;
    await company.fetch(link, {
      method: "POST",
      body: new URLSearchParams({ decision: "veto", comment: "" }),
      headers: { origin: "null" },
    });
    expect((await events("escalation.answered"))[0]).toMatchObject({
      payload: { origin: { operator: null, address: "127.0.0.1" } },
    });
  });

  test("S16 sessions tell who, from where and when; one's own can be ended, others' by an owner only", async () => {
    const vera = await byLink((await company.ask<{ url: string }>("/api/v1/login-links", { operator: "vera" })).url);
    const own = (await json<Page<SignInView>>(await ask(vera, "/api/v1/sessions?all=1"))).items;
    expect(new Set(own.map(({ operator }) => operator))).toEqual(new Set(["@vera"]));
    const current = own.find((row) => row.current)!;
    expect(current).toMatchObject({ how: "link", address: "127.0.0.1", status: "active" });
    const all = (await json<Page<SignInView>>(await ask(ada.browser, "/api/v1/sessions?all=1&limit=200"))).items;
    const adas = all.find((row) => row.current)!;
    expect((await ask(vera, `/api/v1/sessions/${adas.id}/revoke`, {})).status).toBe(404);
    const revoked = await json<SignInView>(await ask(ada.browser, `/api/v1/sessions/${current.id}/revoke`, {}));
    expect(revoked).toMatchObject({ status: "revoked", current: false });
    expect((await ask(vera, "/api/v1/session")).status).toBe(401);
    expect((await events("operator.session_revoked"))[0]).toMatchObject({ source: "@ada", payload: { of: "@vera" } });
  });

  test("S16 a disabled operator is out everywhere at once; a reset lets them in by a new link only", async () => {
    const { url } = await company.ask<{ url: string }>("/api/v1/login-links", { operator: "vera" });
    const vera = await byLink((await company.ask<{ url: string }>("/api/v1/login-links", { operator: "vera" })).url);
    const key = await json<CreatedApiKey>(await ask(vera, "/api/v1/api-keys", { name: "veras-script" }));
    const byKey = async (): Promise<number> =>
      (await company.fetch(`${company.url}/api/v1/status`, { headers: { authorization: `Bearer ${key.key}` } })).status;
    expect(await byKey()).toBe(200);
    expect(await company.ask("/api/v1/operators/vera/disable", {})).toMatchObject({ status: "disabled" });
    expect([await byKey(), (await ask(vera, "/api/v1/session")).status]).toEqual([401, 401]);
    expect((await company.fetch(url, { method: "POST", redirect: "manual" })).status).toBe(410);
    await expect(company.ask("/api/v1/login-links", { operator: "vera" })).rejects.toThrow(/409/);
    const reset = await company.ask<InvitedOperator>("/api/v1/operators/vera/reset", {});
    expect(reset).toMatchObject({ status: "invited", recoveryCodesLeft: 0 });
    expect(await byKey()).toBe(401);
    await byLink(reset.url);
  });
});

describe("API keys", () => {
  const with_ = (key: string, path: string, body?: unknown): Promise<Response> =>
    company.fetch(`${company.url}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test("S16 a key may what its scopes say, is told once, and ends by time or by hand", async () => {
    const made = await json<CreatedApiKey>(await ask(ada.browser, "/api/v1/api-keys", { name: "report", expiresInHours: 1 }));
    expect(made).toMatchObject({ operator: "@ada", scopes: ["read"], status: "active" });
    expect(await company.allRows(["operator_api_keys", "events"])).not.toContain(made.key);
    expect((await with_(made.key, "/api/v1/status")).status).toBe(200);
    expect((await with_(made.key, "/api/v1/proposals", { by: "cmo", type: "minor", usd: 5, title: "A pen" })).status).toBe(403);
    expect((await with_(made.key, "/api/v1/api-keys", { name: "child" })).status).toBe(403);
    expect((await with_(made.key, "/api/v1/account/draft", {})).status).toBe(403);
    expect((await with_(made.key, `/api/v1/api-keys/${made.id}/revoke`, {})).status).toBe(403);
    const other = await json<CreatedApiKey>(await ask(ada.browser, "/api/v1/api-keys", { name: "other" }));
    await json(await ask(ada.browser, `/api/v1/api-keys/${other.id}/revoke`, {}));
    expect((await with_(other.key, "/api/v1/status")).status).toBe(401);
    company.pass(61 * 60_000);
    expect((await with_(made.key, "/api/v1/status")).status).toBe(401);
    const { items } = await company.ask<Page<ApiKeyView>>("/api/v1/api-keys?all=1");
    expect(items.map(({ name, status }) => [name, status])).toEqual(
      expect.arrayContaining([
        ["other", "revoked"],
        ["report", "expired"],
      ]),
    );
  });

  test("S16 a key never may more than its maker, and loses what its operator's role loses", async () => {
    const ben = await byLink((await company.ask<InvitedOperator>("/api/v1/operators", { name: "ben", role: "approver" })).url);
    expect((await ask(ben, "/api/v1/api-keys", { name: "too-much", scopes: ["read", "manage"] })).status).toBe(403);
    expect((await ask(ben, "/api/v1/api-keys", { name: "adas", operator: "ada" })).status).toBe(403);
    const made = await json<CreatedApiKey>(await ask(ben, "/api/v1/api-keys", { name: "pager", scopes: ["read", "stop"] }));
    await company.ask("/api/v1/operators/ben/role", { role: "viewer" });
    const stop = await with_(made.key, "/api/v1/switches", { scope: "agent", target: "cmo", reason: "x" });
    expect([stop.status, (await with_(made.key, "/api/v1/status")).status]).toEqual([403, 200]);
  });
});

test("S16 changing a password needs the old one where it was how one came in, and ends the other sessions", async () => {
  company.pass(16 * 60_000);
  const fields = { name: "ada", password, code: codeNow(ada.secret) };
  const browser = await browserOf(await byPassword(fields));
  const draft = await json<AccountDraft>(await ask(browser, "/api/v1/account/draft", {}));
  const body = { draft: draft.draft, password: "another long pass phrase", code: codeNow(draft.secret) };
  expect((await ask(browser, "/api/v1/account", body)).status).toBe(403);
  expect((await ask(browser, "/api/v1/account", { ...body, currentPassword: "wrong" })).status).toBe(403);
  await json(await ask(browser, "/api/v1/account", { ...body, currentPassword: password }));
  expect((await ask(ada.browser, "/api/v1/session")).status).toBe(401);
  expect((await ask(browser, "/api/v1/session")).status).toBe(200);
  nextStep();
  expect((await byPassword({ ...fields, code: codeNow(ada.secret) })).status).toBe(401);
  const good = { name: "ada", password: "another long pass phrase", code: codeNow(draft.secret) };
  expect((await byPassword(good)).status).toBe(303);
});
