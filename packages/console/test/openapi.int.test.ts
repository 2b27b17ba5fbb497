import { operatorApi } from "@aito/protocol";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentedAnswers, type OpenApiDocument } from "./documented-answers.ts";
import { openCompanyConsole } from "./open-company-console.ts";
import { openFixtureConsole, operatorKey } from "./open-fixture-console.ts";

const host = "127.0.0.1:7700";
let console_: Awaited<ReturnType<typeof openFixtureConsole>>;
let document: OpenApiDocument;
beforeAll(async () => {
  console_ = await openFixtureConsole({ people: true });
  document = (
    await console_.app.inject({ url: operatorApi.openApi, headers: { host, authorization: `Bearer ${operatorKey}` } })
  ).json();
});
afterAll(() => console_.close());

const described = (): string[] =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
  );

describe("the API's own document", () => {
  test("S16 is a valid OpenAPI 3.1 document", async () => {
    expect(document.openapi).toBe("3.1.0");
    expect(await new Validator().validate({ ...structuredClone(document) })).toMatchObject({ valid: true });
  });

  test("S16 tells every route of the code, and no other", () => {
    const routes = console_.routes
      .filter(({ url, method }) => url.startsWith("/api/") && method !== "HEAD")
      .map(({ method, url }) => `${method} ${url}`);
    expect(described().toSorted()).toEqual(routes.toSorted());
    for (const path of Object.values(operatorApi))
      expect(Object.keys(document.paths).some((told) => told.startsWith(path))).toBe(true);
  });

  test("S16 tells of every route who may use it, its errors, and whether a browser needs its CSRF token", () => {
    const names: string[] = [];
    for (const { url, method, needs } of console_.routes.filter(
      (route) => route.url.startsWith("/api/") && route.method !== "HEAD",
    )) {
      const told = document.paths[url.replaceAll(/:(\w+)/g, "{$1}")]![method.toLowerCase()]!;
      names.push(told.operationId);
      expect([url, told["x-scope"]]).toEqual([url, needs]);
      expect([url, told.security]).toEqual([url, [{ key: [] }, method === "GET" ? { session: [] } : { session: [], csrf: [] }]]);
      for (const status of ["400", "401", "403", "404", "500"]) expect(Object.keys(told.responses)).toContain(status);
    }
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(document.components.securitySchemes)).toEqual(["key", "session", "csrf"]);
  });

  test("S16 tells pages as pages: limit, before, next", () => {
    const list = document.paths["/api/v1/decisions"]!["get"] as unknown as {
      parameters: { name: string; schema: { maximum?: number } }[];
    };
    expect(list.parameters.map(({ name }) => name)).toEqual(["limit", "before", "status"]);
    expect(list.parameters[0]!.schema.maximum).toBe(200);
  });

  test("S16 is for operators: any role reads it, nobody else does", async () => {
    const read = async (headers: Record<string, string>): Promise<number> =>
      (await console_.app.inject({ url: operatorApi.openApi, headers: { host, ...headers } })).statusCode;
    const { cookie } = await console_.signIn("viewer");
    expect([await read({}), await read({ cookie })]).toEqual([401, 200]);
  });
});

test("S16 the check of answers finds a missing field, a wrong type, an untold status and an untold route", () => {
  const { check } = documentedAnswers(document);
  const answer = { method: "GET", url: "/api/v1/session", status: 200, contentType: "application/json" };
  const body = { operator: "@ada", csrfToken: null, role: "owner", scopes: ["read"], how: "key", account: "none" };
  check({ ...answer, body: JSON.stringify(body) });
  expect(() => check({ ...answer, body: JSON.stringify({ ...body, role: "king" }) })).toThrow(/not as documented/);
  expect(() => check({ ...answer, body: JSON.stringify({ ...body, account: undefined }) })).toThrow(/not as documented/);
  expect(() => check({ ...answer, status: 302, body: "{}" })).toThrow(/may answer 302/);
  expect(() => check({ ...answer, url: "/api/v1/secret", body: "{}" })).toThrow(/does not tell/);
  expect(() => check({ ...answer, contentType: "text/html", body: "<p>" })).toThrow(/JSON was promised/);
});

test("S16 every list and every record of a real company answers as documented", async () => {
  const company = await openCompanyConsole();
  try {
    await company.escalate("Sponsor the conference");
    await company.think("cmo", "A referral week");
    company.pass(1_000);
    const gets = described().filter((route) => route.startsWith("GET ") && !route.endsWith("/stream"));
    for (const route of gets.filter((name) => !name.includes(":"))) {
      const path = route.slice("GET ".length);
      const answer = await company.fetch(`${company.url}${path}`, { headers: company.key });
      // Only the gateway knows the tools and the roles' keys, and here is none: that is told, too.
      const ofGateway: string[] = [operatorApi.tools, operatorApi.signers];
      expect([path, answer.status]).toEqual([path, ofGateway.includes(path) ? 503 : 200]);
      const { items = [] } = answer.headers.get("content-type")!.includes("application/json")
        ? ((await answer.json()) as { items?: { id?: string }[] })
        : {};
      // One of each list by itself, where there is a route for it.
      const id = items[0]?.id;
      if (id && gets.includes(`${route}/:id`)) {
        expect([path, (await company.fetch(`${company.url}${path}/${id}`, { headers: company.key })).status]).toEqual([
          path,
          200,
        ]);
      }
    }
    for (const path of ["/api/v1/agents/ceo", "/api/v1/agents/ceo/why", "/api/v1/agents/nobody"]) {
      await company.fetch(`${company.url}${path}`, { headers: company.key });
    }
    expect(company.checkedAnswers()).toBeGreaterThan(25);
  } finally {
    await company.close();
  }
});
