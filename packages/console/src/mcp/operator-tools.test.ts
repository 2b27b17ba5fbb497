import type { ApprovalAnswer, HumanAnswer } from "@aito/protocol";
import { expect, test } from "vitest";
import type { Records } from "../records.ts";
import { operatorTools } from "./operator-tools.ts";

const id = "01939f00-0000-7000-8000-000000000001";
const digest = "d".repeat(64);
const given: (ApprovalAnswer | HumanAnswer)[] = [];
const records = {
  escalations: async ({ status }: { status: string }) => [{ id, status, url: "http://127.0.0.1/e/token" }],
  approvals: async ({ status }: { status: string }) => [{ id, digest, status, url: "http://127.0.0.1/a/token" }],
  answerAsOperator: async (_id: string, _by: string, answer: HumanAnswer) => {
    given.push(answer);
    return { first: true, decision: {} };
  },
  answerApproval: async (_id: string, _by: string, answer: ApprovalAnswer) => {
    given.push(answer);
    return { first: true, approval: {}, others: [] };
  },
} as unknown as Records;
const run = async (name: string, args: object, scopes: string[]): Promise<Record<string, unknown>> => {
  const tool = operatorTools.find((each) => each.name === name)!;
  return (await tool.run(records, tool.input.parse(args), { operator: "ada", scopes } as never)) as Record<string, unknown>;
};

test("X12 what waits holds the calls with their digests, and the links to answer them only for who may", async () => {
  const [reader, answerer] = [await run("list_waiting", {}, ["read"]), await run("list_waiting", {}, ["read", "answer"])];
  expect(reader).toMatchObject({
    waiting: [{ status: "waiting", url: null }],
    calls: [{ digest, status: "waiting", url: null }],
  });
  expect(answerer).toMatchObject({
    waiting: [{ url: expect.stringContaining("/e/") }],
    calls: [{ url: expect.stringContaining("/a/") }],
  });
  expect(operatorTools.find(({ name }) => name === "answer")!.needs).toBe("answer");
});

test("X12 an answer names a decision, or a call with its digest, and nothing else", async () => {
  const wrong = [
    { decision: "approve" },
    { decision: "approve", approval_id: id },
    { decision: "approve", digest },
    { decision: "approve", approval_id: id, escalation_id: id, digest },
    { decision: "approve", escalation_id: id, digest },
  ];
  for (const args of wrong) await expect(run("answer", args, ["answer"])).rejects.toMatchObject({ code: "AITO_ANSWER_INVALID" });
  expect(given).toEqual([]);
  await run("answer", { escalation_id: id, decision: "veto" }, ["answer"]);
  for (const decision of ["approve", "veto", "send_back"])
    await run("answer", { approval_id: id, digest, decision, comment: "so" }, ["answer"]);
  expect(given).toEqual([
    { decision: "veto", comment: "" },
    ...["approve", "deny", "send_back"].map((answer) => ({ answer, digest, comment: "so" })),
  ]);
});
