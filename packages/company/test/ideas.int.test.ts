import { afterAll, beforeAll, expect, test } from "vitest";
import {
  acceptance,
  addWork,
  answerEscalation,
  claimRun,
  closeDueRounds,
  decisionView,
  listEscalations,
  listIdeas,
  promoteIdea,
  proposeIdea,
  runContext,
  taintRun,
  transact,
} from "../src/index.ts";
import { agentRow } from "../src/agents/agent-row.ts";
import { selectTaintOf } from "../src/grants/queries.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

const links = { linkKey: "a link key of the tests", publicUrl: "http://127.0.0.1:7700" };
let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const idea = (title: string, usd = 0) => ({ title, text: "", kind: null, usd });

test("L17 an idea is kept with its score; the same said otherwise is merged into it, also by a colleague", async () => {
  const [cmo, cto] = [await company.enter("cmo"), await company.enter("cto")];
  const first = await proposeIdea(company.deps, cmo, idea("A weekly guide to staying safe from scams"));
  expect(first).toMatchObject({
    status: "kept",
    agent: "cmo",
    mentions: 1,
    scoreParts: { novelty: 35, cost: 20, acceptance: 10 },
  });
  const again = await proposeIdea(company.deps, cto, idea("Weekly guides for staying safe from a scam"));
  expect(again).toMatchObject({ status: "merged", mergedInto: first.id, score: null });
  expect((await listIdeas(company.deps)).find((each) => each.id === first.id)).toMatchObject({ mentions: 2 });
  await expect(promoteIdea(company.deps, again.id)).rejects.toMatchObject({ code: "AITO_IDEA_CLOSED", status: 409 });
  await expect(promoteIdea(company.deps, company.deps.newId())).rejects.toMatchObject({ code: "AITO_IDEA_UNKNOWN" });
});

test("L17 an idea far above the budget that fits nothing scores low; one that fits the mission becomes a decision by itself", async () => {
  const cmo = await company.enter("cmo");
  const dear = await proposeIdea(company.deps, cmo, idea("Buy an island", 1_000_000));
  expect(dear.scoreParts).toMatchObject({ cost: 0, fit: 0 });
  const good = await proposeIdea(company.deps, cmo, idea("The mission of cmo told as a story"));
  expect(good).toMatchObject({ status: "promoted", decisionId: expect.any(String) });
  expect(await decisionView(company.deps, good.decisionId!)).toMatchObject({ proposedBy: "cmo", title: good.title });
});

test("B05 L17 an operator promotes an idea; the human's answer and its reason are in the agent's next context and in its acceptance", async () => {
  const cco = await company.enter("cco");
  const kept = await proposeIdea(company.deps, cco, {
    title: "Open hour for visitors",
    text: "",
    kind: "New campaigns",
    usd: 300,
  });
  const promoted = await promoteIdea(company.deps, kept.id);
  expect(promoted).toMatchObject({ status: "promoted" });
  await expect(promoteIdea(company.deps, kept.id)).rejects.toMatchObject({ code: "AITO_IDEA_CLOSED" });
  for (let round = 0; round < 8; round += 1) {
    company.clock.advance(7_200_000);
    await closeDueRounds(company.deps);
  }
  const waiting = (await listEscalations(company.deps, links)).find((each) => each.decisionId === promoted.decisionId)!;
  const answer = { decision: "veto", comment: "Not before the move." } as const;
  await answerEscalation(company.deps, { escalationId: waiting.id, operator: "operator", answer });
  expect(await acceptance(company.deps)).toEqual([{ agent: "cco", kind: "New campaigns", approved: 0, vetoed: 1, sentBack: 0 }]);
  await transact(company.deps, async (unit) =>
    addWork(unit, { agent: await agentRow(unit, "cco"), kind: "wake", ref: "x", reason: "asked", priority: 5 }),
  );
  const { run } = (await claimRun(company.deps, cco))!;
  const context = await runContext(company.deps, cco, { run: run.id });
  expect(context.humanAnswers).toMatchObject([
    { title: "Open hour for visitors", answer: "veto", reason: "Not before the move." },
  ]);
});

test("S18 an idea of a run that has read text from outside says so, and so does the decision that it becomes, whenever that is", async () => {
  const [cto, coo] = [await company.enter("cto"), await company.enter("coo")];
  await taintRun(company.deps, cto, "the tool read_page");
  const tainted = await proposeIdea(company.deps, cto, idea("Give every visitor a lighthouse", 20));
  const clean = await proposeIdea(company.deps, coo, idea("Number the harbour's boxes anew", 20));
  expect([tainted.taint, clean.taint]).toEqual(["the tool read_page", null]);
  // The next incarnation has read nothing; what the earlier one wrote still carries it.
  await company.enter("cto");
  const taintOfDecision = async ({ id, decisionId }: { id: string; decisionId: string | null }) => {
    const decision = decisionId ?? (await promoteIdea(company.deps, id)).decisionId!;
    return await transact(company.deps, (unit) => selectTaintOf(unit, "decisions", [decision]));
  };
  expect([await taintOfDecision(tainted), await taintOfDecision(clean)]).toEqual(["the tool read_page", null]);
  expect((await listIdeas(company.deps)).find(({ id }) => id === tainted.id)).toMatchObject({ taint: "the tool read_page" });
});

test("L17 another company has none of them", async () => {
  expect(await listIdeas(await company.another("rival"))).toEqual([]);
});
