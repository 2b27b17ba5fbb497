import { expect, test } from "vitest";
import type { CallEnd, CallToReserve, Held } from "./money-ledger.ts";
import { makePaidCalls, type PaidEnd } from "./paid-calls.ts";

const session = { agentId: "a1", agent: "cmo", epoch: 3, taskId: null } as Parameters<
  ReturnType<typeof makePaidCalls>["setAside"]
>[0]["session"];

function ledgerOf(taken: CallToReserve[], ended: CallEnd[]) {
  return {
    reserve: (call: CallToReserve) => {
      taken.push(call);
      return Promise.resolve({ ok: true as const, held: { id: call.id, amount: call.amountMicroUsd } as Held });
    },
    settle: (_held: Held, end: CallEnd) => void ended.push(end),
  };
}

test.each<[PaidEnd, bigint | null]>([
  ["paid", 400_000n],
  ["nothing", 0n],
  ["unknown", null],
])("B01 money set aside for a tool is settled once, as %s", async (how, cost) => {
  const [taken, ended]: [CallToReserve[], CallEnd[]] = [[], []];
  const openRuns = { current: () => Promise.resolve({ id: "r1", reasons: [{ kind: "task", ref: "t1" }] }) };
  const paid = makePaidCalls({ ledger: ledgerOf(taken, ended), openRuns, newId: () => "c1" });
  const money = await paid.setAside({ session, tool: "town__lookup", source: "town", amountMicroUsd: 400_000n });
  money.settle(how);
  money.settle("paid");
  expect(taken).toMatchObject([
    {
      id: "c1",
      agent: "a1",
      epoch: 3,
      run: "r1",
      task: "t1",
      model: "tool:town__lookup",
      upstream: "town",
      amountMicroUsd: 400_000n,
    },
  ]);
  expect(ended).toMatchObject([{ costMicroUsd: cost, chargedMicroUsd: cost }]);
});
