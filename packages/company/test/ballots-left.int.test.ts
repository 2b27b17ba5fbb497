import { Proposal } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentSession, castVote, claimRun, finishRun, propose, runContext } from "../src/index.ts";
import { openCompany, report, type TestCompany } from "./open-company.ts";

let company: TestCompany;
let ceo: AgentSession;
beforeAll(async () => {
  company = await openCompany();
  ceo = await company.enter("ceo");
});
afterAll(() => company.close());

/** One run of the CEO that casts `ballots` and reports; answers how many decisions waited for it, and its reasons. */
async function run(ballots: number): Promise<{ waited: number; reasons: string[] } | null> {
  const { deps } = company;
  const claimed = await claimRun(deps, ceo);
  if (!claimed) return null;
  const { decisions, askModel } = await runContext(deps, ceo, { run: claimed.run.id });
  expect(askModel).toBe(true);
  for (const { id } of decisions.slice(0, ballots)) {
    await castVote(deps, ceo, { decisionId: id, vote: "approve", reason: "within the budget" });
  }
  await finishRun(deps, ceo, report(claimed.run.id));
  company.clock.advance(1_000);
  return { waited: decisions.length, reasons: claimed.run.reasons.map(({ text }) => text) };
}

test("V03 a run that votes on some of what waits is followed by one for the rest at once; one that votes on nothing is not", async () => {
  const { deps } = company;
  for (let n = 0; n < 5; n += 1)
    await propose(deps, "cto", Proposal.parse({ title: `Tool ${n}`, type: "major", usd: 110 + 10 * n }));
  expect(await run(2)).toMatchObject({ waited: 5 });
  expect(await run(2)).toMatchObject({
    waited: 3,
    reasons: Array.from({ length: 3 }, () => expect.stringContaining("still waits")),
  });
  expect(await run(0)).toMatchObject({ waited: 1 });
  // Woken for the rest and silent: the deadline is its answer, and no model is asked again and again.
  expect(await run(0)).toBeNull();
});
