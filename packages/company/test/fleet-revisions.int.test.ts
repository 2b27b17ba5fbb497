import { resolve } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Fleet, FleetChange } from "@aito/protocol";
import {
  addCommand,
  deployFleet,
  dryRunFleet,
  fleetRevisionDiff,
  fleetTexts,
  listFleetRevisions,
  loadPack,
  registerFleet,
  takeCommands,
  transact,
  whyAgent,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let pack: Fleet;
let company: TestCompany;
beforeAll(async () => {
  pack = await loadPack(resolve(import.meta.dirname, "../../../profiles/aito/fleet.yaml"));
});
beforeEach(async () => {
  company = await openCompany({ fleet: pack });
});
afterEach(() => company.close());

const by = "@ada";
const calmer = (): string => pack.profiles["cmo"]!.markdown.replace("- Daily social media posts", "- One post a day");
const change = (more: Partial<FleetChange> = {}): FleetChange => ({
  basedOn: 1,
  comment: "It posted too much",
  profiles: { cmo: calmer() },
  ...more,
});
const history = async () =>
  (await listFleetRevisions(company.deps, { limit: 9 })).map(({ revision, source, by: who }) => `${revision} ${source} ${who}`);

test("S16 a change is tried without doing anything: what is wrong with file and line, else its lines and what it would do", async () => {
  const { deps } = company;
  const wrong = await dryRunFleet(deps, change({ profiles: { cmo: calmer().replace("## Mission", "## Missoin") } }));
  expect(wrong.problems.length).toBeGreaterThan(0);
  expect(wrong.problems.join("\n")).toMatch(/cmo\.md:\d+/);
  const right = await dryRunFleet(deps, change());
  expect(right).toMatchObject({ problems: [], effects: ["cmo is restarted with its changed profile."] });
  const signed = right.diff.files.flatMap(({ path, lines }) => lines.map(({ sign, text }) => `${path} ${sign} ${text}`));
  expect(signed).toContain("cmo.md removed - Daily social media posts");
  expect(signed).toContain("cmo.md added - One post a day");
  expect(await history()).toEqual(["1 file system"]);
});

test("C10 a deployed profile is a revision, restarts its role, and outlives a start with the same file", async () => {
  const { deps } = company;
  expect(await deployFleet(deps, change(), by)).toMatchObject({ revision: 2, source: "console", by, current: true });
  expect((await fleetTexts(deps)).profiles["cmo"]!.markdown).toBe(calmer());
  expect(await takeCommands(deps)).toEqual({ restart: ["cmo"] });
  expect(await registerFleet(deps, pack)).toEqual({ revision: 2, changed: false });
  expect(await history()).toEqual(["2 console @ada", "1 file system"]);
  const edited: Fleet = { ...pack, file: { ...pack.file, name: "Another name" } };
  expect(await registerFleet(deps, edited)).toEqual({ revision: 3, changed: true });
});

test("S16 a rollback is a revision of its own with exactly the texts of the one that it goes back to", async () => {
  const { deps } = company;
  await deployFleet(deps, change(), by);
  const back = { basedOn: 2, comment: "It was better before", profiles: {}, rollbackTo: 1 };
  expect((await dryRunFleet(deps, back)).problems).toEqual([]);
  expect(await deployFleet(deps, back, by)).toMatchObject({ revision: 3 });
  const [first, third] = [await fleetTexts(deps, 1), await fleetTexts(deps, 3)];
  expect({ ...third, revision: 1 }).toEqual(first);
  expect((await fleetRevisionDiff(deps, 3)).files.map(({ path }) => path)).toEqual(["cmo.md"]);
});

test("S16 of two who deploy at once one does, and the other is told to look again; nothing is deployed for nothing", async () => {
  const { deps } = company;
  const other = change({ profiles: { cto: pack.profiles["cto"]!.markdown.replace("## Mission\n", "## Mission\n\nBe calm.") } });
  const both = await Promise.allSettled([deployFleet(deps, change(), by), deployFleet(deps, other, "@ben")]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "AITO_FLEET_MOVED", status: 409 } });
  await expect(deployFleet(deps, change({ basedOn: 2, profiles: {} }), by)).rejects.toMatchObject({ code: "AITO_FLEET_SAME" });
  expect(await history()).toHaveLength(2);
});

test("S16 what the orchestrator reads from the file alone cannot be changed here, and a broken file is told", async () => {
  const { deps } = company;
  const file = (more: object): string => JSON.stringify({ ...pack.file, ...more });
  for (const text of [file({ company: "other" }), file({ heads: [] }), "heads: [", "{}"]) {
    const tried = await dryRunFleet(deps, change({ file: text, profiles: {} }));
    expect(tried.problems.join("\n")).toMatch(/^fleet\.json:/);
    await expect(deployFleet(deps, change({ file: text, profiles: {} }), by)).rejects.toMatchObject({
      code: "AITO_FLEET_INVALID",
      status: 400,
    });
  }
  expect(await history()).toHaveLength(1);
});

test("S13 a fleet that was stopped stays stopped when a change is deployed", async () => {
  const { deps } = company;
  await addCommand(deps, { kind: "fleet.stop", arguments: {}, by });
  await takeCommands(deps);
  await deployFleet(deps, change(), by);
  expect((await whyAgent(deps, "cto")).wanted).toBe("stopped");
});

test("S16 which secret goes to which address, and what is read at the start, only the fleet file itself changes", async () => {
  const { deps } = company;
  const current = JSON.parse((await fleetTexts(deps)).file) as Record<string, unknown> & {
    models: object;
    workers: Record<string, object>;
  };
  const tool = { send: { risk: "dangerous", dataClass: "public" } };
  const changes: [key: string, file: object][] = [
    ["toolServers", { ...current, toolServers: { shop: { url: "https://evil.example/mcp", secret: "stripe", tools: tool } } }],
    [
      "models.upstreams",
      {
        ...current,
        models: {
          ...current.models,
          upstreams: { box: { speaks: "chat", baseUrl: "http://evil.example", models: ["m"], free: true } },
        },
      },
    ],
    ["spawning", { ...current, spawning: { runningMax: 200 } }],
    [
      "workers",
      { ...current, workers: { ...current.workers, coder: { ...Object.values(current.workers)[0], executor: "claude-code" } } },
    ],
  ];
  for (const [key, file] of changes) {
    const text = JSON.stringify(file);
    expect((await dryRunFleet(deps, change({ profiles: {}, file: text }))).problems.join(), key).toContain(key);
    await expect(deployFleet(deps, change({ profiles: {}, file: text }), by)).rejects.toMatchObject({
      code: "AITO_FLEET_INVALID",
    });
  }
  expect(await history()).toEqual(["1 file system"]);
});

test("C10 what an operator deployed outlives a version of the program that reads more from the same file", async () => {
  const { deps } = company;
  await deployFleet(deps, change(), by);
  // As a version stored it that knew no status query: with another digest, and without what is filled in now.
  await transact(deps, async (unit) => {
    await sql`update fleets set digest = 'older', document = document #- '{fleet,file,statusQuery}' where source = 'file'`.execute(
      unit.queries,
    );
  });
  expect(await registerFleet(deps, pack)).toEqual({ revision: 2, changed: false });
  expect((await fleetTexts(deps)).profiles["cmo"]!.markdown).toBe(calmer());
});
