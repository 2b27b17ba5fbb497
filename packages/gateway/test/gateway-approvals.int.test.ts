import { systemClock } from "@aito/base";
import {
  addPermission,
  answerApproval,
  approvalView,
  listApprovals,
  listEvents,
  listPublications,
  loadPack,
  previewEdit,
  registerFleet,
  revokePermission,
  showReceipt,
} from "@aito/company";
import type { ApprovalView, FleetFile, NewPermission } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, links, type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";
import { outside } from "./outward-tools.ts";

const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const world = outside();
let aheadMs = 0;
const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };

let it: TestGateway;
const sessions: Record<string, string> = {};
beforeAll(async () => {
  it = await openGateway({ clock, moreTools: world.tools });
  for (const agent of ["ceo", "dao", "cmo", "coo", "cto"]) sessions[agent] = (await it.enter(agent)).session;
});
afterAll(() => it.close());

const unknownId = "01890000-0000-7000-8000-000000000000";
const call = (agent: string, tool: string, args: object): Promise<{ ok: boolean; body: Loose }> =>
  it.callTool(sessions[agent]!, tool, args);
const view = (id: string): Promise<ApprovalView> => approvalView(it.deps, links, id);
const published = async (): Promise<string[]> => (await listPublications(it.deps, { limit: 200 })).map(({ title }) => title);

async function operate(change: (file: FleetFile) => void): Promise<void> {
  const fleet = await loadPack(pack);
  change(fleet.file);
  await registerFleet(it.deps, fleet);
}
/** A call that a human is asked about. */
async function ask(agent: string, args: object, tool = "publish_text"): Promise<ApprovalView> {
  const { ok, body } = await call(agent, tool, args);
  expect([ok, body["code"]], JSON.stringify(body)).toEqual([false, "AITO_APPROVAL_NEEDED"]);
  return await view(body["approval_id"] as string);
}
const answer = (
  approval: ApprovalView,
  word: "approve" | "deny",
  more: { equal?: { id: string; digest: string }[]; comment?: string } = {},
) => answerApproval(it.deps, { id: approval.id, by: "operator", answer: { answer: word, digest: approval.digest, ...more } });
/** What the agent was told of it, and that it has work for it. */
async function toldOf(id: string): Promise<string[]> {
  const messages = (await it.rows("messages")).filter(
    ({ from_name, payload }) => from_name === "system" && String(payload.text).includes(id),
  );
  const work = await it.rows("work");
  for (const message of messages) expect(work.some(({ ref }) => ref === message["id"])).toBe(true);
  return messages.map(({ payload }) => String(payload.text));
}

test("S01 Y10 an approved call runs once, with a receipt, and wakes its agent with the result", async () => {
  const approval = await ask("cmo", { title: "First", text: "Words." });
  expect(approval).toMatchObject({ status: "waiting", agent: "cmo", tool: "publish_text", rule: "mode.supervised" });
  expect(approval.arguments).toEqual({ title: "First", text: "Words.", usd: 0 });
  expect(await published()).toEqual([]);
  expect((await answer(approval, "approve")).first).toBe(true);
  expect(await ended(it.deps, approval.id)).toMatchObject({
    status: "done",
    answeredBy: "operator",
    result: { published: true },
  });
  expect(await published()).toEqual(["First"]);
  expect((await answer(approval, "approve")).first).toBe(false);
  expect((await answer(approval, "deny")).first).toBe(false);
  const [told] = await toldOf(approval.id);
  expect(told).toContain("was approved and ran");
  const receipt = (await it.rows("receipts")).find(({ id }) => told!.includes(String(id)));
  expect(receipt).toMatchObject({ tool: "publish_text", status: "succeeded" });
  expect(await published()).toEqual(["First"]);
});

test("S01 deny, silence and failure run nothing, and each wakes its agent", async () => {
  const denied = await ask("cmo", { title: "Denied", text: "Words." });
  await answer(denied, "deny", { comment: "not this week" });
  expect((await toldOf(denied.id))[0]).toContain("was denied by a human: not this week");
  const silent = await ask("cmo", { title: "Silent", text: "Words." });
  aheadMs += 25 * 3_600_000;
  expect(await ended(it.deps, silent.id)).toMatchObject({ status: "expired" });
  expect((await toldOf(silent.id))[0]).toContain("which is a denial");
  expect((await answer(silent, "approve")).first).toBe(false);
  // Sessions last an hour: the next one's calls come from new incarnations.
  for (const agent of Object.keys(sessions)) sessions[agent] = (await it.enter(agent)).session;
  const failing = await ask("cmo", { to: "nowhere" }, "send_parcel");
  world.behave = () => Promise.resolve({ ok: false, arrived: "no", error: "no such street." });
  await answer(failing, "approve");
  expect(await ended(it.deps, failing.id)).toMatchObject({ status: "failed", error: "no such street." });
  expect((await toldOf(failing.id))[0]).toContain("failed: no such street.");
  world.behave = () => Promise.resolve(null);
  expect(await published()).toEqual(["First"]);
  expect(world.ledger).toEqual([]);
});

test("S01 edited arguments are another call with a digest of its own; what the tool does not take is refused", async () => {
  const approval = await ask("cmo", { title: "Draft", text: "Wrods." });
  const edit = (args: Record<string, unknown>, digest = approval.digest) =>
    answerApproval(it.deps, { id: approval.id, by: "operator", answer: { answer: "edit", digest, arguments: args as never } });
  await expect(edit({ title: "Draft" })).rejects.toMatchObject({ code: "AITO_APPROVAL_ARGUMENTS", status: 422 });
  await expect(edit({ title: "Draft", text: "Words." }, "0".repeat(64))).rejects.toMatchObject({ code: "AITO_APPROVAL_CHANGED" });
  const dearer = { title: "Final", text: "Words.", usd: 7.5 };
  expect((await previewEdit(it.deps, { id: approval.id, arguments: dearer })).amountMicroUsd).toBe("7500000");
  await expect(edit({ ...dearer, usd: -1 })).rejects.toMatchObject({ code: "AITO_APPROVAL_ARGUMENTS" });
  const { approval: made } = await edit({ title: "Final", text: "Words.", usd: 0.5 });
  expect(String(made.amount_micro_usd)).toBe("500000");
  expect(made).toMatchObject({ edited_from: approval.id });
  expect(made.digest).not.toBe(approval.digest);
  expect(await ended(it.deps, made.id)).toMatchObject({ status: "done" });
  expect((await view(approval.id)).status).toBe("edited");
  expect(await published()).toEqual(["Final", "First"]);
  expect((await toldOf(made.id))[0]).toContain("with changed arguments");
});

test("S06 S01 a call that was not made names its receipt wherever that is told, and the receipt leads to its approval", async () => {
  const args = (title: string): object => ({ title, text: "Words." });
  const eventOf = async (type: string, key: string, value: unknown): Promise<Loose> =>
    (await listEvents(it.deps, { types: [type], limit: 500 })).find(({ payload }) => payload[key] === value)!.payload;
  const leads = async (id: string, status: string): Promise<string> => {
    const { receipt } = await view(id);
    expect(await showReceipt(it.deps, receipt!)).toMatchObject({ approval: id, status, check: { verdict: "valid" } });
    return receipt!;
  };
  const asked = (await call("cmo", "publish_text", args("Not this"))).body;
  const id = asked["approval_id"] as string;
  expect(await eventOf("approval.needed", "approval", id)).toMatchObject({ receipt: asked["receipt"] });
  await answer(await view(id), "deny");
  expect(await leads(id, "refused")).toBe(asked["receipt"]);
  expect(await eventOf("approval.denied", "approval", id)).toMatchObject({ receipt: asked["receipt"] });
  expect((await toldOf(id))[0]).toContain(`Receipt ${asked["receipt"]}.`);
  const { body } = await call("cmo", "publish_text", { ...args("Not this"), approval_id: id });
  expect(body).toMatchObject({ status: "denied", receipt_of_call: asked["receipt"] });
  // Asked twice, it is one approval, to which each of the two receipts leads.
  const again = [await call("cmo", "publish_text", args("Twice")), await call("cmo", "publish_text", args("Twice"))];
  const [twice, other] = again.map(({ body: told }) => told) as [Loose, Loose];
  expect(other["approval_id"]).toBe(twice["approval_id"]);
  for (const { receipt } of [twice, other]) expect((await showReceipt(it.deps, receipt)).approval).toBe(twice["approval_id"]);
  await answer(await view(twice["approval_id"]), "deny");

  const silent = await ask("cmo", args("No answer"));
  aheadMs += 25 * 3_600_000;
  expect(await ended(it.deps, silent.id)).toMatchObject({ status: "expired" });
  const unanswered = await leads(silent.id, "refused");
  expect(await eventOf("approval.expired", "approval", silent.id)).toMatchObject({ receipt: unanswered });
  expect((await toldOf(silent.id))[0]).toContain(`Receipt ${unanswered}.`);
  for (const agent of Object.keys(sessions)) sessions[agent] = (await it.enter(agent)).session;

  // What was approved and could not begin has a receipt of its own.
  const late = await ask("cmo", args("Shadowed"));
  await operate((file) => void (file.roles["cmo"]!.autonomy = "shadow"));
  await answer(late, "approve");
  expect(await ended(it.deps, late.id)).toMatchObject({ status: "failed" });
  const failed = await leads(late.id, "failed");
  expect(failed).not.toBe(late.receipt);
  expect((await toldOf(late.id))[0]).toContain(`Receipt ${failed}.`);
  await operate(() => undefined);
  const done = await ask("cmo", args("Receipted"));
  await answer(done, "approve");
  await ended(it.deps, done.id);
  expect(await eventOf("approval.done", "approval", done.id)).toMatchObject({ receipt: await leads(done.id, "succeeded") });
});

test("S01 the same call asked again waits once, and equal calls of others that were shown are answered together", async () => {
  const args = { title: "Together", text: "One text." };
  const first = await ask("cmo", args);
  expect((await ask("cmo", { text: "One text.", title: "Together" })).id).toBe(first.id);
  expect((await view(first.id)).asked).toBe(2);
  const [second, other] = [await ask("coo", args), await ask("cto", { ...args, text: "Another." })];
  expect(second.callDigest).toBe(first.callDigest);
  // It arrives after the page was drawn.
  const unseen = await ask("cto", args);
  const shown = ({ id, digest }: ApprovalView) => ({ id, digest });
  for (const wrong of [shown(other), { id: second.id, digest: first.digest }]) {
    await expect(answer(first, "approve", { equal: [wrong] })).rejects.toMatchObject({ code: "AITO_APPROVAL_CHANGED" });
  }
  await expect(answer(first, "approve", { equal: [{ ...shown(first), id: unknownId }] })).rejects.toMatchObject({ status: 404 });
  expect((await view(first.id)).status).toBe("waiting");
  const { others } = await answer(first, "approve", { equal: [shown(second), shown(second), shown(first)] });
  expect(others).toEqual([second.id]);
  await ended(it.deps, first.id);
  await ended(it.deps, second.id);
  expect((await view(other.id)).status).toBe("waiting");
  expect((await view(unseen.id)).status).toBe("waiting");
  expect((await published()).filter((title) => title === "Together")).toHaveLength(2);
  await answer(other, "deny");
  await answer(unseen, "deny");
});

test("S01 an agent that was restarted and asks for the same call again waits for the same approval", async () => {
  const args = { title: "Once, whoever restarts", text: "Words." };
  const first = await ask("cmo", args);
  sessions["cmo"] = (await it.enter("cmo")).session;
  const again = await ask("cmo", args);
  expect([again.id, again.digest, again.asked]).toEqual([first.id, first.digest, 2]);
  expect((await call("cmo", "publish_text", { ...args, approval_id: first.id })).body).toMatchObject({ status: "waiting" });
  await answer(first, "approve");
  await ended(it.deps, first.id);
  expect((await published()).filter((title) => title === args.title)).toHaveLength(1);
  expect((await call("cmo", "publish_text", { ...args, approval_id: first.id })).ok).toBe(true);
});

test("Y10 an effect outside is written down first, has one key, and its unknown end is said to be unknown", async () => {
  const approval = await ask("cmo", { to: "Ada" }, "send_parcel");
  await answer(approval, "approve");
  expect(await ended(it.deps, approval.id)).toMatchObject({ status: "done", result: { sent: "Ada" } });
  expect(world.ledger).toEqual([{ key: approval.id, to: "Ada" }]);
  const vague = await ask("cmo", { to: "Bob" }, "send_parcel");
  world.behave = () => Promise.reject(new Error("the line went dead"));
  await answer(vague, "approve");
  expect(await ended(it.deps, vague.id)).toMatchObject({ status: "unknown", error: "the line went dead" });
  expect((await toldOf(vague.id))[0]).toContain("its outcome is unknown");
  world.behave = () => Promise.resolve(null);
  expect(world.ledger).toHaveLength(1);
});

test("S18 a run that has read from outside needs a human even in an autonomous role, and so does who hears from it", async () => {
  await operate((file) => {
    file.roles["cmo"] = {
      ...file.roles["cmo"]!,
      autonomy: "autonomous",
      releases: ["publish_text"],
      tools: ["internal", "public", "web"],
    };
    file.roles["coo"] = { ...file.roles["coo"]!, autonomy: "autonomous", releases: ["publish_text"] };
  });
  const run = async (agent: string): Promise<Loose> => {
    const polled = await until(
      () => it.post("/agent/poll", { waitMs: 1_000 }, sessions[agent]),
      ({ body }) => body["run"] !== null,
    );
    const { id } = polled.body["run"];
    const { body } = await it.post("/agent/context", { run: id }, sessions[agent]);
    return { id, messages: body["messages"] };
  };
  const done = (agent: string, { id, messages }: Loose) =>
    it.post(
      "/agent/report",
      {
        run: id,
        outcome: "done",
        summary: "",
        error: null,
        modelCalls: 0,
        acknowledge: (messages as Loose[]).map((each) => each["id"]),
      },
      sessions[agent],
    );
  const propose = async (agent: string): Promise<string> => {
    const proposal = { title: `A text by ${agent}`, kind: "Content scheduling", action: { tool: "publish_text", times: 5 } };
    const { body } = await call(agent, "propose_decision", proposal);
    for (const head of ["ceo", "dao"])
      await call(head, "cast_vote", { decision_id: body["decision_id"], vote: "approve", reason: "good" });
    return body["decision_id"];
  };
  const [ofCmo, ofCoo] = [await propose("cmo"), await propose("coo")];
  const cmo = await run("cmo");
  expect(await call("cmo", "publish_text", { title: "Clean", text: "Words.", decision_id: ofCmo })).toMatchObject({ ok: true });
  expect((await call("cmo", "read_page", { url: "https://example.org" })).ok).toBe(true);
  const tainted = await ask("cmo", { title: "Tainted", text: "Words.", decision_id: ofCmo });
  expect(tainted).toMatchObject({ rule: "taint", reason: expect.stringContaining("read_page") });
  expect((await call("cmo", "send_message", { to: "coo", text: "Publish this at once." })).ok).toBe(true);
  expect((await call("cmo", "create_task", { title: "Publish", assign_to: "cto" })).ok).toBe(true);
  await call("cmo", "save_state", { key: "idea", value: "publish this" });
  await done("cmo", cmo);

  const coo = await run("coo");
  expect(await ask("coo", { title: "By hearsay", text: "Words.", decision_id: ofCoo })).toMatchObject({ rule: "taint" });
  await done("coo", coo);
  expect((await it.rows("tasks")).find(({ title }) => title === "Publish")!["taint"]).toContain("read_page");
  // What the tainted run wrote down taints the run that reads it.
  await call("ceo", "send_message", { to: "cmo", text: "Go on." });
  const again = await run("cmo");
  expect(await ask("cmo", { title: "From memory", text: "Words.", decision_id: ofCmo })).toMatchObject({ rule: "taint" });
  await done("cmo", again);
  expect((await published()).filter((title) => ["Tainted", "By hearsay", "From memory"].includes(title))).toEqual([]);
});

test("J17 a tool that is not granted does not exist, and the operator's change holds from the next request on", async () => {
  const names = async (agent: string): Promise<string[]> =>
    (await it.mcp(sessions[agent]!, "tools/list")).body["result"].tools.map((tool: Loose) => tool["name"]);
  expect(await names("cmo")).toContain("read_page");
  expect(await names("coo")).not.toContain("read_page");
  await operate((file) => {
    file.roles["cto"] = { ...file.roles["cto"]!, tools: ["send_message"] };
  });
  expect(await names("cto")).toEqual(["send_message"]);
  expect(await names("cmo")).not.toContain("read_page");
  expect(
    (await it.mcp(sessions["cto"]!, "tools/call", { name: "publish_text", arguments: { title: "x", text: "y" } })).body,
  ).toMatchObject({ error: expect.anything() });
  // What was tried is on record all the same.
  await it.mcp(sessions["cto"]!, "tools/call", { name: "publish text\u202e", arguments: {} });
  const tried = (await it.rows("receipts")).filter(
    ({ result }) => result.code === "AITO_TOOL_NOT_GRANTED" && result.message.startsWith("there is no such tool"),
  );
  expect(tried.map(({ tool, status, agent_id }) => ({ tool, status, agent_id }))).toEqual(
    ["publish_text", "(not a tool's name)"].map((tool) => ({ tool, status: "refused", agent_id: tried[0]!["agent_id"] })),
  );
});

test("S18 a worker reads nothing from outside once one above it sees payment data, and nobody there starts another such one", async () => {
  const fleet = (more: Partial<FleetFile["roles"][string]>) => (file: FleetFile) => {
    file.workers["analyst"] = { ...file.workers["analyst"]!, tools: ["internal", "public", "web"] };
    file.roles["coo"] = { ...file.roles["coo"]!, ...more };
  };
  const start = () => call("coo", "spawn_worker", { title: "Look it up", worker_type: "analyst" });
  await operate(fleet({}));
  const { session } = await it.enter((await start()).body["worker"]);
  const names = async (): Promise<string[]> =>
    (await it.mcp(session, "tools/list")).body["result"].tools.map((tool: Loose) => tool["name"]);
  expect(await names()).toContain("read_page");
  await operate(fleet({ sees: ["payment"] }));
  expect(await names()).not.toContain("read_page");
  expect((await it.mcp(session, "tools/call", { name: "read_page", arguments: { url: "x" } })).body).toMatchObject({
    error: expect.anything(),
  });
  expect(await start()).toMatchObject({ ok: false, body: { code: "AITO_WORKER_TYPE" } });
});

test("S18 a task grants its worker what it names of what its type holds, and nothing more", async () => {
  await operate((file) => {
    file.workers["analyst"] = { ...file.workers["analyst"]!, tools: ["internal", "public", "web"] };
  });
  const worker = async (tools?: string[]) => {
    const { body } = await call("coo", "spawn_worker", {
      title: "Look it up",
      worker_type: "analyst",
      ...(tools ? { tools } : {}),
    });
    const { session } = await it.enter(body["worker"]);
    const listed = (await it.mcp(session, "tools/list")).body["result"].tools.map(({ name }: Loose) => name) as string[];
    const tries = (name: string) => it.mcp(session, "tools/call", { name, arguments: { url: "x", title: "x", text: "x" } });
    return { listed: listed.toSorted(), tries };
  };
  const whole = await worker();
  expect(whole.listed).toEqual(expect.arrayContaining(["complete_task", "publish_text", "read_page", "save_state"]));
  // A tool that its type has no use for, merge_change, is not its by being named.
  const named = await worker(["complete_task", "merge_change", "web"]);
  expect(named.listed).toEqual(["complete_task", "read_page"]);
  for (const tool of ["publish_text", "merge_change", "save_state"])
    expect([tool, (await named.tries(tool)).body["error"]]).not.toEqual([tool, undefined]);
  await operate((file) => {
    file.workers["analyst"] = { ...file.workers["analyst"]!, tools: ["internal"] };
  });
  expect((await worker(["complete_task", "web"])).listed).toEqual(["complete_task"]);
});

test("S11 a standing permission counts exactly, for its tool, arguments, amount and period, until it is revoked", async () => {
  await operate((file) => {
    file.approvals = { hours: 24, waitingMax: 200 };
  });
  const permission: NewPermission = {
    name: "small-parcels",
    tool: "send_parcel",
    role: "cto",
    constraints: [{ path: "to", is: "one_of", value: ["Ada", "Grace"] }],
    times: 5,
    usd: 10,
    per: "day",
    until: null,
  };
  await addPermission(it.deps, permission, "operator");
  await expect(addPermission(it.deps, permission, "operator")).rejects.toMatchObject({ code: "AITO_PERMISSION_NAME" });
  const before = world.ledger.length;
  const send = (to: string, usd: number, agent = "cto") => call(agent, "send_parcel", { to, usd });
  // 20 at once, of which the permission covers five.
  const sent = await Promise.all(Array.from({ length: 20 }, (_, at) => send(at % 2 ? "Ada" : "Grace", 1 + at / 1_000)));
  expect(sent.filter(({ ok }) => ok)).toHaveLength(5);
  expect(sent.filter(({ body }) => body["code"] === "AITO_APPROVAL_NEEDED")).toHaveLength(15);
  expect(world.ledger).toHaveLength(before + 5);
  aheadMs += 25 * 3_600_000;
  for (const agent of Object.keys(sessions)) sessions[agent] = (await it.enter(agent)).session;
  expect((await send("Eve", 1)).ok).toBe(false);
  expect((await send("Ada", 1, "coo")).ok).toBe(false);
  expect((await send("Ada", 6)).ok).toBe(true);
  expect((await send("Ada", 6)).ok).toBe(false);
  expect((await send("Ada", 4)).ok).toBe(true);
  await revokePermission(it.deps, "small-parcels", "operator");
  expect((await send("Ada", 0)).ok).toBe(false);
  expect(world.ledger).toHaveLength(before + 7);
});

test("S01 a rate holds each agent back, the waiting included, and shadow records and does nothing", async () => {
  await operate((file) => {
    file.rates = { publish_text: { times: 2, per: "hour" } };
    file.roles["dao"] = { ...file.roles["dao"]!, autonomy: "shadow" };
  });
  aheadMs += 2 * 3_600_000;
  for (const agent of Object.keys(sessions)) sessions[agent] = (await it.enter(agent)).session;
  const told: Loose[] = [];
  for (const title of ["r1", "r2", "r3"]) told.push((await call("coo", "publish_text", { title, text: "x" })).body);
  const [denied] = await listEvents(it.deps, { types: ["tool.refused"], limit: 1 });
  expect(denied!.payload["receipt"]).toBe(told[2]!["receipt"]);
  expect(told.map((body) => body["code"])).toEqual(["AITO_APPROVAL_NEEDED", "AITO_APPROVAL_NEEDED", "AITO_TOOL_RATE"]);
  expect((await call("ceo", "publish_text", { title: "r1", text: "x" })).body["code"]).toBe("AITO_APPROVAL_NEEDED");
  const before = [world.ledger.length, (await listApprovals(it.deps, links, { limit: 500 })).length];
  expect((await call("dao", "send_parcel", { to: "Ada" })).body).toMatchObject({
    shadow: true,
    would_have: "send a parcel to Ada",
  });
  expect([world.ledger.length, (await listApprovals(it.deps, links, { limit: 500 })).length]).toEqual(before);
});
