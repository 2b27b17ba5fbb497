import type { CheckedClaim, ContradictionView } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";
import { ids } from "./testing/samples.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const side = (id: string, agent: string, value: string): CheckedClaim => ({
  id,
  agent,
  task: null,
  metric: "vis\u202eits",
  value,
  unit: "count",
  period: { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" },
  entity: "shop",
  receipts: [ids.event],
  verified: false,
  why: "it contradicts another agent's",
  observedAt: "2026-03-02T09:00:00.000Z",
  at: "2026-03-02T09:00:00.000Z",
});
const id = ids.escalation;
const sides = [side(ids.decision, "cmo", "1204"), side(ids.task, "cto", "1300")];
const contradiction: ContradictionView = { id, task: ids.event, since: "2026-03-02T09:00:00.000Z", sides };
const settled = { holds: sides[0], refuted: [sides[1]], told: ["cmo", "cto"], tasks: [ids.event] };
const path = "/api/v1/contradictions";

async function company(
  items: ContradictionView[] = [contradiction],
  answer: unknown = settled,
  more: Record<string, unknown> = {},
) {
  const console_ = await fakeConsole({ [`GET ${path}`]: { items }, [`POST ${path}/${id}/settle`]: answer, ...more });
  open.push(console_);
  const folder = folderFor(console_.url);
  return { ...console_, run: (...args: string[]) => aito([...args, "--folder", folder]) };
}
const bodies = (seen: { method: string; body: unknown }[]) =>
  seen.filter(({ method }) => method === "POST").map(({ body }) => body);

test("S07 contradictions shows each side with its claim, its receipts and how to settle it, and what its words hide", async () => {
  const { run } = await company();
  const { out, code } = await run("contradictions");
  expect(code).toBe(0);
  for (const text of [id, ids.decision, "1204 count", "cmo", ids.task, "1300 count", "cto", `aito contradictions settle ${id}`])
    expect(out).toContain(text);
  expect(out).not.toContain("\u202e");
  expect(JSON.parse((await run("contradictions", "list", "--json")).out)).toEqual([contradiction]);
  expect((await (await company([])).run("contradictions")).out).toContain("no figures contradict each other");
});

test("S07 contradictions settle says exactly which holds, of the sides that were looked at, and asks for none itself", async () => {
  const { run, seen } = await company();
  const settle = ["contradictions", "settle", id, "--reason", "The shop counts robots."];
  // As the list prints it.
  const printed = /--sides ((?:[0-9a-f-]{36} ?)+)/
    .exec((await run("contradictions")).out)![1]!
    .trim()
    .split(" ");
  expect(printed).toEqual(sides.map((each) => each.id));
  const ran = await run(...settle, "--holds", ids.decision, "--sides", ...printed);
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toContain("1204 count of cmo holds, not 1300 count of cto");
  expect(ran.out).toContain("told: cmo, cto");
  expect(JSON.parse((await run(...settle, "--none", "--json", "--sides", ids.task, ids.event)).out)).toEqual(settled);
  const reason = "The shop counts robots.";
  expect(bodies(seen)).toEqual([
    { holds: ids.decision, sides: [ids.decision, ids.task], reason },
    { holds: null, sides: [ids.task, ids.event], reason },
  ]);
});

test("S07 contradictions settled tells who settled what and how it is taken back, and reopen does so with a reason", async () => {
  const settlement = {
    id,
    task: null,
    at: "2026-03-02T09:00:00.000Z",
    by: "@ada",
    reason: "The shop \u202e counts robots.",
    holds: sides[0],
    refuted: [sides[1]],
  };
  const { run, seen } = await company([], settled, {
    [`GET ${path}/settled`]: { items: [settlement] },
    [`POST ${path}/${id}/reopen`]: { figures: [sides[1]], told: ["cto", "cmo"] },
  });
  const { out } = await run("contradictions", "settled");
  for (const text of ["@ada", "1204 count of cmo holds, not 1300 count of cto", `aito contradictions reopen ${id}`]) {
    expect(out).toContain(text);
  }
  expect(out).not.toContain("\u202e");
  const reopened = await run("contradictions", "reopen", id, "--reason", "The robots were ours.");
  expect(reopened).toMatchObject({ code: 0, err: "" });
  expect(reopened.out).toContain("not refuted any more: 1300 count of cto");
  expect(bodies(seen)).toEqual([{ reason: "The robots were ours." }]);
  expect((await run("contradictions", "reopen", id)).code).toBe(2);
  expect((await run("contradictions", "reopen", "visits", "--reason", "x")).code).toBe(2);
  expect(bodies(seen)).toHaveLength(1);
});

const looked = ["--sides", ids.decision, ids.task];
test.each([
  [["--reason", "x", ...looked]],
  [["--reason", "x", "--none", "--holds", ids.decision, ...looked]],
  [["--none", ...looked]],
  [["--reason", "x", "--holds", "1204", ...looked]],
  // What was looked at is said, never taken from what stands by then.
  [["--reason", "x", "--holds", ids.decision]],
  [["--reason", "x", "--none", "--sides", "1204"]],
])("S07 contradictions settle %j is refused, and nothing is sent", async (options) => {
  const { run, seen } = await company();
  expect((await run("contradictions", "settle", id, ...options)).code).toBe(2);
  expect(bodies(seen)).toEqual([]);
});
