import { crashPointAt, type CrashPointName, makeNewId, silentLogger, systemClock } from "@aito/base";
import { answerApproval, type CompanyDeps, endOverdue, listPublications, loadPack, registerFleet, transact } from "@aito/company";
import { connectPostgres, type Database } from "@aito/db";
import { openTestDatabase } from "@aito/db/testing";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { approvalGround, migrationsFolder, usePostgres } from "../src/index.ts";

const used = usePostgres();
const packFile = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const closers: (() => Promise<void>)[] = [];
afterAll(async () => void (await Promise.all(closers.map((close) => close()))));

let aheadMs = 0;
const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };

async function companyOn(db: Database): Promise<CompanyDeps> {
  closers.push(() => db.close());
  const newId = makeNewId(clock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: newId(), name: "Acme" });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: () => Promise.resolve(), rehearsal: true };
  const fleet = await loadPack(packFile);
  fleet.file.approvals = { hours: 24, waitingMax: 1_000 };
  await registerFleet(deps, fleet);
  return deps;
}

type Skip = (reason: string) => never;
const databases: [string, (skip: Skip) => Promise<Database>][] = [
  [
    "Postgres",
    (skip) => Promise.resolve(connectPostgres({ url: used.orSkip(skip).database.controlUrl, clock, log: silentLogger })),
  ],
  ["the embedded database", () => openTestDatabase({ clock, migrations: migrationsFolder })],
];
/** As the owner of the tables would. */
const tamper = (deps: CompanyDeps, change: ReturnType<typeof sql>): Promise<unknown> =>
  transact(deps, (unit) => change.execute(unit.queries));

test.for(databases)("F22 Y10 50 answers and 50 runs of one call at once: it runs once, on %s", async ([, open], { skip }) => {
  const deps = await companyOn(await open(skip));
  for (const outside of [false, true]) {
    const ground = approvalGround(deps, { outside });
    const cmo = await ground.enter("cmo");
    const approval = await ground.ask(cmo, ground.callOf({ title: `Once, outside: ${outside}` }));
    const fifty = Array.from({ length: 50 });
    const firsts = await Promise.all(fifty.map(() => ground.approve(approval)));
    expect(firsts.filter(Boolean)).toHaveLength(1);
    const ran = await Promise.all(fifty.map(() => ground.run(approval.id)));
    expect(ran.filter(Boolean)).toHaveLength(1);
    expect((await ground.view(approval.id)).status).toBe("done");
    expect(ground.ledger).toEqual(outside ? [approval.id] : []);
  }
  const titles = (await listPublications(deps, { limit: 10 })).map(({ title }) => title);
  expect(titles).toEqual(["Once, outside: false"]);
});

test("F22 10,000 replays, other agents, other arguments, twins, files, versions, digests and late ones: none runs", async ({
  skip,
}) => {
  const deps = await companyOn(connectPostgres({ url: used.orSkip(skip).database.controlUrl, clock, log: silentLogger }));
  let versionNow: string | null = null;
  const plain = approvalGround(deps, { outside: true });
  const ground = approvalGround(deps, { outside: true, versionNow: () => versionNow ?? plain.callOf({}).schemaVersion });
  const [cmo, coo] = [await ground.enter("cmo"), await ground.enter("coo")];
  const args = { title: "caf\u00e9", text: "Words.", usd: 1.5 };
  const files = [
    { name: "a.txt", text: "one" },
    { name: "b.txt", text: "two" },
  ];
  const call = ground.callOf(args, files);
  const done = await ground.ask(cmo, call);
  await ground.approve(done);
  await ground.run(done.id);
  expect(ground.ledger).toEqual([done.id]);
  const denied = await ground.ask(cmo, ground.callOf({ title: "denied" }, files));
  await answerApproval(deps, { id: denied.id, by: "operator", answer: { answer: "deny", digest: denied.digest } });
  const draft = await ground.ask(cmo, ground.callOf({ title: "draft" }, files));
  const edit = { answer: "edit" as const, digest: draft.digest, arguments: { title: "edited" } };
  const { approval: edited } = await answerApproval(deps, { id: draft.id, by: "operator", answer: edit });
  const late = await ground.ask(cmo, ground.callOf({ title: "late" }, files));
  const waiting = await ground.ask(cmo, ground.callOf({ title: "waits" }, files));

  // What stands changed in the database since it was approved, or meets another tool, does not run either.
  const broken: string[] = [];
  const changes = [
    (id: string) => sql`update approvals set arguments = '{"title": "another"}' where id = ${id}`,
    (id: string) => sql`update approvals set agent_id = ${coo.agentId} where id = ${id}`,
    (id: string) => sql`update approvals set epoch = epoch + 1 where id = ${id}`,
    (id: string) => sql`update approvals set expires_at = expires_at + interval '1 hour' where id = ${id}`,
    (id: string) => sql`update approvals set files = '[]' where id = ${id}`,
    (id: string) => sql`update approvals set tool = 'publish_texts' where id = ${id}`,
  ];
  for (const [at, change] of changes.entries()) {
    const approval = await ground.ask(cmo, ground.callOf({ title: `changed ${at}` }, files));
    await ground.approve(approval);
    await tamper(deps, change(approval.id));
    expect(await ground.run(approval.id), String(at)).toBe(true);
    broken.push((await ground.view(approval.id)).status);
  }
  versionNow = "another version";
  const versioned = await ground.ask(cmo, call);
  await ground.approve(versioned);
  await ground.run(versioned.id);
  broken.push((await ground.view(versioned.id)).status);
  versionNow = null;
  expect(new Set(broken)).toEqual(new Set(["failed"]));
  expect(ground.ledger).toEqual([done.id]);

  const other = (change: object, swapped = files) => ground.callOf({ ...args, ...change }, swapped);
  const reordered = ground.callOf({ usd: 1.5, text: "Words.", title: "caf\u00e9" }, files);
  const attacks: [string, () => Promise<string>][] = [
    ["done", () => ground.replay(cmo, done.id, call)],
    ["done", () => ground.replay(cmo, done.id, reordered)],
    ["AITO_APPROVAL_UNKNOWN", () => ground.replay(coo, done.id, call)],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay({ ...cmo }, done.id, other({ title: "cafe\u0301" }))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({ title: "c\u0430f\u00e9" }))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({ title: "caf\u00e9\u200b" }))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({ usd: "1.5" }))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({ extra: null }))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({}, [{ name: "a.txt", text: "two" }, files[1]!]))],
    // What they hold exchanged, one under another name, and one left out.
    [
      "AITO_APPROVAL_MISMATCH",
      () =>
        ground.replay(
          cmo,
          done.id,
          other({}, [
            { ...files[0]!, text: "two" },
            { ...files[1]!, text: "one" },
          ]),
        ),
    ],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({}, [{ ...files[0]!, name: "a.txt " }, files[1]!]))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({}, [files[0]!]))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, done.id, other({}, []))],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, waiting.id, call)],
    ["again", async () => ((await ground.approve(done)) ? "first" : "again")],
    ["nothing", async () => ((await ground.run(done.id)) ? "ran" : "nothing")],
    ["nothing", async () => ((await ground.run(waiting.id)) ? "ran" : "nothing")],
    // What was denied stays so; what was edited runs as it was edited, and in no other way.
    ["denied", () => ground.replay(cmo, denied.id, ground.callOf({ title: "denied" }, files))],
    ["again", async () => ((await ground.approve(denied)) ? "first" : "again")],
    ["nothing", async () => ((await ground.run(denied.id)) ? "ran" : "nothing")],
    ["again", async () => ((await ground.approve(draft)) ? "first" : "again")],
    ["nothing", async () => ((await ground.run(draft.id)) ? "ran" : "nothing")],
    ["AITO_APPROVAL_MISMATCH", () => ground.replay(cmo, edited.id, ground.callOf({ title: "draft" }, files))],
    ["AITO_APPROVAL_UNKNOWN", () => ground.replay(cmo, deps.newId(), call)],
    [
      "AITO_APPROVAL_CHANGED",
      () =>
        answerApproval(deps, { id: waiting.id, by: "human", answer: { answer: "approve", digest: done.digest } }).then(
          () => "answered",
          (error: { code: string }) => error.code,
        ),
    ],
  ];
  aheadMs += 25 * 3_600_000;
  await endOverdue(deps);
  attacks.push(
    ["AITO_APPROVAL_EXPIRED", () => ground.replay(cmo, late.id, ground.callOf({ title: "late" }, files))],
    ["again", async () => ((await ground.approve(late)) ? "first" : "again")],
    ["nothing", async () => ((await ground.run(late.id)) ? "ran" : "nothing")],
  );
  // Those on what still waited are answered as over from here on.
  const expected = attacks.map(([want]) => (want === "AITO_APPROVAL_CHANGED" ? "answered" : want));
  const attempts = 10_000;
  let [next, wrong] = [0, 0];
  const one = async (): Promise<void> => {
    for (let at = next++; at < attempts; at = next++) {
      const which = at % attacks.length;
      if ((await attacks[which]![1]()) !== expected[which]) wrong += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  expect([wrong, ground.ledger]).toEqual([0, [done.id]]);
});

test("Y10 a crash at any point of an approved call: never twice, and an unknown outcome is said to be unknown", async () => {
  const deps = await companyOn(await openTestDatabase({ clock, migrations: migrationsFolder }));
  const points: CrashPointName[] = ["commit.before", "commit.after", "approval.after_journal", "approval.after_effect"];
  const seen: string[] = [];
  for (const outside of [true, false]) {
    const ground = approvalGround(deps, { outside });
    const cmo = await ground.enter("cmo");
    for (const point of points) {
      for (const nth of [1, 2, 3]) {
        const approval = await ground.ask(cmo, ground.callOf({ title: `${point} ${nth} ${outside}` }));
        await ground.approve(approval);
        const crashPoint = crashPointAt(`${point}:${nth}`, () => {
          throw new Error("the process is gone");
        });
        // The process dies in there, another one finds what it left, and the same again after the lease.
        await ground.run(approval.id, { ...deps, crashPoint }).catch(() => undefined);
        await ground.run(approval.id);
        aheadMs += 2 * 60_000;
        await endOverdue(deps);
        await ground.run(approval.id);
        const { status } = await ground.view(approval.id);
        const times = outside
          ? ground.ledger.filter((key) => key === approval.id).length
          : (await listPublications(deps, { limit: 200 })).filter(({ approvalId }) => approvalId === approval.id).length;
        seen.push(`${status} ${times}`);
        if (status === "done") expect(times).toBe(1);
        else expect([status, times <= 1]).toEqual(["unknown", true]);
      }
    }
  }
  expect(new Set(seen)).toEqual(new Set(["done 1", "unknown 0", "unknown 1"]));
});
