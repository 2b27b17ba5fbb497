import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scopesOf } from "@aito/company";
import type { OperatorRole } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Act, acts, addressOfAct, mayAct } from "../src/acts.ts";
import { openFixtureConsole } from "./open-fixture-console.ts";

const host = "127.0.0.1:7700";
const origin = "http://127.0.0.1:7700";
const web = join(import.meta.dirname, "../web/src");
const named = Object.keys(acts) as Act[];
const names = { id: "01939f00-0000-7000-8000-000000000201", name: "ceo", tool: "parcels__send" };

let console_: Awaited<ReturnType<typeof openFixtureConsole>>;
beforeAll(async () => {
  console_ = await openFixtureConsole({ people: true });
});
afterAll(() => console_.close());

/** The client's modules, as they are written. */
const modules = readdirSync(web, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path))
  // What is only read has the address of what it lists.
  .map((path) => ({ path, text: readFileSync(join(web, path), "utf8").replaceAll(/\b(get|list)<[^;]*?;/g, "") }));
/** Acts that a text names, of those that not everybody who is signed in may; `asked`: only where it asks whether one may. */
const actsIn = (text: string, asked: boolean): Act[] =>
  named.filter((act) => {
    if (mayAct(act, ["read"])) return false;
    const asks = text.split(`ay("${act}")`).length - 1 + (text.split(`ay()("${act}")`).length - 1);
    return asked ? asks > 0 : text.split(`"${act}"`).length - 1 > asks;
  });

test("S16 every act of the client is a route of the server, with what that route asks for", () => {
  const routes = console_.routes.filter(({ method }) => method === "POST");
  expect(named.map((act) => [act, acts[act]])).toEqual(named.map((act) => [act, routes.find(({ url }) => url === act)?.needs]));
});

test("S16 what the client sends, it offers to who may: each module that names an act asks for it", () => {
  const forgotten = modules.flatMap(({ path, text }) => {
    const asked = actsIn(text, true);
    return actsIn(text, false)
      .filter((act) => !asked.includes(act))
      .map((act) => `${path}: ${act}`);
  });
  expect(forgotten).toEqual([]);
  // No act stands in the table alone, and none is sent past it.
  const sent = modules.map(({ text }) => text).join("\n");
  expect(named.filter((act) => !sent.includes(`"${act}"`))).toEqual([]);
  expect(modules.filter(({ text }) => /\bfetch\(/.test(text)).map(({ path }) => path)).toEqual(["data/api.ts"]);
});

test.each(["owner", "approver", "viewer"] satisfies OperatorRole[])(
  "S16 what the client offers to the role of %s is not refused for its role, and what it hides would be",
  async (role) => {
    for (const act of named.filter((each) => each !== "/logout")) {
      // One's own sign-in may be ended by an act before.
      const { cookie, csrfToken } = await console_.signIn(role);
      const headers = { host, origin, cookie, "x-csrf-token": csrfToken };
      const answer = await console_.app.inject({ method: "POST", url: addressOfAct(act, names), headers });
      const refused = answer.statusCode === 403 && answer.json<{ error: { code: string } }>().error.code === "AITO_CONSOLE_ROLE";
      expect([act, refused]).toEqual([act, !mayAct(act, scopesOf(role))]);
    }
  },
);
