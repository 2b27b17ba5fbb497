import { answerApproval, approvalView, companyNumbers, createTask, showReceipt, taskView } from "@aito/company";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

let it: TestGateway;
const sessions: Record<string, string> = {};
beforeAll(async () => {
  it = await openGateway();
  for (const agent of ["ceo", "cmo", "cfo"]) sessions[agent] = (await it.enter(agent)).session;
});
afterAll(() => it.close());

const call = (agent: string, tool: string, args: object): Promise<{ ok: boolean; body: Loose }> =>
  it.callTool(sessions[agent]!, tool, args);
const newTask = async (agent: string, title: string): Promise<string> =>
  (await createTask(it.deps, "operator", { title, assignTo: agent })).id;

test("S09 a task is done only with a successful call that was made for it, and what cannot be done is said", async () => {
  const task = await newTask("cmo", "Publish the letter");
  const handIn = { task_id: task, summary: "Published." };
  expect((await call("cmo", "complete_task", handIn)).body["code"]).toBe("AITO_TASK_EVIDENCE");
  // A refused call, one for no task, and one that only says what its caller says are no evidence.
  await call("cmo", "publish_text", { title: "A letter", text: "Dear all.", for_task: task });
  await call("cmo", "create_task", { title: "Something else" });
  await call("cmo", "save_state", { key: "done", value: true, for_task: task });
  await call("cmo", "report", { text: "It is done.", task_id: task });
  const refused = await call("cmo", "complete_task", handIn);
  expect(refused.body["code"]).toBe("AITO_TASK_EVIDENCE");
  expect(refused.body["message"]).toContain("publish_text (refused)");
  expect((await taskView(it.deps, task)).status).toBe("pending");
  // Work of another kind is evidence; that what was tried outside happened it does not say.
  await call("cmo", "create_task", { title: "Ask a lawyer about the letter", for_task: task });
  const unsaid = await call("cmo", "complete_task", handIn);
  expect(unsaid.body["code"]).toBe("AITO_TASK_EVIDENCE");
  const [, id] = /publish_text \(refused, receipt ([0-9a-f-]{36})\)/.exec(unsaid.body["message"])!;
  const said = { ...handIn, summary: `A lawyer is asked; nothing is published (receipt ${id}).` };
  expect((await call("cmo", "complete_task", said)).body).toMatchObject({ status: "done" });
  const other = await newTask("cmo", "Fly to the moon");
  expect((await call("cmo", "complete_task", { task_id: other, summary: "No rocket.", outcome: "failed" })).body).toMatchObject({
    status: "failed",
  });
});

test("S09 S01 a task whose outward call waits for a human is done once that call has succeeded, also for an agent that holds many", async () => {
  const task = await newTask("cmo", "Publish the notice");
  const handIn = { task_id: task, summary: "The notice is out." };
  const asked = await call("cmo", "publish_text", { title: "A notice", text: "Dear all.", for_task: task });
  await call("cmo", "save_work", { task_id: task, text: "Dear all." });
  const early = await call("cmo", "complete_task", handIn);
  expect(early.body).toMatchObject({ code: "AITO_TASK_EVIDENCE", message: expect.stringContaining("publish_text (refused") });
  const id = String(asked.body["approval_id"]);
  const { digest, taskId } = await approvalView(it.deps, null, id);
  expect(taskId).toBe(task);
  await answerApproval(it.deps, { id, by: "operator", answer: { answer: "approve", digest } });
  await until(
    () => approvalView(it.deps, null, id),
    ({ status }) => status === "done",
    60_000,
  );
  expect((await call("cmo", "complete_task", handIn)).body).toMatchObject({ status: "done" });
  const ran = (await it.rows("receipts")).filter(({ tool, status }) => tool === "publish_text" && status === "succeeded");
  expect(ran).toMatchObject([{ task_id: task }]);
  expect((await taskView(it.deps, task)).result!.receipts).toContain(ran[0]!["id"]);
});

test("S10 wrong claims are refused with the reason, mended ones are stored, and numbers that nothing backs are marked where they stand", async () => {
  const task = await newTask("cmo", "Write 3 lines about the launch");
  const saved = (await call("cmo", "save_work", { task_id: task, text: "# Launch\n\nSoon, 40 % cheaper." })).body;
  const claim = { metric: "words", unit: "count", entity: task, receipts: [saved["receipt"]] };
  const handIn = (value: string, summary = `It has ${value} words.`) =>
    call("cmo", "complete_task", { task_id: task, summary, claims: [{ ...claim, value }] });
  const refused = await handIn("900");
  expect(refused.body).toMatchObject({ code: "AITO_CLAIM_UNSUPPORTED" });
  expect(refused.body["message"]).toContain(`states ${saved["words"]} count, not 900`);
  expect(
    (await call("cmo", "report", { text: "900 words", task_id: task, claims: [{ ...claim, value: "900" }] })).body,
  ).toMatchObject({
    claims: [{ verified: false }],
    unverified_numbers: ["900"],
  });
  const done = await handIn(String(saved["words"]));
  expect(done.body).toMatchObject({ status: "done", unverified_numbers: ["40 %"] });
  const { result } = await taskView(it.deps, task);
  expect(result).toMatchObject({
    claims: [{ verified: true, agent: "cmo", receipts: [saved["receipt"]] }],
    marks: { summary: [] },
  });
  const [mark] = result!.marks!.text;
  expect(result!.text!.slice(mark!.start, mark!.end)).toBe("40 %");
  expect((await showReceipt(it.deps, saved["receipt"])).claims.map((each) => each.verified)).toContain(true);
});

test("S06 S10 figures are the company's own and verified claims; what no receipt backs stands apart", async () => {
  await call("cmo", "record_metric", { name: "signups", value: 900, unit: "count" });
  const read = (await call("cfo", "read_figures", {})).body;
  const left = (read["figures"] as Loose[]).find((each) => each["metric"] === "budget_left")!;
  expect(
    (await call("cfo", "record_metric", { name: "budget_left", value: left["value"], unit: "USD", receipts: [read["receipt"]] }))
      .body,
  ).toMatchObject({ verified: true });
  // Somebody else's receipt, and another currency.
  const stolen = { name: "budget_left", value: left["value"], unit: "USD", receipts: [read["receipt"]] };
  expect((await call("cmo", "record_metric", stolen)).body).toMatchObject({
    verified: false,
    why: expect.stringContaining("another agent's"),
  });
  expect((await call("cfo", "record_metric", { ...stolen, unit: "EUR" })).body).toMatchObject({ verified: false });
  const { verified, unverified } = await companyNumbers(it.deps);
  expect(verified.map((each) => [each.agent, each.metric])).toContainEqual(["cfo", "budget_left"]);
  expect(verified.map((each) => each.metric)).not.toContain("signups");
  expect(unverified.map((each) => each.metric)).toContain("signups");
  const again = (await call("ceo", "read_figures", {})).body;
  expect((again["unverified"] as Loose[]).map((each) => each["metric"])).toContain("signups");
});
