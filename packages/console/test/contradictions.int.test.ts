import { listEvents } from "@aito/company";
import type { ContradictionReopened, ContradictionSettled, ContradictionView, FiguresView, SettlementView } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contradict } from "./contradict.ts";
import { openCompanyConsole } from "./open-company-console.ts";

let company: Awaited<ReturnType<typeof openCompanyConsole>>;
beforeAll(async () => {
  company = await openCompanyConsole();
  await contradict(company.deps, { cmo: "1204", cto: "1300" });
}, 240_000);
afterAll(() => company.close());

const settle = (id: string, body: unknown) => send(id, "settle", body);
const send = (id: string, act: "settle" | "reopen", body: unknown) =>
  company.fetch(`${company.url}/api/v1/contradictions/${id}/${act}`, {
    method: "POST",
    headers: { ...company.key, "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("S07 a contradiction is listed with its sides, told without scripts, settled once over the API, and audited with who and from where", async () => {
  const { items } = await company.ask<{ items: ContradictionView[] }>("/api/v1/contradictions");
  expect(items).toMatchObject([
    {
      sides: [
        { agent: "cmo", value: "1204", verified: false },
        { agent: "cto", value: "1300", verified: false },
      ],
    },
  ]);
  const { id, sides, task } = items[0]!;
  const link = await company.newLoginLink();
  const signedIn = await fetch(link, { method: "POST", redirect: "manual" });
  const cookie = signedIn.headers.getSetCookie()[0]!.split(";")[0]!;
  const plain = async () =>
    (await (await fetch(`${company.url}/plain/figures`, { headers: { cookie } })).text()).replaceAll(/\s+/g, " ");
  const told = await plain();
  expect(told).toContain("Contradict each other");
  expect(told).toContain(`<a href="/plain/work/${task}">Their task</a>`);
  expect(told).toContain(`aito contradictions settle ${id}`);

  const body = { holds: sides[0]!.id, sides: sides.map((side) => side.id), reason: "  The shop counts robots. " };
  for (const wrong of [
    { ...body, reason: " " },
    { ...body, sides: [sides[0]!.id] },
    { ...body, more: 1 },
    { ...body, holds: "x" },
  ])
    expect((await settle(id, wrong)).status).toBe(400);
  expect((await settle(task!, body)).status).toBe(404);
  const settled = (await (await settle(id, body)).json()) as ContradictionSettled;
  expect(settled).toMatchObject({
    holds: { agent: "cmo", value: "1204", verified: true },
    refuted: [{ agent: "cto", why: expect.stringContaining("The shop counts robots.") as string }],
    tasks: [task],
  });
  expect((await settle(id, body)).status).toBe(409);
  expect(await listEvents(company.deps, { types: ["claims.settled"], limit: 5 })).toMatchObject([
    { payload: { reason: "The shop counts robots.", origin: { operator: "operator", address: "127.0.0.1" } } },
  ]);
  expect((await company.ask<{ items: unknown[] }>("/api/v1/contradictions")).items).toEqual([]);
  const { verified } = await company.ask<FiguresView>("/api/v1/figures");
  expect(verified.filter(({ metric }) => metric === "visits")).toMatchObject([{ value: "1204" }]);
  expect(await plain()).not.toContain("Contradict each other");

  const { items: settlements } = await company.ask<{ items: SettlementView[] }>("/api/v1/contradictions/settled");
  expect(settlements).toMatchObject([
    { id, task, by: "operator", reason: "The shop counts robots.", holds: { value: "1204" }, refuted: [{ value: "1300" }] },
  ]);
  expect((await send(id, "reopen", { reason: " " })).status).toBe(400);
  const reopened = (await (await send(id, "reopen", { reason: "They were ours." })).json()) as ContradictionReopened;
  expect(reopened).toMatchObject({ figures: [{ agent: "cto", value: "1300" }], told: ["cto", "cmo"] });
  expect((await send(id, "reopen", { reason: "They were ours." })).status).toBe(409);
  expect(await listEvents(company.deps, { types: ["claims.reopened"], limit: 5 })).toMatchObject([
    { payload: { reason: "They were ours.", origin: { operator: "operator", address: "127.0.0.1" } } },
  ]);
  expect((await company.ask<{ items: unknown[] }>("/api/v1/contradictions")).items).toHaveLength(1);
  expect((await company.ask<{ items: unknown[] }>("/api/v1/contradictions/settled")).items).toEqual([]);
});
