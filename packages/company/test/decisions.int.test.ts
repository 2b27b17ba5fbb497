import { sha256 } from "@aito/base";
import { type DecisionView, Proposal, type Vote } from "@aito/protocol";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { selectOpenWork } from "../src/work/queries.ts";
import {
  type AgentSession,
  answerEscalation,
  budgetLeft,
  castVote,
  claimRun,
  closeDueRounds,
  decisionView,
  escalationByToken,
  linkToken,
  listAgents,
  listDecisions,
  listEscalations,
  listEvents,
  listMessages,
  listTasks,
  openDecisionsFor,
  overrideDecision,
  pressSwitch,
  promoteIdea,
  propose,
  proposeIdea,
  resumeSwitch,
  runContext,
  sealEvents,
  transact,
  verifyChain,
  withdraw,
} from "../src/index.ts";
import { replay } from "../src/decisions/rules.ts";
import type { DecisionEvent } from "../src/decisions/machine.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
const links = { linkKey: "a key for links in tests, long enough", publicUrl: "https://acme.example/" };
const tokenOf = (url: string): string => url.split("/e/")[1]!;

beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

const offer = (changes: object = {}) => Proposal.parse({ title: "Spring campaign", type: "major", usd: 5_000, ...changes });
const put = (changes: object = {}, by = "cmo"): Promise<DecisionView> => propose(company.deps, by, offer(changes));
const vote = (decisionId: string, voter: string, said: Vote): Promise<DecisionView> =>
  castVote(company.deps, sessions.get(voter)!, { decisionId, vote: said, reason: `${voter}: ${said}` });

/** The story of the issue: heads against each other, council divided. */
async function deadlock(changes: object = {}): Promise<DecisionView> {
  const { id } = await put(changes);
  const rounds = [
    { ceo: "approve", dao: "veto" },
    { cmo: "approve", cto: "approve", cfo: "veto", coo: "approve", cco: "veto" },
    { ceo: "approve", dao: "veto" },
  ] as const;
  for (const ballots of rounds) for (const [voter, said] of Object.entries(ballots)) await vote(id, voter, said);
  return await decisionView(company.deps, id);
}
const waitingOf = async (decisionId: string) => {
  const found = (await listEscalations(company.deps, links)).find(
    (view) => view.decisionId === decisionId && view.status === "waiting",
  );
  return found!;
};

test("V08 V12 $5000 is raised to critical, deadlocks, is approved by the human, and its worker is spawned", async () => {
  const task = { title: "Write the campaign", description: "Three posts.", workerType: "content-writer" };
  const decision = await deadlock({ task });
  expect(decision).toMatchObject({
    type: "critical",
    declaredType: "major",
    typeReason: "raised to critical: $5000.00 is above the $1000.00 limit",
    status: "escalated",
    round: 3,
    phase: null,
  });
  expect(decision.rounds.map((round) => round.votes.length)).toEqual([2, 5, 6]);
  expect((await listTasks(company.deps)).find((row) => row.id === decision.taskId)).toMatchObject({ status: "blocked" });
  const escalation = await waitingOf(decision.id);
  expect(escalation.url).toMatch(/^https:\/\/acme\.example\/e\/aito_esc_[\w-]{43}$/);
  const token = tokenOf(escalation.url!);
  expect(await escalationByToken(company.deps, token)).toMatchObject({
    state: "open",
    grounds: { attachedTask: task },
    decision: { id: decision.id },
  });

  const answer = { decision: "approve", comment: "go" } as const;
  const first = await answerEscalation(company.deps, { token, answer });
  expect(first).toMatchObject({
    first: true,
    decision: { status: "approved", humanDecision: "approve", humanComment: "go", outcomeReason: "a human approved" },
    escalation: { status: "answered", answer: "approve" },
  });
  const second = await answerEscalation(company.deps, { token, answer: { decision: "veto", comment: "no" } });
  expect(second).toMatchObject({ first: false, decision: { status: "approved" }, escalation: { answer: "approve" } });
  expect(await escalationByToken(company.deps, token)).toMatchObject({ state: "answered" });
  const worker = (await listAgents(company.deps)).find((agent) => agent.kind === "worker" && agent.taskId === decision.taskId);
  expect(worker).toMatchObject({ parentAgent: "cmo", role: "content-writer" });
});

test("D04 V11 the seed's columns are kept filled", async () => {
  const [decision] = await listDecisions(company.deps, { status: "approved" });
  const row = await transact(company.deps, async (unit) => {
    const found = await sql<
      Record<string, unknown>
    >`select veto_round, ceo_vote, dao_vote, c_level_votes, human_decision, resolved_at, deadline_at
      from decisions where id = ${decision!.id}`.execute(unit.queries);
    return found.rows[0]!;
  });
  expect(row).toMatchObject({
    veto_round: 3,
    ceo_vote: "approve",
    dao_vote: "veto",
    c_level_votes: { v: 1, cmo: "approve", cto: "approve", cfo: "veto", coo: "approve", cco: "veto" },
    human_decision: "approve",
    deadline_at: null,
  });
  expect(row["resolved_at"]).toBeInstanceOf(Date);
});

test("V01 $50 is minor and decided alone; its task starts at once", async () => {
  const before = await transact(company.deps, budgetLeft);
  const decision = await put({ type: "minor", usd: 50, task: { title: "Post it" } });
  expect(decision).toMatchObject({ type: "minor", status: "approved", round: 0, rounds: [] });
  expect((await listTasks(company.deps)).find((row) => row.id === decision.taskId)).toMatchObject({
    status: "pending",
    assignedTo: "cmo",
  });
  const after = await transact(company.deps, budgetLeft);
  expect(before.leftMicroUsd - after.leftMicroUsd).toBe(50_000_000n);
});

test("V02 splitting an amount raises the type; another kind or another proposer is not affected", async () => {
  expect(await put({ type: "minor", usd: 90 }, "coo")).toMatchObject({ type: "minor" });
  expect(await put({ type: "minor", usd: 90, kind: "Daily posts" }, "coo")).toMatchObject({ type: "minor" });
  const second = await put({ type: "minor", usd: 90 }, "coo");
  expect(second).toMatchObject({ type: "major", typeReason: expect.stringContaining("$180.00 for the same kind") });
  await withdraw(company.deps, "coo", second.id);
  company.clock.advance(24 * 3_600_000 + 1);
  expect(await put({ type: "minor", usd: 90 }, "coo")).toMatchObject({ type: "minor" });
});

test("V04 $400 is approved in round 1, and the outcome wakes the proposer", async () => {
  const { id } = await put({ usd: 400 });
  await vote(id, "ceo", "approve");
  expect(await vote(id, "dao", "approve")).toMatchObject({ type: "major", status: "approved", round: 1 });
  const run = await claimRun(company.deps, sessions.get("cmo")!);
  expect(run!.run.reasons.some((reason) => reason.ref === id && reason.text.includes("approved"))).toBe(true);
  const context = await runContext(company.deps, sessions.get("cmo")!, { run: run!.run.id });
  expect(context).toMatchObject({ askModel: true });
  const told = (await listMessages(company.deps)).find(
    (message) => message.to === "cmo" && message.payload["decision_id"] === id,
  );
  expect(told).toMatchObject({ type: "decision", from: "system", payload: { status: "approved" } });
});

test("V04 both heads veto: vetoed, and the attached task is cancelled", async () => {
  const { id, taskId } = await put({ usd: 15_000, task: { title: "Buy the stadium" } });
  await vote(id, "ceo", "veto");
  expect(await vote(id, "dao", "veto")).toMatchObject({ type: "critical", status: "vetoed" });
  expect((await listTasks(company.deps)).find((row) => row.id === taskId)).toMatchObject({ status: "cancelled" });
});

test("V03 V05 who must vote is woken, sees the decision, and is not asked again", async () => {
  const { id } = await put({ usd: 410 });
  const open = (agent: string) =>
    transact(company.deps, async (unit) => (await openDecisionsFor(unit, agent)).map((row) => row.id));
  const asked = () => transact(company.deps, async (unit) => (await selectOpenWork(unit, 1_000)).map((row) => row.agent));
  expect(await open("ceo")).toContain(id);
  expect(await open("cto")).not.toContain(id);
  expect(await asked()).toEqual(expect.arrayContaining(["ceo", "dao"]));
  await vote(id, "ceo", "abstain");
  expect(await open("ceo")).not.toContain(id);
  expect(await open("cto")).toContain(id);
  for (const member of ["cmo", "cto", "cfo", "coo", "cco"]) await vote(id, member, "veto");
  expect(await open("ceo")).toContain(id);
  expect(await open("cto")).not.toContain(id);
  await vote(id, "ceo", "veto");
  expect(await decisionView(company.deps, id)).toMatchObject({ status: "vetoed" });
});

test("V09 V14 ballots: repeats are idempotent, changes, strangers and late ones are refused", async () => {
  const { id } = await put({ usd: 420 });
  await vote(id, "ceo", "approve");
  const events = async () =>
    (await listEvents(company.deps, { limit: 500 })).filter((event) => event.payload["decision"] === id).length;
  const before = await events();
  expect(await vote(id, "ceo", "approve")).toMatchObject({ status: "pending" });
  expect(await events()).toBe(before);
  await expect(vote(id, "ceo", "veto")).rejects.toMatchObject({ code: "AITO_VOTE_CAST", status: 409 });
  await expect(vote(id, "cto", "veto")).rejects.toMatchObject({ code: "AITO_VOTE_NOT_YOURS", status: 403 });
  company.clock.advance(900_000);
  await expect(vote(id, "dao", "approve")).rejects.toMatchObject({ code: "AITO_VOTE_LATE" });
  expect(await closeDueRounds(company.deps)).toBe(1);
  expect(await closeDueRounds(company.deps)).toBe(0);
  expect(await decisionView(company.deps, id)).toMatchObject({
    phase: "analysis",
    rounds: [{ votes: [{ voter: "ceo" }, { voter: "dao", vote: "no_answer", castAt: null }] }, {}],
  });
  await withdraw(company.deps, "cmo", id);
  await expect(vote("not-an-id", "ceo", "veto")).rejects.toMatchObject({ code: "AITO_DECISION_UNKNOWN", status: 404 });
});

test("V08 nobody answers: every deadline passes and a human is asked", async () => {
  const { id } = await put({ usd: 430 });
  for (const seconds of [900, 1_800, 900]) {
    company.clock.advance(seconds * 1_000);
    await closeDueRounds(company.deps);
  }
  expect(await decisionView(company.deps, id)).toMatchObject({
    status: "escalated",
    outcomeReason: "no head voted in the final round",
  });
  await withdraw(company.deps, "cmo", id);
  expect((await listEscalations(company.deps, links)).find((view) => view.decisionId === id)).toMatchObject({
    status: "closed",
    url: null,
  });
});

test("V12 fifty answers at once have one effect", async () => {
  const decision = await deadlock({ task: { title: "Run it", workerType: "content-writer" } });
  const token = tokenOf((await waitingOf(decision.id)).url!);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      answerEscalation(company.deps, { token, answer: { decision: index % 2 ? "veto" : "approve", comment: `number ${index}` } }),
    ),
  );
  expect(answers.filter((answer) => answer.first)).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer.decision.status)).size).toBe(1);
  const recorded = (await listEvents(company.deps, { limit: 500 })).filter(
    (event) => event.type === "escalation.answered" && event.payload["decision"] === decision.id,
  );
  expect(recorded).toHaveLength(1);
});

test("V12 a decision is sent back once; a second deadlock opens a new escalation with a new link", async () => {
  const decision = await deadlock();
  const first = await waitingOf(decision.id);
  const sendBack = { decision: "send_back", comment: "what does it cost a month?" } as const;
  const answered = await answerEscalation(company.deps, { token: tokenOf(first.url!), answer: sendBack });
  expect(answered).toMatchObject({
    first: true,
    decision: { status: "pending", round: 4, phase: "analysis", humanComment: sendBack.comment },
  });
  for (const member of ["cmo", "cto", "cfo", "coo", "cco"]) await vote(decision.id, member, "abstain");
  await vote(decision.id, "ceo", "approve");
  await vote(decision.id, "dao", "veto");
  const second = await waitingOf(decision.id);
  expect(second.id).not.toBe(first.id);
  await expect(answerEscalation(company.deps, { token: tokenOf(second.url!), answer: sendBack })).rejects.toMatchObject({
    code: "AITO_ESCALATION_SENT_BACK",
  });
  expect(await waitingOf(decision.id)).toMatchObject({ id: second.id, status: "waiting" });
  const veto = { decision: "veto", comment: "" } as const;
  expect(await answerEscalation(company.deps, { escalationId: second.id, operator: "operator", answer: veto })).toMatchObject({
    first: true,
    decision: { status: "vetoed", humanDecision: "veto" },
  });
});

test("V12 a link expires, the decision does not; forged links are unknown; tokens are not stored", async () => {
  const decision = await deadlock();
  const first = await waitingOf(decision.id);
  const token = tokenOf(first.url!);
  expect((await waitingOf(decision.id)).url).toBe(first.url);
  company.clock.advance(24 * 3_600_000);
  const answer = { decision: "approve", comment: "" } as const;
  expect(await escalationByToken(company.deps, token)).toMatchObject({ state: "expired" });
  await expect(answerEscalation(company.deps, { token, answer })).rejects.toMatchObject({
    code: "AITO_LINK_EXPIRED",
    status: 410,
  });
  const forged = linkToken("another key", first.id, 1);
  await expect(answerEscalation(company.deps, { token: forged, answer })).rejects.toMatchObject({
    code: "AITO_LINK_UNKNOWN",
    status: 404,
  });
  await expect(escalationByToken(company.deps, "\0' or true")).rejects.toMatchObject({ code: "AITO_LINK_UNKNOWN" });
  const renewed = await waitingOf(decision.id);
  expect(renewed.url).not.toBe(first.url);
  const stored = await transact(company.deps, async (unit) =>
    JSON.stringify((await sql`select * from escalation_links`.execute(unit.queries)).rows),
  );
  expect(stored).not.toContain(tokenOf(renewed.url!));
  expect(stored).toContain(sha256(tokenOf(renewed.url!)));
  expect(await answerEscalation(company.deps, { token: tokenOf(renewed.url!), answer })).toMatchObject({ first: true });
  // A rotated key makes new links instead of showing ones that it did not sign.
  const other = await deadlock();
  const mine = await waitingOf(other.id);
  const rotated = (await listEscalations(company.deps, { ...links, linkKey: "rotated" })).find((view) => view.id === mine.id)!;
  expect(rotated.url).not.toBe(mine.url);
  await withdraw(company.deps, "cmo", other.id);
});

test("V17 a human overrides an approved decision, and work that has not ended is stopped", async () => {
  const decision = await put({ type: "minor", usd: 0, task: { title: "Tidy up" } }, "cco");
  expect(await overrideDecision(company.deps, { id: decision.id, operator: "operator", reason: "not now" })).toMatchObject({
    decision: { status: "overridden" },
    stopped: [{ title: "Tidy up" }],
    ran: [],
  });
  expect((await listTasks(company.deps)).find((row) => row.id === decision.taskId)).toMatchObject({ status: "cancelled" });
});

test("V08 a proposal that lapses is closed as vetoed, also while it is with a human", async () => {
  const validUntil = new Date(company.clock.now().getTime() + 3_600_000).toISOString();
  const decision = await deadlock({ validUntil });
  const token = tokenOf((await waitingOf(decision.id)).url!);
  company.clock.advance(3_600_000);
  const answer = { decision: "approve", comment: "" } as const;
  await expect(answerEscalation(company.deps, { token, answer })).rejects.toMatchObject({ code: "AITO_DECISION_EXPIRED" });
  expect(await closeDueRounds(company.deps)).toBe(1);
  expect(await decisionView(company.deps, decision.id)).toMatchObject({
    status: "vetoed",
    outcomeReason: expect.stringContaining("expired"),
  });
  expect(await escalationByToken(company.deps, token)).toMatchObject({ state: "closed" });
});

test("A13 an unknown worker type is refused before anything is stored", async () => {
  const before = (await listDecisions(company.deps)).length;
  await expect(put({ task: { title: "x", workerType: "astronaut" } })).rejects.toMatchObject({ code: "AITO_WORKER_TYPE" });
  await expect(put({}, "nobody")).rejects.toMatchObject({ code: "AITO_AGENT_UNKNOWN", status: 404 });
  expect((await listDecisions(company.deps)).length).toBe(before);
});

test("D08 another company sees no decision, escalation or link", async () => {
  const decision = await deadlock();
  const escalation = await waitingOf(decision.id);
  const other = await company.another("globex");
  expect(await listDecisions(other)).toEqual([]);
  expect(await listEscalations(other, links)).toEqual([]);
  await expect(decisionView(other, decision.id)).rejects.toMatchObject({ code: "AITO_DECISION_UNKNOWN" });
  const token = tokenOf(escalation.url!);
  const answer = { decision: "approve", comment: "" } as const;
  await expect(answerEscalation(other, { token, answer })).rejects.toMatchObject({ code: "AITO_LINK_UNKNOWN" });
  expect(await decisionView(company.deps, decision.id)).toMatchObject({ status: "escalated" });
});

test("S13 while a kill switch covers an agent nothing is proposed in its name, not by the operator either; a human's answer is taken", async () => {
  const who = { by: "operator", from: "a test" };
  const waits = await deadlock({ title: "A fair in autumn" });
  const idea = await proposeIdea(company.deps, sessions.get("cmo")!, { title: "Stickers", text: "", kind: null, usd: 0 });
  const count = async (): Promise<number> => (await listDecisions(company.deps, { limit: 500 })).length;
  const before = await count();
  const minor = { title: "Coffee", type: "minor", usd: 20 };
  for (const scope of ["company", "agent"] as const) {
    const on = await pressSwitch(company.deps, { scope, target: scope === "agent" ? "cmo" : "", reason: "look first" }, who);
    const refused = { code: "AITO_STOPPED", status: 423, message: expect.stringContaining("look first") };
    await expect(put(minor)).rejects.toMatchObject(refused);
    await expect(promoteIdea(company.deps, idea.id)).rejects.toMatchObject(refused);
    expect(await count()).toBe(before);
    if (scope === "company") {
      const { id } = (await listEscalations(company.deps, links)).find((each) => each.decisionId === waits.id)!;
      const answer = { decision: "veto", comment: "not this year" } as const;
      const answered = await answerEscalation(company.deps, { escalationId: id, operator: "operator", answer });
      expect(answered).toMatchObject({ first: true, decision: { status: "vetoed" } });
    } else {
      expect(await put({ ...minor, title: "Tea" }, "cto")).toMatchObject({ status: "approved" });
    }
    await resumeSwitch(company.deps, { id: on.id, reason: "seen", confirm: on.label }, who);
  }
  expect(await put(minor)).toMatchObject({ status: "approved" });
});

test("D06 the record replays to the stored state, votes rows say the same, and the chain holds", async () => {
  const rows = await transact(company.deps, async (unit) => {
    const decisions = await sql<{ id: string; machine: Record<string, unknown> }>`select id, machine from decisions`.execute(
      unit.queries,
    );
    const events = await sql<{
      payload: { decision: string; step: number; input: DecisionEvent };
      created_at: Date;
    }>`select payload, created_at
      from events where event_type like 'decision.%' and payload -> 'input' is not null order by (payload ->> 'step')::int`.execute(
      unit.queries,
    );
    const votes = await sql<{
      decision_id: string;
      round: number;
      voter: string;
      vote: string;
    }>`select decision_id, round, voter, vote
      from votes`.execute(unit.queries);
    return { decisions: decisions.rows, events: events.rows, votes: votes.rows };
  });
  expect(rows.decisions.length).toBeGreaterThan(15);
  for (const { id, machine } of rows.decisions) {
    const record = rows.events
      .filter((event) => event.payload.decision === id)
      .map((event) => ({ event: event.payload.input, at: event.created_at.toISOString() }));
    const replayed = replay(record)!;
    expect(replayed).toEqual(machine);
    const ballots = replayed.rounds.flatMap((round) =>
      round.ballots.map(({ voter, vote: said }) => `${round.number} ${voter} ${said}`),
    );
    const stored = rows.votes.filter((row) => row.decision_id === id).map((row) => `${row.round} ${row.voter} ${row.vote}`);
    expect(stored.toSorted()).toEqual(ballots.toSorted());
  }
  await sealEvents(company.deps);
  expect(await verifyChain(company.deps)).toMatchObject({ ok: true });
});
