import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { checkProof, proofHeader, silentLogger, systemClock } from "@aito/base";
import { afterEach, expect, test } from "vitest";
import { exampleContext, exampleHello, messageId, runId, taskId } from "../test/examples.ts";
import { type Script, scriptedGateway, type ScriptedGateway } from "../test/scripted-gateway.ts";
import { readStdinLine } from "./read-stdin-line.ts";
import { type AgentOptions, runAgent } from "./run-agent.ts";

const open: ScriptedGateway[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

const token = "aito_tok_0123456789012345678901234567890123456789012";
type AgentAnswer = ReturnType<NonNullable<Script["agent"]>>;

/** An agent that is given one run and then told to exit. */
async function oneRun(
  script: Script & { hello?: Parameters<typeof exampleHello>[0]; context?: Parameters<typeof exampleContext>[0] },
  options: Partial<AgentOptions> = {},
) {
  let polls = 0;
  const gateway = await scriptedGateway({
    ...script,
    agent: (path, body): AgentAnswer => {
      const own = script.agent?.(path, body);
      if (own) return own;
      if (path === "/agent/hello") return { body: exampleHello(script.hello) };
      if (path === "/agent/heartbeat") return { body: { stop: false } };
      if (path === "/agent/poll") {
        polls += 1;
        return { body: { run: polls === 1 ? { id: runId, reasons: [{ kind: "wake", ref: null, text: "loop" }] } : null } };
      }
      if (path === "/agent/context") return { body: exampleContext(script.context) };
      if (path === "/agent/report") return { body: { next: "exit" } };
      return { body: {} };
    },
  });
  open.push(gateway);
  const code = await runAgent({
    gateway: { socketPath: gateway.socketPath },
    stdin: { token, epoch: 3 },
    makeBell: async () => null,
    log: silentLogger,
    clock: systemClock,
    signal: new AbortController().signal,
    tmp: null,
    random: () => 0,
    ...options,
  });
  const at = (path: string) => gateway.seen.filter((seen) => seen.path === path);
  return { code, gateway, at, report: at("/agent/report")[0]?.body };
}

test("a run asks the model, uses a tool, reports what it did and acknowledges what it read", async () => {
  const saved: unknown[] = [];
  const { code, at, report } = await oneRun({
    turns: [
      {
        content: [
          { type: "text", text: "Saving." },
          { type: "tool_use", id: "t1", name: "save_state", input: { key: "k", value: 1 } },
        ],
      },
      { content: [{ type: "text", text: "Saved the state." }] },
    ],
    tools: { save_state: (input) => (saved.push(input), { ok: true, text: "{}" }) },
  });
  expect(code).toBe(0);
  expect(saved).toEqual([{ key: "k", value: 1 }]);
  expect(report).toMatchObject({
    run: runId,
    outcome: "done",
    summary: "Saved the state.",
    modelCalls: 2,
    acknowledged: [messageId],
  });
  const model = at("/v1/messages");
  expect(model).toHaveLength(2);
  expect(model[0]!.headers).toMatchObject({ authorization: `Bearer ${exampleHello().session}`, "x-aito-run": runId });
  expect(model[0]!.headers["x-api-key"]).toBeUndefined();
  expect(model[0]!.body).toMatchObject({ model: "claude-sonnet-5-5", stream: true, tools: [{ name: "save_state" }] });
  expect(at("/agent/log").length).toBeGreaterThan(0);
});

test("a wake without anything new costs no model call", async () => {
  const { code, at, report } = await oneRun({ context: { askModel: false } });
  expect(code).toBe(0);
  expect(report).toMatchObject({ outcome: "nothing_new", modelCalls: 0, acknowledged: [messageId] });
  expect(at("/v1/messages")).toEqual([]);
});

test("a model that fails is a failed run: nothing is acknowledged, and the agent does not retry by itself", async () => {
  const { at, report } = await oneRun({ turns: [{ status: 529, type: "overloaded_error", message: "Overloaded" }] });
  expect(report).toMatchObject({
    outcome: "failed",
    modelCalls: 1,
    acknowledged: [],
    error: expect.stringContaining("Overloaded"),
  });
  expect(at("/v1/messages")).toHaveLength(1);
});

test.each(["at once", "in the middle"] as const)(
  "F11 a gateway that goes away %s ends the run as interrupted, which a model's own failure is not",
  async (goesAway) => {
    const { report } = await oneRun({ turns: [{ goesAway }] });
    expect(report).toMatchObject({ outcome: "failed", interrupted: true, acknowledged: [] });
    const failed = await oneRun({ turns: [{ status: 529, type: "overloaded_error", message: "Overloaded" }] });
    expect(failed.report).toMatchObject({ outcome: "failed" });
    expect(failed.report).not.toHaveProperty("interrupted");
  },
);

test("F06 records that are away when the context is asked for interrupt the run, too", async () => {
  const error = { error: { code: "AITO_DB_UNAVAILABLE", message: "the database is away" } };
  const { report } = await oneRun({
    agent: (path) => (path === "/agent/context" ? { status: 503, body: error } : (undefined as unknown as AgentAnswer)),
  });
  expect(report).toMatchObject({ outcome: "failed", interrupted: true });
});

test("F06 records that are away when tools are asked for, or the model, interrupt the run; an overloaded model does not", async () => {
  const away = (message: string) => ({ status: 503, type: "overloaded_error", message });
  const { report } = await oneRun({ turns: [away("AITO_DB_UNAVAILABLE: the database (postgres) cannot be reached")] });
  expect(report).toMatchObject({ outcome: "failed", interrupted: true });
  const ending = await oneRun({ turns: [away("AITO_PROGRAM_CLOSING: this program is ending")] });
  expect(ending.report).toMatchObject({ outcome: "failed", interrupted: true });
  expect((await oneRun({ turns: [away("Overloaded")] })).report).not.toHaveProperty("interrupted");
  expect((await oneRun({ mcpStatus: 503 })).report).toMatchObject({ outcome: "failed", interrupted: true });
  expect((await oneRun({ mcpStatus: 500 })).report).not.toHaveProperty("interrupted");
});

test("a worker that ends without handing in its task reports the task as failed", async () => {
  const { report } = await oneRun({
    hello: { agent: { ...exampleHello().agent, kind: "worker", taskId } },
    turns: [{ content: [{ type: "text", text: "I would rather not." }] }],
  });
  expect(report).toMatchObject({ task: { id: taskId, status: "failed", result: { text: "I would rather not." } } });
});

test("a token that is no good ends the agent with code 75: who started it must start it anew", async () => {
  const refused = { status: 401, body: { error: { code: "AITO_AGENT_TOKEN", message: "spent" } } };
  const { code } = await oneRun({ agent: (path) => (path === "/agent/hello" ? refused : (undefined as never)) });
  expect(code).toBe(75);
});

test.each(["/agent/heartbeat", "/agent/poll", "/agent/context", "/agent/report"])(
  "a stale epoch at %s ends the agent with code 77",
  async (stale) => {
    const refused = { status: 409, body: { error: { code: "AITO_AGENT_STALE", message: "epoch 4 runs" } } };
    const waits = stale === "/agent/heartbeat" ? "/agent/poll" : "";
    const { code } = await oneRun({
      agent: (path) => (path === stale ? refused : path === waits ? new Promise(() => undefined) : (undefined as never)),
      context: { askModel: false },
    });
    expect(code).toBe(77);
  },
);

test("a heartbeat that says stop ends an idle agent at once with code 0", async () => {
  const { code } = await oneRun({
    agent: (path) =>
      path === "/agent/heartbeat"
        ? { body: { stop: true } }
        : path === "/agent/poll"
          ? new Promise(() => undefined)
          : (undefined as never),
  });
  expect(code).toBe(0);
});

test("F01 a heartbeat that failed is sent again soon, and not after a whole interval", async () => {
  let beats = 0;
  const { code } = await oneRun({
    hello: { heartbeatMs: 600_000, restBeatMs: 600_000 },
    agent: (path) => {
      if (path === "/agent/poll") return new Promise(() => undefined);
      if (path !== "/agent/heartbeat") return undefined as never;
      beats += 1;
      return beats === 1
        ? { status: 503, body: { error: { code: "AITO_DB_UNAVAILABLE", message: "away" } } }
        : { body: { stop: true } };
    },
  });
  expect([code, beats]).toEqual([0, 2]);
});

test.each(["the bell rings and it knows nothing", "a heartbeat fails"])(
  "F10 a poll that may be heard no more is begun anew when %s",
  async (sign) => {
    let [polls, beats] = [0, 0];
    let ring = (): void => undefined;
    const soon = { ...systemClock, after: (ms: number, run: () => void) => systemClock.after(Math.min(ms, 20), run) };
    const { code, report } = await oneRun(
      {
        // The first heartbeat is good, so that the second finds the poll parked.
        hello: { heartbeatMs: 50, restBeatMs: 50 },
        context: { askModel: false },
        agent: (path) => {
          if (path === "/agent/heartbeat" && sign.includes("heartbeat")) {
            beats += 1;
            if (beats > 1 && polls === 1)
              return { status: 503, body: { error: { code: "AITO_DB_UNAVAILABLE", message: "away" } } };
          }
          if (path !== "/agent/poll") return undefined as never;
          polls += 1;
          if (polls > 1) return { body: { run: { id: runId, reasons: [] } } };
          if (sign.includes("bell")) setTimeout(() => ring(), 20);
          return new Promise(() => undefined);
        },
      },
      {
        clock: soon,
        makeBell: async () => ({
          onRing: (handler) => (ring = () => handler("channel:broadcast", "{}")),
          usePassword: () => undefined,
          close: async () => undefined,
        }),
      },
    );
    expect([code, polls]).toEqual([0, 2]);
    expect(report).toMatchObject({ run: runId });
  },
);

test("an aborted agent ends at once, as if it were killed", async () => {
  const stop = new AbortController();
  const { code } = await oneRun(
    { agent: (path) => (path === "/agent/poll" ? (stop.abort(), new Promise(() => undefined)) : (undefined as never)) },
    { signal: stop.signal },
  );
  expect(code).toBe(137);
});

test("a gateway that is away for a moment is polled again, sooner when the bell rings", async () => {
  let polls = 0;
  let ring = (): void => undefined;
  // It rings again and again: one ring may come before the agent waits.
  const ringing = setInterval(() => ring(), 20);
  // Without the bell each wait would take minutes.
  const slow = { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms * 1_000, signal) };
  const { code } = await oneRun(
    {
      agent: (path) => {
        if (path !== "/agent/poll") return undefined as never;
        polls += 1;
        if (polls > 3) return { body: { run: { id: runId, reasons: [] } } };
        return { status: 503, body: { error: { code: "AITO_DB_UNAVAILABLE", message: "later" } } };
      },
      context: { askModel: false },
    },
    {
      clock: slow,
      makeBell: async () => ({
        onRing: (handler) => (ring = () => handler("channel:broadcast", "{}")),
        usePassword: () => undefined,
        close: async () => undefined,
      }),
    },
  );
  clearInterval(ringing);
  expect(code).toBe(0);
  expect(polls).toBe(4);
});

test("the profile is written to tmpfs where there is one", async () => {
  const gateway = await scriptedGateway({});
  open.push(gateway);
  await oneRun({ context: { askModel: false } }, { tmp: gateway.folder });
  expect(await readFile(join(gateway.folder, "profile.md"), "utf8")).toBe("# CMO\n\nSells things.");
});

test("the line on stdin is read once; none, or another, is no session", async () => {
  const send = async (text: string | null): Promise<unknown> => {
    const input = new PassThrough();
    if (text !== null) input.write(text);
    return await readStdinLine(input, systemClock, 50);
  };
  expect(await send(`${JSON.stringify({ token, epoch: 3 })}\nmore`)).toEqual({ token, epoch: 3 });
  expect(await send(null)).toBeNull();
  expect(await send("{}\n")).toBeNull();
});

test("Y03 every request after hello is signed, and a renewed session is the one that goes out from then on", async () => {
  const renewed = "aito_ses_renewed-012345678901234567890123456789012345";
  let stop = false;
  const { gateway, at } = await oneRun({
    hello: { renewAfterMs: 20 },
    context: { askModel: false },
    agent: (path) => {
      if (path === "/agent/renew") {
        const again = { session: renewed, redis: null, renewAfterMs: 60_000 };
        stop = true;
        return { body: again };
      }
      if (path !== "/agent/poll") return undefined as never;
      return { body: { run: stop ? { id: runId, reasons: [] } : null } };
    },
  });
  const key = String(at("/agent/hello")[0]!.body["containerKey"]);
  const [before] = at("/agent/renew");
  const after = at("/agent/report")[0]!;
  expect(before!.headers.authorization).toBe(`Bearer ${exampleHello().session}`);
  expect(after.headers.authorization).toBe(`Bearer ${renewed}`);
  for (const { path, headers } of gateway.seen.filter((seen) => seen.path !== "/agent/hello")) {
    const session = headers.authorization!.replace("Bearer ", "");
    expect(checkProof(key, headers[proofHeader], { method: "POST", path, session }, new Date()), path).toBe(true);
  }
});
