import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { aito, fakeConsole, folderFor, operatorKey } from "./testing/fake-console.ts";
import { agentRest, decision, escalation, event, ids, status, task } from "./testing/samples.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((console_) => console_.close()));
});

const on = {
  id: "01900000-0000-7000-8000-00000000beef",
  scope: "department",
  target: "Marketing",
  label: "department Marketing",
  reason: "overspends",
  pressedBy: "operator",
  pressedFrom: "operator key, 127.0.0.1",
  pressedAt: "2026-11-20T12:00:00.000Z",
  resumedBy: null,
  resumedFrom: null,
  resumedAt: null,
  resumeReason: null,
  agents: ["cmo"],
};
const page = (...items: unknown[]) => ({ items, next: null });
const said = {
  id: ids.task,
  type: "direct",
  from: "ceo",
  to: "cmo",
  payload: { text: "Is it out?" },
  priority: "normal",
  timestamp: "2026-11-20T12:00:00.000Z",
  requires_response: true,
  response_deadline: null,
  in_reply_to: null,
};
const answers = {
  "GET /api/v1/status": status,
  "GET /api/v1/decisions": page(decision),
  [`GET /api/v1/decisions/${ids.decision}`]: decision,
  "POST /api/v1/proposals": decision,
  "GET /api/v1/escalations": page(escalation),
  [`POST /api/v1/escalations/${ids.escalation}/answer`]: {
    first: true,
    escalation: { ...escalation, status: "answered", answer: "approve" },
    decision: { ...decision, status: "approved" },
  },
  [`POST /api/v1/decisions/${ids.decision}/override`]: {
    decision: { ...decision, status: "overridden" },
    stopped: [{ task: ids.task, title: "Write it" }],
    ran: [
      { what: 'the task "Draft" was done', at: "2026-11-20T12:00:00.000Z", undo: "discard its result" },
      { what: 'publish_text: publish "News"', at: "2026-11-20T12:01:00.000Z", undo: null },
    ],
  },
  "GET /api/v1/tasks": page(task),
  "GET /api/v1/events": page(event()),
  "GET /api/v1/events/verify": { ok: true, count: 12, head: "abc", problem: null },
  "GET /api/v1/agents/ceo": { ...status.agents[0], ...agentRest },
  "POST /api/v1/agents/ceo/restart": { accepted: true },
  "POST /api/v1/login-links": { url: "http://127.0.0.1:7700/login/aito_login_x" },
  "GET /api/v1/messages": page(),
  [`GET /api/v1/messages/${ids.task}`]: {
    message: said,
    respondedAt: null,
    readers: [{ agent: "cmo", deliveredAt: "2026-11-20T12:00:01.000Z", readAt: null, rings: 1 }],
    thread: [said, { ...said, id: ids.decision, from: "cmo", to: "ceo", payload: { text: "It is out." }, in_reply_to: ids.task }],
  },
  "GET /api/v1/switches": { items: [on] },
  "POST /api/v1/switches": on,
  [`POST /api/v1/switches/${on.id}/resume`]: { ...on, resumedBy: "operator", resumedAt: on.pressedAt },
};

async function company(table: Record<string, unknown> = answers) {
  const console_ = await fakeConsole(table);
  open.push(console_);
  const folder = folderFor(console_.url);
  return { ...console_, folder, run: (...args: string[]) => aito([...args, "--folder", folder]) };
}

test("Y13 a message is shown with its readers, and with its conversation", async () => {
  const { run } = await company();
  expect((await run("messages", "show", ids.task)).out).toMatch(
    /ceo -> cmo.*Is it out\?[^]*asked for: none yet[^]*cmo +2026[^]*one of 2/,
  );
  expect(JSON.parse((await run("messages", "show", ids.task, "--json")).out)).toMatchObject({ message: { id: ids.task } });
  expect((await run("messages", "thread", ids.task)).out).toMatch(/Is it out\?[^]*It is out\./);
  expect(JSON.parse((await run("messages", "thread", ids.task, "--json")).out)).toHaveLength(2);
  expect((await run("messages", "show", "nothing")).code).toBe(2);
});

describe("documented JSON", () => {
  test("T01 status prints exactly the promised keys", async () => {
    const { run } = await company();
    const ran = await run("status", "--json");
    expect(JSON.parse(ran.out)).toEqual({
      fleet: "AITO",
      engine: "embedded",
      model: "REHEARSAL",
      agents: [
        {
          role: "ceo",
          kind: "agent",
          status: "active",
          epoch: 2,
          containerId: "c0ffee",
          lastHeartbeat: "2026-11-20T12:00:00.000Z",
          restarts: 1,
          statusReason: null,
        },
      ],
      switches: [],
    });
    expect(ran).toMatchObject({ code: 0, err: "" });
  });

  test("propose, decisions show, escalations, tasks, events verify print exactly the promised keys", async () => {
    const { run } = await company();
    const json = async (...args: string[]): Promise<unknown> => JSON.parse((await run(...args, "--json")).out);
    expect(await json("propose", "--by", "cmo", "--type", "major", "--usd", "5000", "--title", "Launch campaign")).toEqual({
      id: ids.decision,
      type: "critical",
      status: "pending",
    });
    expect(await json("decisions", "show", ids.decision)).toEqual({
      id: ids.decision,
      title: "Launch campaign",
      type: "critical",
      status: "pending",
      round: 1,
      rounds: [{ round: 1, votes: [{ voter: "ceo", vote: "approve", reason: "a quarter of what is left" }] }],
      humanDecision: null,
    });
    const { url, expiresAt } = escalation;
    expect(await json("escalations")).toEqual([
      { id: ids.escalation, decisionId: ids.decision, url, expiresAt, status: "waiting" },
    ]);
    expect(await json("tasks")).toEqual([
      { id: ids.task, title: "Write the post", status: "done", assignedTo: "cmo", result: task.result },
    ]);
    expect(await json("events", "verify")).toEqual({ ok: true, count: 12, head: "abc" });
  });

  test("every command that prints data has --json, and every command has help", async () => {
    const { run } = await company();
    const commands = [
      "status",
      "login",
      "agents",
      "agents show ceo",
      "decisions",
      "tasks",
      "messages",
      "events",
      "events list",
      "logs",
      "escalations",
    ];
    for (const command of commands) {
      const ran = await run(...command.split(" "), "--json");
      expect(ran, command).toMatchObject({ code: 0 });
      for (const text of ran.out.trim().split("\n").filter(Boolean))
        expect(() => JSON.parse(text) as unknown, command).not.toThrow();
      const help = await aito([...command.split(" ").filter((word) => word !== "ceo"), "--help"]);
      expect(help, command).toMatchObject({ code: 0, err: "" });
      expect(help.out).toContain("Usage: aito");
    }
  });
});

test("a help page says what a call cannot be without, and tells of no default that is nothing", async () => {
  const { out } = await aito(["propose", "--help"]);
  expect(out).toMatch(/--title <text> +what is to be decided \(required\)/);
  expect(out).toMatch(/--usd <amount> +what it costs, in dollars \(default: 0\)/);
  expect(out).toMatch(/--description <text> +why, and what follows\n/);
  expect((await aito(["permissions", "add", "--help"])).out).not.toContain("[]");
});

describe("what is sent", () => {
  test("a proposal carries its task, and the amount as a number", async () => {
    const { run, seen } = await company();
    await run("propose", "--by", "cmo", "--usd", "49.90", "--title", "T", "--task-title", "Write", "--worker", "content-writer");
    expect(seen.at(-1)!.body).toEqual({
      by: "cmo",
      type: "minor",
      usd: 49.9,
      title: "T",
      description: "",
      kind: null,
      task: { title: "Write", description: "", workerType: "content-writer" },
    });
  });

  test("resolve takes the decision's id as well as the escalation's", async () => {
    const { run, seen } = await company();
    for (const id of [ids.escalation, ids.decision]) {
      const ran = await run("resolve", id, "--decision", "approve", "--comment", "go", "--json");
      expect(JSON.parse(ran.out)).toMatchObject({ id: ids.escalation, answer: "approve", decisionStatus: "approved" });
      expect(seen.at(-1)).toMatchObject({
        path: `/api/v1/escalations/${ids.escalation}/answer`,
        body: { decision: "approve", comment: "go" },
      });
    }
  });
});

describe("override", () => {
  test("V17 says what was stopped and what had been done, with its undo or that there is none", async () => {
    const { run, seen } = await company();
    const ran = await run("override", ids.decision, "--reason", "not now");
    expect(ran.out).toContain("stopped: Write it");
    expect(ran.out).toContain('had been done: the task "Draft" was done; undo: discard its result');
    expect(ran.out).toContain('publish_text: publish "News"; cannot be undone');
    expect(seen.at(-1)).toMatchObject({ path: `/api/v1/decisions/${ids.decision}/override`, body: { reason: "not now" } });
    const json = JSON.parse((await run("override", ids.decision, "--reason", "not now", "--json")).out);
    expect(Object.keys(json)).toEqual(["id", "status", "stopped", "ran"]);
    expect((await run("override", ids.decision)).code).toBe(2);
  });
});

describe("bad input is one sentence and a documented exit code", () => {
  const cases: [string, string[], number, RegExp][] = [
    ["an unknown flag", ["status", "--nope"], 2, /unknown option '--nope'/],
    ["an unknown command", ["statsu"], 2, /unknown command 'statsu'/],
    [
      "an unknown command of a group",
      ["approvals", "aprove", ids.task, "--comment", "x"],
      2,
      /approvals has no command "aprove"\n.*approve, deny/,
    ],
    ["an id without a command", ["tasks", ids.task], 2, /tasks has no command .*\n.*it has: list, show/],
    ["a missing option", ["propose", "--title", "x"], 2, /--by/],
    ["a bad amount", ["propose", "--by", "cmo", "--title", "x", "--usd", "lots"], 2, /amount in dollars/],
    ["a bad type", ["propose", "--by", "cmo", "--title", "x", "--type", "huge"], 2, /minor, major, critical/],
    ["a bad id", ["decisions", "show", "17"], 2, /not the id of a decision: "17"/],
    ["an unknown id", ["decisions", "show", ids.task], 2, /nothing at .*\n\s+ask for something else/],
    ["a bad agent name", ["agents", "show", "C E O"], 2, /not an agent's name/],
    ["a bad answer", ["resolve", ids.escalation, "--decision", "maybe"], 2, /approve, veto, send_back/],
    ["a bad engine", ["up", "--engine", "swarm"], 2, /auto, docker, embedded/],
    ["a bad port", ["up", "--port", "70000"], 2, /whole number from 0 to 65535/],
    ["a missing backup", ["restore", "--file", "/nowhere.aito-backup"], 2, /there is no file \/nowhere\.aito-backup\n/],
    ["a missing fleet", ["up", "--fleet", "/nowhere"], 78, /there is no fleet file at \/nowhere/],
  ];
  test.each(cases)("%s", async (_name, args, code, words) => {
    const { run } = await company();
    const ran = await run(...args);
    expect(ran.err).toMatch(words);
    expect(ran.code).toBe(code);
    expect(ran.err).not.toMatch(/\n\s+at /);
  });

  test("no console, a wrong key, no company, a damaged instance file", async () => {
    const away = folderFor("http://127.0.0.1:9");
    expect(await aito(["status", "--folder", away])).toMatchObject({ code: 69, err: expect.stringMatching(/cannot be reached/) });
    const { url } = await company();
    const wrong = folderFor(url, "aito_op_some-other-key-0123456789abcdef");
    expect(await aito(["status", "--folder", wrong])).toMatchObject({
      code: 77,
      err: expect.stringMatching(/not signed in\n.*operator key/),
    });
    const none = join(mkdtempSync(join(tmpdir(), "aito-none-")), ".aito");
    expect(await aito(["status", "--folder", none])).toMatchObject({
      code: 69,
      err: expect.stringMatching(/no company was started.*\n.*aito up/),
    });
    expect(await aito(["down", "--folder", none])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no company was started/),
    });
  });

  test("an answer of another shape is said so, and a stack trace comes only with --debug", async () => {
    const { run } = await company({ "GET /api/v1/status": { odd: true } });
    const plain = await run("status");
    expect(plain).toMatchObject({ code: 1, err: expect.stringMatching(/another shape/) });
    expect(plain.err).not.toContain("    at ");
    expect((await run("status", "--debug")).err).toContain("    at ");
  });

  test("S15 the operator key is in no output, also not in a stack trace", async () => {
    const { run } = await company({});
    const ran = await run("status", "--debug");
    expect(ran.out + ran.err).not.toContain(operatorKey);
  });
});

test("S13 stop is one command; resume needs the name and --yes, and sends the switch's own label as confirmation", async () => {
  const { run, seen } = await company();
  expect((await run("stop", "department", "Marketing", "--reason", "overspends")).out).toContain(
    "stopped: department Marketing (cmo)",
  );
  expect(seen.at(-1)).toMatchObject({ body: { scope: "department", target: "Marketing", reason: "overspends" } });
  const unsure = await run("resume", "department", "marketing", "--reason", "checked");
  expect(unsure).toMatchObject({ code: 2, err: expect.stringMatching(/overspends.*\n.*--yes/) });
  expect(seen.some((request) => request.path.endsWith("/resume"))).toBe(false);
  expect((await run("resume", "department", "marketing", "--reason", "checked", "--yes")).out).toContain("resumed");
  expect(seen.at(-1)).toMatchObject({ body: { reason: "checked", confirm: "department Marketing" } });
  expect((await run("switches")).out).toMatch(/department Marketing.*1 agent\(s\) stopped/);
  for (const wrong of [["planet", "x"], ["company", "x"], ["agent"]]) {
    expect((await run("stop", ...wrong, "--reason", "r")).code).toBe(2);
  }
  expect((await run("stop", "company")).code).toBe(2);
  expect((await run("resume", "agent", "ceo", "--reason", "r", "--yes")).err).toContain("no kill switch is on for agent ceo");
});

test("a broken chain is exit code 1 with the place on stderr", async () => {
  const { run } = await company({
    "GET /api/v1/events/verify": { ok: false, count: 3, head: null, problem: "event 2 was changed" },
  });
  const ran = await run("events", "verify", "--json");
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.out)).toEqual({ ok: false, count: 3, head: null });
  expect(ran.err).toContain("event 2 was changed");
});

test("C14 events are cut by type, by whom and by time", async () => {
  const { run, seen } = await company();
  const cut = [
    "--types",
    "task.done,task.failed",
    "--by",
    "cmo",
    "--since",
    "2026-11-20",
    "--until",
    "2026-11-21T08:00:00+01:00",
  ];
  expect((await run("events", ...cut)).code).toBe(0);
  const asked = new URL(seen.at(-1)!.path, "http://x").searchParams;
  expect(Object.fromEntries(asked)).toEqual({
    limit: "50",
    types: "task.done,task.failed",
    by: "cmo",
    since: "2026-11-20T00:00:00.000Z",
    until: "2026-11-21T07:00:00.000Z",
  });
  expect((await run("events", "--since", "whenever")).code).toBe(2);
});

test("events --follow tells of what comes only what belongs to the cut", async () => {
  const stop = new AbortController();
  const frame = (seq: string, source: string): string =>
    `id: ${seq}\nevent: audit\ndata: ${JSON.stringify(event({ id: `01900000-0000-7000-8000-00000000000${seq}`, seq, source }))}\n\n`;
  const { folder, seen } = await company({
    ...answers,
    "GET /api/v1/stream": `retry: 10\n\n: hello\n\n${frame("8", "cmo")}${frame("9", "ceo")}`,
  });
  const running = aito(["events", "--follow", "--by", "ceo", "--folder", folder], { signal: stop.signal });
  await expect
    .poll(() => seen.filter(({ path }) => path.startsWith("/api/v1/stream")).length, { timeout: 20_000 })
    .toBeGreaterThan(1);
  stop.abort(new Error("enough"));
  const ran = await running;
  expect(ran.out).toMatch(/^9 .* ceo -> ceo/m);
  expect(ran.out).not.toContain(" cmo -> ");
});

test("events --follow begins at the newest event of all, not at the newest that belongs to the cut", async () => {
  const old = event({ id: "01900000-0000-7000-8000-000000000003", seq: "3", source: "cmo" });
  const newest = [event({ id: "01900000-0000-7000-8000-000000000099", seq: null }), event({ seq: "98" })];
  for (const found of [page(old), page()]) {
    const stop = new AbortController();
    const { folder, seen } = await company({
      ...answers,
      "GET /api/v1/events": found,
      "GET /api/v1/events?limit=200": page(...newest),
      "GET /api/v1/stream": "retry: 10\n\n: hello\n\n",
    });
    const running = aito(["events", "--follow", "--by", "cmo", "--folder", folder], { signal: stop.signal });
    const streams = () => seen.filter(({ path }) => path.startsWith("/api/v1/stream"));
    await expect.poll(() => streams().length, { timeout: 20_000 }).toBeGreaterThan(0);
    stop.abort(new Error("enough"));
    expect((await running).out.trim().split("\n").filter(Boolean)).toHaveLength(found.items.length);
    expect(streams()[0]!.after).toBe("98");
    // The head first: what comes between the two answers is in the list, or follows.
    expect(seen.slice(0, 2).map(({ path }) => path)).toEqual(["/api/v1/events?limit=200", "/api/v1/events?limit=50&by=cmo"]);
  }
});

test("logs --follow goes on after what it has shown and tells nothing twice", async () => {
  const stop = new AbortController();
  const frame = (seq: string, id: string, target: string): string =>
    `id: ${seq}\nevent: audit\ndata: ${JSON.stringify(event({ id, seq, target }))}\n\n`;
  const next = "01900000-0000-7000-8000-000000000009";
  const { folder, seen } = await company({
    ...answers,
    "GET /api/v1/stream": `retry: 10\n\n: hello\n\n${frame("7", ids.event, "ceo")}${frame("8", next, "dao")}`,
  });
  const running = aito(["logs", "--follow", "--folder", folder], { signal: stop.signal });
  await expect.poll(() => seen.filter((request) => request.path.startsWith("/api/v1/stream")).length).toBeGreaterThan(0);
  // It asks again a second later: longer than a poll waits by itself.
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(4);
  stop.abort(new Error("enough"));
  const ran = await running;
  expect(ran.code).toBe(0);
  expect(ran.out.match(/ceo is active/g)).toHaveLength(1);
  expect(ran.out).toMatch(/REHEARSAL {2}dao is active \(epoch 2\)/);
  expect(ran.out).toMatch(/next: ceo wakes at [\d: -]+ \(loop: plan\)/);
});
