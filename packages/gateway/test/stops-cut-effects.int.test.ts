import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@aito/base";
import {
  answerApproval,
  answerToolPin,
  approvalView,
  createTask,
  listPublications,
  listSwitches,
  listToolPins,
  loadPack,
  pressSwitch,
  registerFleet,
  resumeSwitch,
} from "@aito/company";
import { type LocalGithub, startLocalGithub } from "@aito/local-github";
import type { ApprovalView, SwitchPress } from "@aito/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ended, links, type Loose, openGateway, receiptOf, type TestGateway, until } from "./open-gateway.ts";
import { outsideServer, type OutsideServer } from "./outside-server.ts";
import { outside } from "./outward-tools.ts";

const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const boundMs = 60_000;
const repository = "og-shibaclassic/shiba-social";
const who = { by: "operator", from: "a test" };

let folder: string;
let github: LocalGithub;
let it: TestGateway;
let world: OutsideServer;
/** What the outside server really did. */
const ledger: { tool: string; to: unknown }[] = [];
const sessions: Record<string, string> = {};
const enter = async (agent: string): Promise<void> => void (sessions[agent] = (await it.enter(agent)).session);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aito-stops-git-"));
  const limits = { perHour: 1_000_000, writesPerMinute: 1_000_000 };
  const tokens = { "token-of-the-company": "aito-bot" };
  github = await startLocalGithub({ folder, host: "127.0.0.1", port: 0, tokens, log: silentLogger, clock: systemClock, limits });
  await github.addRepository({ owner: "og-shibaclassic", name: "shiba-social", files: { "content/old.md": "old\n" } });
  world = await outsideServer();
  const input = { type: "object", properties: { to: { type: "string" }, key: { type: "string" } }, required: ["to", "key"] };
  const done = (tool: string) => (args: Record<string, unknown>) => {
    ledger.push({ tool, to: args["to"] ?? null });
    return { content: [{ type: "text" as const, text: "done" }] };
  };
  world.tools = {
    send: { description: "Sends a parcel.", input, run: done("send") },
    note: { description: "Keeps a note.", input, run: done("note") },
    lookup: { description: "Looks something up.", run: done("lookup") },
  };
  it = await openGateway({
    toolRate: { capacity: 10_000, perSecond: 1_000 },
    moreTools: outside().tools,
    github: { baseUrl: github.url, token: () => "token-of-the-company", throttled: false },
  });
  for (const agent of ["cmo", "coo", "cco"]) await enter(agent);
  const fleet = await loadPack(pack);
  fleet.file.roles["cmo"]!.tools = ["public", "internal", "web"];
  fleet.file.clients = { acme: { name: "Acme" } };
  const entry = { dataClass: "internal", usd: 0, seconds: 60 } as const;
  fleet.file.toolServers = {
    town: {
      url: world.url,
      tools: {
        send: { ...entry, risk: "dangerous", effectKey: "key" },
        note: { ...entry, risk: "write", effectKey: "key" },
        lookup: { ...entry, risk: "read" },
      },
    },
  };
  await registerFleet(it.deps, fleet);
  for (const name of Object.keys(world.tools)) {
    const [pin] = await until(
      async () => (await listToolPins(it.deps)).filter((each) => each.tool === `town__${name}` && each.status === "waiting"),
      (pins) => pins.length === 1,
      boundMs,
    );
    await answerToolPin(it.deps, { tool: pin!.tool, hash: pin!.hash, answer: "approve", by: "operator" });
  }
  await until(
    async () => JSON.stringify((await it.mcp(sessions["coo"]!, "tools/list")).body),
    (text) => Object.keys(world.tools).every((tool) => text.includes(`town__${tool}`)),
    boundMs,
  );
});
afterEach(async () => {
  world.before = null;
  await resume();
});
afterAll(async () => {
  await it.close();
  await github.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const press = (scope: SwitchPress["scope"], target: string) => pressSwitch(it.deps, { scope, target, reason: "too fast" }, who);
async function resume(): Promise<void> {
  for (const on of await listSwitches(it.deps)) {
    await resumeSwitch(it.deps, { id: on.id, reason: "go on", confirm: on.label }, who);
  }
}
const call = (agent: string, tool: string, args: object) => it.callTool(sessions[agent]!, tool, args);
const view = (id: string): Promise<ApprovalView> => approvalView(it.deps, links, id);
/** A call that a human is asked about. */
async function ask(agent: string, tool: string, args: object): Promise<string> {
  const { body } = await call(agent, tool, args);
  expect(body["code"], JSON.stringify(body)).toBe("AITO_APPROVAL_NEEDED");
  return String(body["approval_id"]);
}
const approve = async (id: string): Promise<void> => {
  await answerApproval(it.deps, { id, by: "operator", answer: { answer: "approve", digest: (await view(id)).digest } });
};

/** Holds the next request to GitHub like `match`, after `skip` of them, does `act` and lets it go on. What was written meanwhile. */
async function heldAt(
  match: RegExp,
  { during, act, skip = 0 }: { during: () => unknown; act: () => Promise<void>; skip?: number },
) {
  const held = Promise.withResolvers<void>();
  if (skip > 0) github.fault({ match, times: skip });
  github.fault({ match, until: held.promise });
  const before = github.requests.length;
  const since = (): string[] => github.requests.slice(before);
  during();
  await until(
    () => since().filter((request) => match.test(request)).length,
    (count) => count > skip,
    boundMs,
  );
  try {
    await act();
  } finally {
    held.resolve();
  }
  return (): string[] => since().filter((request) => !request.startsWith("GET "));
}

let count = 0;
async function change(agent = "cmo"): Promise<Loose> {
  count += 1;
  const { body } = await call(agent, "create_task", { title: `Task ${count}` });
  const files = [{ path: `content/page-${count}.md`, text: `# ${count}\n` }];
  return { task_id: body["task_id"], title: `Change ${count}`, why: "Because.", files };
}

/** The call while GitHub holds one request of it and its agent's switch is pressed: answered before GitHub has answered. */
async function pressedDuring(match: RegExp, made: { agent?: string; tool: string; args: object; skip?: number }) {
  const { agent = "cmo", tool, args, skip = 0 } = made;
  let answer: ReturnType<typeof call>;
  let body: Loose = {};
  const writes = await heldAt(match, {
    skip,
    during: () => (answer = call(agent, tool, args)),
    act: async () => {
      await press("agent", agent);
      ({ body } = await answer);
    },
  });
  await resume();
  return { body, writes: writes() };
}

const proposed = async (): Promise<{ id: string; number: number }> => {
  const { body } = await call("cmo", "propose_change", await change());
  return { id: body["change_id"], number: body["number"] };
};
const approval = (id: string) => ({ change_id: id, verdict: "approve", body: "Good." });

test("S13 S14 a press while GitHub is read for a proposal: refused at once, and nothing is written there", async () => {
  const args = await change();
  const early = await pressedDuring(/^GET .*\/git\/trees\//, { tool: "propose_change", args });
  expect(early).toMatchObject({ body: { code: "AITO_STOPPED" }, writes: [] });
  expect(await call("cmo", "propose_change", args)).toMatchObject({ ok: true, body: { new_commit: true } });
});

test("S13 S14 a press while GitHub is read for a review: refused at once, and nothing is written there", async () => {
  const { id, number } = await proposed();
  const match = new RegExp(`^GET .*/pulls/${number}/reviews$`);
  const early = await pressedDuring(match, { agent: "cco", tool: "review_change", args: approval(id) });
  expect(early).toMatchObject({ body: { code: "AITO_STOPPED" }, writes: [] });
  expect(await call("cco", "review_change", approval(id))).toMatchObject({ ok: true });
});

test("S13 S14 a press while GitHub is read for a merge: refused at once, and nothing is written there", async () => {
  const { id, number } = await proposed();
  await call("cco", "review_change", approval(id));
  // Read once for what it lacks, and once more right before it is merged.
  const match = new RegExp(`^GET .*/pulls/${number}$`);
  const early = await pressedDuring(match, { tool: "merge_change", args: { change_id: id }, skip: 1 });
  expect(early).toMatchObject({ body: { code: "AITO_STOPPED" }, writes: [] });
  expect(await call("cmo", "merge_change", { change_id: id })).toMatchObject({ ok: true });
});

test("S13 S14 a press in the middle of a push: no commit, branch or pull request follows, and the call's outcome is unknown", async () => {
  const args = await change();
  const { body, writes } = await pressedDuring(/^POST .*\/git\/trees$/, { tool: "propose_change", args });
  expect(body).toMatchObject({ code: "AITO_OUTCOME_UNKNOWN", message: expect.stringContaining("kill switch") });
  expect(writes).toEqual([`POST /repos/${repository}/git/trees`]);
  expect(await receiptOf(it, body)).toMatchObject({ tool: "propose_change", status: "unknown" });
  // Repeated after the resume it comes to its end.
  expect(await call("cmo", "propose_change", args)).toMatchObject({ ok: true, body: { new_commit: true } });
});

test("Y06 who is replaced while GitHub is read writes nothing there", async () => {
  const args = await change();
  let answer: ReturnType<typeof call>;
  const writes = await heldAt(/^GET .*\/git\/trees\//, {
    during: () => (answer = call("cmo", "propose_change", args)),
    act: () => enter("cmo"),
  });
  expect((await answer!).body).toMatchObject({ code: "AITO_AGENT_STALE" });
  expect(writes()).toEqual([]);
});

/** What the outside server was asked for, as it came in; it answers nothing until it is let go on, and then breaks off. */
function holdCalls(tool: string): { arrived: string[]; cut: () => number; release: () => void } {
  const arrived: string[] = [];
  let cut = 0;
  const held = Promise.withResolvers<void>();
  world.before = async (_request, response, body) => {
    if (!body.includes('"tools/call"') || !body.includes(`"name":"${tool}"`)) return false;
    arrived.push(tool);
    response.on("close", () => (cut += 1));
    await held.promise;
    response.socket?.destroy();
    return true;
  };
  return { arrived, cut: () => cut, release: held.resolve };
}
const one = (arrived: string[]): Promise<number> =>
  until(
    () => arrived.length,
    (length) => length === 1,
    boundMs,
  );

test("S14 Y10 a press during an approved outside call that may be sent again under its key: it is cut off, unknown, and not sent again", async () => {
  const { arrived, release } = holdCalls("send");
  const id = await ask("coo", "town__send", { to: "Ada" });
  await approve(id);
  await one(arrived);
  await press("agent", "coo");
  expect(await ended(it.deps, id)).toMatchObject({ status: "unknown", error: expect.stringContaining("kill switch") });
  release();
  await resume();
  // Of another agent, afterwards.
  world.before = null;
  const other = await ask("cco", "town__send", { to: "Bob" });
  await approve(other);
  expect(await ended(it.deps, other)).toMatchObject({ status: "done" });
  expect([arrived.length, (await view(id)).status]).toEqual([1, "unknown"]);
  expect(ledger).toEqual([{ tool: "send", to: "Bob" }]);
});

test("S14 a press during an outside write that nobody is asked about cuts it off, and a press during a read ends that upstream", async () => {
  await enter("coo");
  const note = holdCalls("note");
  const writing = call("coo", "town__note", { to: "me" });
  await one(note.arrived);
  await press("agent", "coo");
  const { body } = await writing;
  expect(body).toMatchObject({ code: "AITO_OUTCOME_UNKNOWN", message: expect.stringContaining("kill switch") });
  expect(await receiptOf(it, body)).toMatchObject({ status: "unknown" });
  note.release();
  await resume();
  const lookup = holdCalls("lookup");
  const reading = call("coo", "town__lookup", {});
  await one(lookup.arrived);
  await press("department", "community");
  expect((await reading).body).toMatchObject({ code: "AITO_STOPPED" });
  await until(lookup.cut, (times) => times === 1, boundMs);
  lookup.release();
  await resume();
  world.before = null;
  expect((await call("coo", "town__lookup", {})).ok).toBe(true);
  expect([note.arrived.length, lookup.arrived.length]).toEqual([1, 1]);
  expect(ledger.filter(({ tool }) => tool !== "send")).toEqual([{ tool: "lookup", to: null }]);
});

/** A run of the CMO's about a task for the client, and what it asks for in it; the run is over when this returns. */
async function askedInRun(asking: () => Promise<string>): Promise<{ task: string; id: string }> {
  await enter("cmo");
  count += 1;
  const task = await createTask(it.deps, "operator", { title: `For Acme ${count}`, assignTo: "cmo", client: "acme" });
  const polled = await until(
    () => it.post("/agent/poll", { waitMs: 1_000 }, sessions["cmo"]),
    ({ body }) => body["run"] !== null,
    boundMs,
  );
  const { id: run, reasons } = polled.body["run"];
  expect(reasons).toContainEqual(expect.objectContaining({ kind: "task", ref: task.id }));
  const id = await asking();
  const report = { run, outcome: "done", summary: "", error: null, modelCalls: 0, acknowledge: [] };
  expect((await it.post("/agent/report", report, sessions["cmo"])).status).toBe(200);
  return { task: task.id, id };
}

test.each(["client", "task"] as const)(
  "S13 S01 a %s's switch holds back what a standing agent asked for in a run about it, also when that run is long over",
  async (scope) => {
    const title = `Held by a ${scope}`;
    const { task, id } = await askedInRun(() => ask("cmo", "publish_text", { title, text: "Words." }));
    await press(scope, scope === "client" ? "acme" : task);
    await approve(id);
    // Approved after it, this one is looked at after it.
    const free = await ask("coo", "publish_text", { title: `Free of a ${scope}`, text: "Words." });
    await approve(free);
    expect(await ended(it.deps, free)).toMatchObject({ status: "done" });
    const published = async (): Promise<string[]> => (await listPublications(it.deps, { limit: 200 })).map((each) => each.title);
    expect([(await view(id)).status, (await published()).includes(title)]).toEqual(["approved", false]);
    await resume();
    expect(await ended(it.deps, id)).toMatchObject({ status: "done" });
    expect(await published()).toContain(title);
  },
);

test("S13 S14 a task's switch cuts off an approved proposal that was asked for in a run about it", async () => {
  const { task, id } = await askedInRun(async () => {
    const args = await change();
    expect((await call("cmo", "read_page", { url: "https://example.org" })).ok).toBe(true);
    return await ask("cmo", "propose_change", args);
  });
  const writes = await heldAt(/^GET .*\/git\/trees\//, {
    during: () => void approve(id),
    act: async () => {
      await press("task", task);
      expect((await ended(it.deps, id)).status).toBe("unknown");
    },
  });
  expect(writes()).toEqual([]);
});
