import { Proposal } from "@aito/protocol";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  acquireTerm,
  type AgentSession,
  assignUrgent,
  castVote,
  closeDueRounds,
  closeStatusQueries,
  decisionView,
  fleetStatus,
  heartbeat,
  incarnationLost,
  keepLead,
  listAgents,
  listEvents,
  listMessages,
  openStatusQuery,
  openWork,
  propose,
  sendMessage,
  unassignedWork,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
const alive = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const name of ["ceo", "dao", "cmo"]) alive.set(name, await company.enter(name));
});
afterAll(() => company.close());

const stepSeconds = 5;

/** Seconds of company life in which `alive` are heard, with a tick every five. */
async function live(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += stepSeconds) {
    company.clock.advance(stepSeconds * 1_000);
    for (const session of alive.values()) await heartbeat(company.deps, session, { doing: null, progress: 0 });
    await keepLead(company.deps);
  }
}
const lead = async () => (await fleetStatus(company.deps)).lead!;
const crash = async (name: string): Promise<void> => {
  const { epoch } = alive.get(name)!;
  alive.delete(name);
  const loss = { reason: "it was killed from outside", retryAt: company.clock.now(), wanted: true, failures: 1 };
  await incarnationLost(company.deps, { agent: name, epoch, ...loss });
};
const back = async (name: string): Promise<void> => void alive.set(name, await company.enter(name));
const openTerms = async (): Promise<number> =>
  await company.deps.db.transaction(
    { companyId: company.deps.companyId },
    async (tx) =>
      (await sql<{ n: number }>`select count(*)::int as n from lead_terms where ended_at is null`.execute(tx.queries)).rows[0]!.n,
  );

test("O18 the fleet file's lead has the first term", async () => {
  await live(1);
  expect(await lead()).toMatchObject({ name: "ceo", acting: false, term: "1" });
});

test("O18 a CEO that is replaced within the grace time stays the lead", async () => {
  await crash("ceo");
  await live(40);
  await back("ceo");
  await live(60);
  expect(await lead()).toMatchObject({ name: "ceo", term: "1" });
});

test("O18 a CEO lost for the grace time: the DAO acts with the next term, and everybody can see it", async () => {
  await crash("ceo");
  await live(60);
  expect(await lead()).toMatchObject({ name: "ceo", term: "1" });
  await live(10);
  expect(await lead()).toMatchObject({ name: "dao", acting: true, term: "2" });
  const agents = await listAgents(company.deps);
  expect(agents.filter((agent) => agent.lead).map((agent) => [agent.name, agent.lead])).toEqual([["dao", "acting"]]);
  const events = await listEvents(company.deps, { types: ["lead.acting"], limit: 5 });
  expect(events[0]).toMatchObject({ target: "dao", payload: { term: "2", before: "ceo" } });
  expect((await openWork(company.deps)).some((work) => work.agent === "dao")).toBe(true);
});

/** An urgent item for whoever can take it; who was named for it, while `busy` are in a run. */
async function urgent(busy: string[]): Promise<string | null> {
  const { deps } = company;
  for (const [name, session] of alive)
    await heartbeat(deps, session, { doing: busy.includes(name) ? "a run" : null, progress: 0 });
  const id = deps.newId();
  await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql`insert into work (id, company_id, agent_id, kind, reason, priority, urgent, available_at, created_at)
      values (${id}, ${deps.companyId}, null, 'wake', 'it burns', 9, true, ${tx.now}, ${tx.now})`.execute(tx.queries),
  );
  expect(await unassignedWork(deps)).toEqual([id]);
  return await assignUrgent(deps, id);
}

test("O18 urgent work follows the acting lead, busy or not", async () => {
  expect(await urgent([])).toBe("dao");
  expect(await urgent(["dao"])).toBe("dao");
});

test("O18 status loop and alerts follow the acting lead", async () => {
  company.clock.advance(3_600_000);
  await live(1);
  expect(await openStatusQuery(company.deps)).not.toBeNull();
  const asked = await listEvents(company.deps, { types: ["status.asked"], limit: 1 });
  expect(asked[0]).toMatchObject({ source: "dao" });
  const before = (await openWork(company.deps)).filter((work) => work.agent === "dao").length;
  await sendMessage(company.deps, "system", { type: "alert", to: "ceo", payload: { title: "Servers burn", detail: "all" } });
  expect((await openWork(company.deps)).filter((work) => work.agent === "dao")).toHaveLength(before + 1);
  expect((await openWork(company.deps)).filter((work) => work.agent === "ceo").length).toBeGreaterThan(0);
});

test("O18 the acting lead cannot cast the CEO's ballot: it is recorded as no answer, and a human decides", async () => {
  const decision = await propose(company.deps, "cmo", Proposal.parse({ title: "Sponsor a conference", type: "major", usd: 500 }));
  await castVote(company.deps, alive.get("dao")!, { decisionId: decision.id, vote: "approve", reason: "good" });
  for (let minute = 0; minute < 120; minute += 1) {
    company.clock.advance(60_000);
    await closeDueRounds(company.deps);
  }
  const seen = await decisionView(company.deps, decision.id);
  expect(seen.status).toBe("escalated");
  const votes = seen.rounds.flatMap((round) => round.votes);
  expect(votes.filter((vote) => vote.voter === "ceo").every((vote) => vote.vote === "no_answer")).toBe(true);
  expect(votes.some((vote) => vote.voter === "dao" && vote.vote === "approve")).toBe(true);
});

test("O18 the lead returns with the next term, after having lived for a while", async () => {
  await live(1);
  await back("ceo");
  await live(20);
  expect(await lead()).toMatchObject({ name: "dao", term: "2" });
  // It is there and idle, but not trusted yet.
  expect(await urgent(["dao"])).toBe("dao");
  await live(20);
  expect(await lead()).toMatchObject({ name: "ceo", acting: false, term: "3" });
  expect(await openTerms()).toBe(1);
  expect(await urgent([])).toBe("ceo");
  expect(await urgent(["ceo", "dao"])).toBe("ceo");
  expect(await urgent(["ceo"])).toBe("dao");
});

test("O18 L14 a status query that the acting lead asked and that ends under the next lead: what follows from it is the next lead's", async () => {
  expect(await closeStatusQueries(company.deps)).toBe(1);
  const closed = await listEvents(company.deps, { types: ["status.aggregated"], limit: 1 });
  expect(closed[0]).toMatchObject({ source: "ceo" });
  const missing = closed[0]!.payload["missingAgents"] as string[];
  expect(missing).toContain("cto");
  const tasks = await listEvents(company.deps, { types: ["task.created"], limit: 20 });
  expect(tasks).toHaveLength(missing.length);
  for (const task of tasks) expect(task).toMatchObject({ source: "ceo", target: "ceo" });
});

test("O18 both heads lost: nobody acts, one alert tells the human, and it closes when a head is back", async () => {
  await crash("ceo");
  await crash("dao");
  await live(120);
  expect(await lead()).toMatchObject({ name: "ceo", term: "3" });
  expect(await urgent(["cmo"])).toBe("cmo");
  expect((await fleetStatus(company.deps)).alerts).toMatchObject([{ kind: "heads_lost" }]);
  expect(await listEvents(company.deps, { types: ["alert.opened"], limit: 5 })).toHaveLength(1);
  await back("dao");
  await live(1);
  expect(await lead()).toMatchObject({ name: "dao", acting: true, term: "4" });
  expect((await fleetStatus(company.deps)).alerts).toEqual([]);
});

test("O18 a cut link: a head that runs but is not heard is lost, too", async () => {
  await back("ceo");
  await live(70);
  expect(await lead()).toMatchObject({ name: "ceo", acting: false });
  alive.delete("ceo");
  await live(80);
  expect(await lead()).toMatchObject({ name: "dao", acting: true });
});

test("O18 two terms cannot be open at once: the database refuses the second, and a keeper without the company's term changes nothing", async () => {
  const { deps } = company;
  const scope = { companyId: deps.companyId };
  await expect(
    deps.db.transaction(scope, (tx) =>
      sql`insert into lead_terms (company_id, term, agent_id, acting, reason, began_at)
        select company_id, term + 1, agent_id, acting, 'forced', began_at from lead_terms where ended_at is null`.execute(
        tx.queries,
      ),
    ),
  ).rejects.toThrow(/lead_terms_one_open/);
  const old = (await acquireTerm(deps, "first", 10_000))!;
  company.clock.advance(11_000);
  await acquireTerm(deps, "second", 10_000);
  await back("ceo");
  const late = { ...deps, lead: () => ({ holder: "first", term: old }) };
  company.clock.advance(1_000);
  await expect(keepLead(late)).rejects.toMatchObject({ code: "AITO_TERM_LOST" });
});

test("O18 many keepers at once change the lead once", async () => {
  await live(80);
  const before = await lead();
  expect(before).toMatchObject({ name: "ceo" });
  await crash("ceo");
  await live(55);
  company.clock.advance(10_000);
  await heartbeat(company.deps, alive.get("dao")!, { doing: null, progress: 1 });
  const changed = await Promise.all(Array.from({ length: 8 }, () => keepLead(company.deps)));
  expect(changed.filter(Boolean)).toHaveLength(1);
  expect(await lead()).toMatchObject({ name: "dao", term: String(Number(before.term) + 1) });
  expect(await openTerms()).toBe(1);
  expect((await listMessages(company.deps, { limit: 20 })).filter((message) => message.from === "system").length).toBeGreaterThan(
    0,
  );
});
