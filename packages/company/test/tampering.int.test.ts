import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedDatabase } from "@aito/db";
import { Proposal, type Vote } from "@aito/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chainStart, sealHash } from "../src/audit/chain.ts";
import {
  type AgentSession,
  type Anchor,
  anchorChain,
  type AnchorStore,
  castVote,
  exportEvents,
  fileAnchors,
  propose,
  sealEvents,
  verifyChain,
} from "../src/index.ts";
import { verifyExport } from "../src/audit/verify-export.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

/** What the table's owner can do: everything, with triggers and foreign keys off. What it cannot: write the anchors. */
interface Row {
  id: string;
  company_id: string;
  event_type: string;
  source_agent: string | null;
  target_agent: string | null;
  body: string;
  source_name: string;
  target_name: string | null;
  created_at: string;
  seq: string | null;
  prev: string | null;
  hash: string | null;
}

let company: TestCompany;
let whole: Row[];
let head: Anchor;
const anchors: Anchor[] = [];
const memoryAnchors: AnchorStore = {
  add: async (anchor) => void (await Promise.resolve(anchors.push(anchor))),
  read: () => Promise.resolve([...anchors]),
  last: () => Promise.resolve(anchors.at(-1) ?? null),
};
const owner = () => (company.deps.db as EmbeddedDatabase).pglite;
const verify = () => verifyChain(company.deps, { anchors: memoryAnchors });
const seal = async (): Promise<void> => {
  company.clock.advance(1_000);
  while ((await sealEvents(company.deps)) > 0);
};

beforeAll(async () => {
  company = await openCompany();
  const sessions = new Map<string, AgentSession>();
  for (const agent of ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"]) sessions.set(agent, await company.enter(agent));
  const courses: Record<string, Vote>[] = [
    { ceo: "approve", dao: "approve" },
    { ceo: "veto", dao: "veto" },
    { ceo: "approve", dao: "veto", cmo: "approve", cto: "approve", cfo: "veto", coo: "veto", cco: "abstain" },
    { ceo: "approve" },
  ];
  for (const [index, course] of courses.entries()) {
    const { id } = await propose(
      company.deps,
      "cmo",
      Proposal.parse({ title: `Campaign ${index}`, type: "major", usd: 500 + index }),
    );
    for (const [voter, vote] of Object.entries(course)) {
      await castVote(company.deps, sessions.get(voter)!, { decisionId: id, vote, reason: `${voter}: ${vote}` });
    }
    await seal();
    await anchorChain(company.deps, memoryAnchors);
  }
  head = anchors.at(-1)!;
  await owner().exec("set session_replication_role = replica; alter table events drop constraint events_company_id_seq_key;");
  const { rows } = await owner().query<Row>(`select id, company_id, event_type, source_agent, target_agent, body, source_name,
    target_name, created_at::text, seq::text, prev, hash from events order by events.seq`);
  whole = rows;
  for (const table of ["votes", "decisions"]) await owner().exec(`create table kept_${table} as select * from ${table}`);
});
afterAll(() => company.close());

async function write(rows: Row[]): Promise<void> {
  await owner().query("delete from events");
  await owner().query(
    `insert into events (id, company_id, event_type, source_agent, target_agent, body, source_name, target_name, created_at, seq, prev, hash)
    select id, company_id, event_type, source_agent, target_agent, body, source_name, target_name, created_at, seq, prev, hash
    from jsonb_to_recordset($1::jsonb) as r (id uuid, company_id uuid, event_type text, source_agent uuid, target_agent uuid, body text,
      source_name text, target_name text, created_at timestamptz, seq bigint, prev text, hash text)`,
    [JSON.stringify(rows)],
  );
}

/** Chains rows anew in their order, as a careful forger would. */
function chained(rows: Row[]): Row[] {
  let prev = chainStart;
  return rows.map((row, index) => {
    const hash = sealHash(prev, BigInt(index + 1), row.body);
    const made = { ...row, seq: String(index + 1), prev, hash };
    prev = hash;
    return made;
  });
}

/** Another text that is still JSON of the same shape: one letter or digit of it is another. */
function edited(body: string, seed: number): string {
  const places = [...body.matchAll(/[a-z0-9](?=[a-z0-9 ]*[a-z0-9])/g)].map((found) => found.index);
  const at = places[seed % places.length]!;
  return `${body.slice(0, at)}${body[at] === "x" ? "y" : "x"}${body.slice(at + 1)}`;
}

const swapped = <T>(rows: T[], a: number, b: number): T[] => rows.with(a, rows[b]!).with(b, rows[a]!);
/** Each answers the rows as they stand afterwards; `at` is any place, `other` another one. */
const forgeries: Record<string, (rows: Row[], at: number, other: number) => Row[]> = {
  "a text is edited": (rows, at, other) => rows.with(at, { ...rows[at]!, body: edited(rows[at]!.body, other) }),
  "a text is edited and sealed again": (rows, at, other) => {
    const body = edited(rows[at]!.body, other);
    return rows.with(at, { ...rows[at]!, body, hash: sealHash(rows[at]!.prev!, BigInt(rows[at]!.seq!), body) });
  },
  "history is forked from an edited text on": (rows, at, other) =>
    chained(rows.with(at, { ...rows[at]!, body: edited(rows[at]!.body, other) })),
  "a type is edited": (rows, at) => rows.with(at, { ...rows[at]!, event_type: `${rows[at]!.event_type}.x`.slice(0, 50) }),
  "a source is edited": (rows, at) => rows.with(at, { ...rows[at]!, source_name: "somebody" }),
  "a target is edited": (rows, at) => rows.with(at, { ...rows[at]!, target_name: "somebody" }),
  "a time is edited": (rows, at) => rows.with(at, { ...rows[at]!, created_at: "2026-01-01T00:00:00.000Z" }),
  "an event is deleted": (rows, at) => rows.toSpliced(at, 1),
  "an event is deleted and the rest chained again": (rows, at) => chained(rows.toSpliced(at, 1)),
  "an event loses its seal": (rows, at) => rows.with(at, { ...rows[at]!, seq: null, prev: null, hash: null }),
  "two places are swapped": (rows, at, other) =>
    rows.with(at, { ...rows[at]!, seq: rows[other]!.seq }).with(other, { ...rows[other]!, seq: rows[at]!.seq }),
  "two events are swapped and all chained again": (rows, at, other) => chained(swapped(rows, at, other)),
  "the tail is cut": (rows, at) => rows.slice(0, at),
  "the tail is unsealed": (rows, at) =>
    rows.map((row, index) => (index < at ? row : { ...row, seq: null, prev: null, hash: null })),
  "a place is taken twice": (rows, at) => [...rows, { ...rows[at]!, id: rows[at]!.id.replace(/^.{8}/, "ffffffff") }],
  "an event is put in and all chained again": (rows, at) =>
    chained(rows.toSpliced(at, 0, { ...rows[at]!, id: rows[at]!.id.replace(/^.{8}/, "ffffffff") })),
};

const printed = new Map<string, number>();

test("Y14 S17 F28 each of 1,000 random changes by the table's owner is found", async () => {
  expect(await verify()).toEqual({ ok: true, count: whole.length, head: head.head, problem: null });
  const places = fc.tuple(fc.constantFrom(...Object.keys(forgeries)), fc.nat(whole.length - 1), fc.nat(whole.length - 2));
  let missed = 0;
  for (const [name, at, distance] of fc.sample(places, { numRuns: 1_000, seed: 20_260 })) {
    const other = (at + 1 + distance) % whole.length;
    await write(forgeries[name]!(whole, at, other));
    const report = await verify();
    printed.set(name, (printed.get(name) ?? 0) + 1);
    if (report.ok || report.problem === null) missed += 1;
  }
  await write(whole);
  expect(await verify()).toMatchObject({ ok: true });
  process.stdout.write(`tampering: 1000 changes of ${whole.length} events in ${printed.size} ways, ${missed} not found\n`);
  expect(missed).toBe(0);
  expect(printed.size).toBe(Object.keys(forgeries).length);
}, 600_000);

const tallies = {
  "a vote is turned": "update votes set vote = case vote when 'veto' then 'approve' else 'veto' end where id = $1",
  "a reason is put into a voter's mouth": "update votes set reason = 'because' where id = $1",
  "a vote is deleted": "delete from votes where id = $1",
  "a voter is another": "update votes set voter = 'nobody' where id = $1",
  "a status is set": "update decisions set status = case status when 'approved' then 'vetoed' else 'approved' end where id = $1",
  "a state is edited": `update decisions set machine = jsonb_set(machine, '{discussionsUsed}', '7') where id = $1`,
  "a head's vote is edited": "update decisions set ceo_vote = 'abstain' where id = $1",
  "an answer of a human is made up": "update decisions set human_decision = 'approve' where id = $1",
  "a deadline is moved": "update decisions set deadline_at = '2026-12-31' where id = $1",
  "a decision is deleted": "delete from decisions where id = $1",
};

test.each(Object.entries(tallies))("Y14 every tally is recomputed: found when %s", async (_, statement) => {
  const table = statement.includes("votes") ? "votes" : "decisions";
  const { rows } = await owner().query<{ id: string }>(`select id from ${table}`);
  expect(rows.length).toBeGreaterThan(3);
  for (const { id } of rows) {
    await owner().query(statement, [id]);
    expect((await verify()).problem).toContain("decision ");
    await owner().exec(`delete from ${table}; insert into ${table} select * from kept_${table};`);
  }
  expect(await verify()).toMatchObject({ ok: true });
});

test("Y14 a vote that nobody cast is found", async () => {
  await owner()
    .exec(`insert into votes select gen_random_uuid(), company_id, decision_id, 5, phase, voter, agent_id, vote, reason, epoch, cast_at
    from votes limit 1`);
  expect((await verify()).problem).toContain("its votes are not the ballots");
  await owner().exec("delete from votes where round = 5");
});

test("Y14 the leader anchors only what is new, and refuses to anchor a history that is not the one of before", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aito-anchors-"));
  try {
    const path = join(folder, "deep", "anchors.ndjson");
    const store = fileAnchors(path);
    expect(await anchorChain(company.deps, store)).toBe(true);
    expect(await anchorChain(company.deps, store)).toBe(false);
    expect(await store.read(company.deps.companyId)).toEqual([{ ...head, at: expect.any(String) as string }]);
    await write(whole.slice(0, -1));
    await expect(anchorChain(company.deps, store)).rejects.toMatchObject({ code: "AITO_AUDIT_CHAIN" });
    expect(await verifyChain(company.deps, { anchors: store })).toMatchObject({ ok: false });
    await write(whole);
    // A crash in the middle of a line does not swallow the one after it.
    writeFileSync(path, '{"v":1,"comp');
    expect(await anchorChain(company.deps, store)).toBe(true);
    expect(await store.read(company.deps.companyId)).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Lines of an export, as objects that may be changed. */
type Line = Record<string, unknown> & { kind: string };

async function exported(options: { anchors?: AnchorStore } = { anchors: memoryAnchors }): Promise<Line[]> {
  let text = "";
  for await (const part of exportEvents(company.deps, options)) text += part;
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

const check = (lines: Line[], beside: Anchor[] = []) =>
  verifyExport(
    lines.map((line) => JSON.stringify(line)),
    { anchors: beside },
  );

/** Changes the events of an export as the table's owner would, and makes the end agree with them. */
function withEvents(lines: Line[], change: (rows: Row[]) => Row[]): Line[] {
  const rows = change(lines.filter(({ kind }) => kind === "event") as unknown as Row[]) as unknown as Line[];
  const [start, end] = [lines.findIndex(({ kind }) => kind === "event"), lines.findLastIndex(({ kind }) => kind === "event")];
  const made = [...lines.slice(0, start), ...rows, ...lines.slice(end + 1)];
  return made.map((line) => (line.kind === "end" ? { ...line, events: String(rows.length) } : line));
}

test("Y14 an export is checked by itself, with no company running, and against anchors kept apart from it", async () => {
  const lines = await exported();
  const report = await check(lines);
  expect(report).toEqual({
    ok: true,
    count: whole.length,
    head: head.head,
    problem: null,
    decisions: 4,
    anchors: { beside: 0, within: anchors.length },
  });
  expect(await check(lines, anchors)).toMatchObject({ ok: true, anchors: { beside: anchors.length } });
  expect(await check(lines, [{ ...head, company: "another" }])).toMatchObject({ ok: false });
  expect(await verifyExport([])).toMatchObject({ ok: false, problem: "the end is missing: the export was cut short" });
});

test("Y14 each of 500 random changes of an exported history is found, the cut and rewritten ones against the anchors", async () => {
  const lines = await exported();
  const ways = [
    "a text is edited",
    "a text is edited and sealed again",
    "history is forked from an edited text on",
    "an event is deleted",
    "an event is deleted and the rest chained again",
    "two places are swapped",
    "two events are swapped and all chained again",
    "the tail is cut",
    "a place is taken twice",
  ];
  const places = fc.tuple(fc.constantFrom(...ways), fc.nat(whole.length - 1), fc.nat(whole.length - 2));
  const missed: string[] = [];
  for (const [name, at, distance] of fc.sample(places, { numRuns: 500, seed: 20_261 })) {
    const forged = withEvents(lines, (rows) =>
      forgeries[name]!(
        rows.map((row) => ({ ...row, id: "ffffffff" })),
        at,
        (at + 1 + distance) % whole.length,
      ),
    );
    const report = await check(
      forged.filter(({ kind }) => kind !== "anchor"),
      anchors,
    );
    if (report.ok || report.problem === null) missed.push(name);
  }
  expect(missed).toEqual([]);
});

test("Y14 a forged tally, vote or record in an export is found, and so is what is no export", async () => {
  const lines = await exported();
  const at = lines.findIndex(({ kind }) => kind === "decision");
  const decision = lines[at]!;
  const votes = decision["votes"] as Record<string, unknown>[];
  const forged: Line[] = [
    { ...decision, status: "withdrawn" },
    { ...decision, title: "Something else" },
    { ...decision, ceo_vote: "abstain" },
    { ...decision, human_decision: "approve" },
    { ...decision, machine: { ...(decision["machine"] as object), discussionsUsed: 1 } },
    { ...decision, machine: { rounds: 0.5 } },
    { ...decision, votes: votes.slice(1) },
    { ...decision, votes: votes.with(0, { ...votes[0], vote: votes[0]!["vote"] === "veto" ? "approve" : "veto" }) },
    { ...decision, votes: votes.with(0, { ...votes[0], cast_at: "yesterday" }) },
    { ...decision, id: "another" },
    { kind: "step", body: "{}" },
    { kind: "nothing" },
  ];
  for (const line of forged) expect((await check(lines.with(at, line))).problem).toEqual(expect.any(String));
  for (const line of [decision, lines[0]!, lines.find(({ kind }) => kind === "event")!])
    expect((await check(lines.toSpliced(-1, 0, line))).problem).toEqual(expect.any(String));
  expect((await check(lines.toSpliced(at, 1))).problem).toContain("the end tells of");
  expect((await check(lines.slice(0, -1))).problem).toContain("cut short");
  expect((await verifyExport(["not JSON", ...lines.map((line) => JSON.stringify(line))])).problem).toContain("line 1");
});

test("Y14 steps that are not in the chain yet are exported beside it, and a decision that is still open is played again", async () => {
  await propose(company.deps, "coo", Proposal.parse({ title: "Still open", type: "major", usd: 777 }));
  const lines = await exported();
  expect(lines.filter(({ kind }) => kind === "step")).toHaveLength(1);
  expect(await check(lines, anchors)).toMatchObject({ ok: true, decisions: 5, count: whole.length });
});
