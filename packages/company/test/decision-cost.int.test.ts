import { Proposal } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { castVote, claimRun, decisionView, listCalls, listDecisions, propose, runContext } from "../src/index.ts";
import { addUsage, openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

test("B01 a decision shows what its model calls cost, shared among what a run was about, and unknown is not 0", async () => {
  const { deps } = company;
  const ceo = await company.enter("ceo");
  const dao = await company.enter("dao");
  const make = (title: string) => propose(deps, "cto", Proposal.parse({ title, type: "major", usd: 150 }));
  const [first, second] = [await make("A staging server"), await make("A second monitor")];
  const spend = async (session: typeof ceo, costMicroUsd: bigint | null, status = 200): Promise<void> => {
    const claimed = await claimRun(deps, session);
    await runContext(deps, session, { run: claimed!.run.id });
    const call = { agentId: session.agentId, epoch: session.epoch, runId: claimed!.run.id };
    await addUsage(deps, { ...call, status, costMicroUsd });
    await addUsage(deps, { ...call, status: 529, costMicroUsd: null });
  };
  expect((await decisionView(deps, first.id)).modelCostMicroUsd).toBe("0");
  await spend(ceo, 3_000n);
  expect((await decisionView(deps, first.id)).modelCostMicroUsd).toBe("1500");
  expect((await decisionView(deps, second.id)).modelCostMicroUsd).toBe("1500");
  // The sum leads to the calls that it is made of, and to no other's.
  const led = async (decision: string) =>
    (await listCalls(deps, { decision, limit: 10 })).map(({ costMicroUsd }) => costMicroUsd);
  expect([await led(first.id), await led(second.id), await led(deps.newId())]).toEqual([["3000"], ["3000"], []]);
  await spend(dao, null);
  expect((await decisionView(deps, first.id)).modelCostMicroUsd).toBeNull();
  await castVote(deps, ceo, { decisionId: first.id, vote: "approve", reason: "good" });
  expect((await listDecisions(deps)).map((decision) => decision.modelCostMicroUsd)).toEqual([null, null]);
});
