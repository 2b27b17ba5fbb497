import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { gatewayRig, type GatewayRig } from "../src/model-faults/gateway-rig.ts";
import { beginStream, endStream, type FaultyVendor, faultyVendor, good, refuse, sse } from "../src/model-faults/vendor.ts";
import { usePostgres, useRedis, waitFor } from "../src/index.ts";

const postgres = usePostgres();
const redis = useRedis();
const patient = 30_000;

let vendor: FaultyVendor;
let rig: GatewayRig | null = null;
beforeAll(async () => {
  vendor = await faultyVendor();
});
afterAll(async () => {
  await rig?.close();
  await vendor.close();
}, 60_000);
beforeEach(() => {
  vendor.answer = (_call, response) => good(response);
});

/** The gateway's own program, which waits for an upstream for seconds instead of minutes. */
async function opened(skip: (reason: string) => never): Promise<GatewayRig> {
  const { database } = postgres.orSkip(skip);
  const { url: redisUrl } = redis.orSkip(skip);
  rig ??= await gatewayRig({
    slug: "faults",
    postgresUrl: database.controlUrl,
    redisUrl,
    vendorUrl: vendor.url,
    env: { AITO_MODEL_FIRST_BYTE_SECONDS: "15", AITO_MODEL_SILENCE_SECONDS: "8" },
    change: (file) => {
      file.roles["cfo"]!.model = "claude-opus-5-5";
      file.roles["cto"]!.model = "claude-opus-5";
    },
  });
  return rig;
}
const statusOf = async (call: ReturnType<GatewayRig["ask"]>): Promise<number> => {
  const answer = await call;
  await answer.arrayBuffer();
  return answer.status;
};
const textOf = (call: ReturnType<GatewayRig["ask"]>): Promise<string> =>
  call.then((answer) => answer.text()).catch((error: unknown) => `cut: ${String(error)}`);

test("S05 the vendor's key is changed in its file under a running gateway: both serve while they are live, then the new one alone", async ({
  skip,
}) => {
  const { ask, setKey } = await opened(skip);
  const [first, second] = ["sk-the-first-key", "sk-the-second-key"];
  let live = [first];
  vendor.answer = (call, response) =>
    live.includes(vendor.of(call).at(-1)!.key) ? good(response) : refuse(401, {}, "authentication_error")(call, response);
  let calls = 0;
  const keysOf = async (): Promise<string[]> => {
    const call = `rotation ${(calls += 1)}`;
    expect(await statusOf(ask("cto", call, { model: "claude-opus-5" }))).toBe(200);
    return vendor.of(call).map(({ key }) => key);
  };
  expect(await keysOf()).toEqual([first]);
  // The vendor does not know the new key yet: no call fails.
  setKey(second);
  await waitFor(keysOf, (keys) => keys.join() === [second, first].join(), patient);
  live = [first, second];
  expect(await keysOf()).toEqual([second]);
  live = [second];
  expect(await keysOf()).toEqual([second]);
}, 120_000);

test("F14 a retry-after is kept to the last: three attempts in all, a spend limit is never asked again, a long wait is told to the caller", async ({
  skip,
}) => {
  const { ask } = await opened(skip);
  vendor.answer = (call, response) =>
    vendor.of(call).length === 1 ? refuse(429, { "retry-after": "2" })(call, response) : good(response);
  expect(await statusOf(ask("cmo", "waits"))).toBe(200);
  const [first, second] = vendor.of("waits");
  expect(vendor.of("waits")).toHaveLength(2);
  expect(second!.atMs - first!.answeredMs!).toBeGreaterThanOrEqual(1_900);

  vendor.answer = refuse(500);
  const failed = await ask("cmo", "always 500");
  expect([failed.status, failed.headers.get("x-should-retry")]).toEqual([500, "false"]);
  await failed.arrayBuffer();
  expect(vendor.of("always 500")).toHaveLength(3);

  vendor.answer = refuse(429, { "retry-after": "1" }, "enforced_spend_limit_reached");
  const spent = await ask("cfo", "spend limit", { model: "claude-opus-5-5" });
  expect([spent.status, spent.headers.get("x-should-retry"), await spent.text()]).toEqual([
    429,
    "false",
    expect.stringContaining("enforced_spend_limit_reached"),
  ]);
  expect(vendor.of("spend limit")).toHaveLength(1);

  vendor.answer = refuse(429, { "retry-after": "900" });
  const far = await ask("cto", "far away", { model: "claude-opus-5" });
  expect([far.status, far.headers.get("retry-after")]).toEqual([429, "900"]);
  await far.arrayBuffer();
  expect(vendor.of("far away")).toHaveLength(1);
  // It holds for everybody who asks for that model there.
  const held = await ask("cto", "too early", { model: "claude-opus-5" });
  await held.arrayBuffer();
  expect([held.status, vendor.of("too early").length]).toEqual([529, 0]);
}, 120_000);

test("F13 an upstream that is slow to begin, trickles, goes silent or breaks off delays nobody else, and what it cost is booked", async ({
  skip,
}) => {
  const { ask, usageOf, alive } = await opened(skip);
  const release: (() => void)[] = [];
  vendor.answer = (call, response) => {
    if (call === "late") return void release.push(() => good(response));
    if (call === "never") return;
    if (call === "trickle") {
      beginStream(response, "one");
      const drop = setInterval(() => response.write(": a comment a moment\n\n"), 500);
      return void release.push(() => {
        clearInterval(drop);
        endStream(response);
      });
    }
    if (call === "half open") return beginStream(response, "some words and then nothing, with the connection left open");
    if (call === "cut") {
      beginStream(response, "a few words");
      return void setTimeout(() => response.destroy(), 50);
    }
    if (call === "error event") {
      beginStream(response, "a word");
      return void response.end(sse("error", { error: { type: "overloaded_error", message: "Overloaded" } }));
    }
    good(response);
  };
  const late = statusOf(ask("ceo", "late"));
  const never = ask("dao", "never");
  const trickle = textOf(ask("coo", "trickle", { stream: true }));
  const halfOpen = textOf(ask("cco", "half open", { stream: true }));
  const slow = () => vendor.attempts.filter(({ call }) => ["late", "never", "trickle", "half open"].includes(call)).length;
  await waitFor(slow, (count) => count === 4, patient);
  // All four hang. Nobody else waits for them.
  const others = await Promise.all(Array.from({ length: 10 }, (_, at) => statusOf(ask("cmo", `other ${at}`))));
  expect(others.filter((status) => status !== 200)).toEqual([]);
  expect(release).toHaveLength(2);
  for (const go of release) go();
  expect(await late).toBe(200);
  expect(await trickle).toContain("message_stop");
  // Nothing at all within its time: an error, and not asked again, for it may have been worked on.
  const silent = await never;
  expect([silent.status, await silent.text()]).toEqual([503, expect.stringContaining("AITO_MODEL_UNAVAILABLE")]);
  expect(vendor.of("never")).toHaveLength(1);
  expect(await halfOpen).not.toContain("message_stop");
  expect(await textOf(ask("cmo", "cut", { stream: true }))).not.toContain("message_stop");
  expect(await textOf(ask("coo", "error event", { stream: true }))).toContain("overloaded_error");

  const booked = async (agent: string, calls: number) => {
    const rows = await waitFor(
      () => usageOf(agent),
      (found) => found.length >= calls,
      patient,
    );
    return rows.map(({ status, cut, cost_micro_usd: cost, charged_micro_usd: charged }) => ({ status, cut, cost, charged }));
  };
  // 10 tokens in and at least 20 out, at $2 and $10 a million.
  const partly = { cut: true, cost: expect.toSatisfy((cost: bigint) => cost >= 220n) };
  expect(await booked("cco", 1)).toMatchObject([partly]);
  expect((await booked("cmo", 13)).filter(({ cut }) => cut)).toMatchObject([partly]);
  // What nobody answered may have cost something: unknown, never 0, and all that was set aside is charged.
  const [unknown] = await booked("dao", 1);
  expect(unknown).toMatchObject({ cost: null, charged: expect.toSatisfy((micro: bigint) => micro > 0n) });
  expect(alive()).toBe(true);
}, 180_000);

test("F15 whole answers that are no JSON, lie about their length or have ten megabytes pass or fail as such; the program stays small", async ({
  skip,
}) => {
  const { ask, usageOf, alive, peakMb } = await opened(skip);
  const json = { "content-type": "application/json" };
  const broken: Record<string, (response: ServerResponse) => void> = {
    "no JSON": (response) => response.writeHead(200, json).end("{not json"),
    "half of it": (response) => response.writeHead(200, json).end('{"id":"m","usage":{"input_tokens":1,"output'),
    nothing: (response) => response.writeHead(200, json).end(),
    null: (response) => response.writeHead(200, json).end("null"),
    "a list": (response) => response.writeHead(200, json).end("[1,2]"),
    "no text": (response) => response.writeHead(200, json).end(Buffer.from([0xff, 0xfe, 0x00, 0xd8])),
    deep: (response) => response.writeHead(200, json).end(`${"[".repeat(200_000)}${"]".repeat(200_000)}`),
    "another kind": (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    "wild usage": (response) => response.writeHead(200, json).end('{"usage":{"input_tokens":-5,"output_tokens":1e300}}'),
    "too short": (response) => {
      response.writeHead(200, { ...json, "content-length": "100" });
      response.write("{}");
      setTimeout(() => response.destroy(), 20);
    },
  };
  vendor.answer = (call, response) => broken[call]!(response);
  const known = (await usageOf("coo")).length;
  for (const name of Object.keys(broken)) {
    const status = await statusOf(ask("coo", name));
    expect({ name, status }).toEqual({ name, status: name === "too short" ? 502 : 200 });
  }
  const calls = Object.keys(broken).length;
  const rows = await waitFor(
    () => usageOf("coo"),
    (found) => found.length === known + calls,
    patient,
  );
  // Nobody said what they cost: unknown, and all that was set aside is charged.
  for (const { cost_micro_usd: cost, charged_micro_usd: charged } of rows.slice(known))
    expect([cost, (charged ?? 0n) > 0n]).toEqual([null, true]);

  const content = [
    { type: "tool_use", id: "t", name: "n", input: { list: Array.from({ length: 800_000 }, (_, at) => `item ${at}`) } },
  ];
  const huge = JSON.stringify({ id: "m", type: "message", content, usage: { input_tokens: 10, output_tokens: 20 } });
  expect(huge.length).toBeGreaterThan(10_000_000);
  vendor.answer = (_call, response) => response.writeHead(200, json).end(huge);
  const beforeMb = peakMb();
  for (let round = 0; round < 3; round += 1) {
    const sizes = await Promise.all(
      ["ceo", "dao", "cmo", "coo", "cco", "ceo", "dao", "cmo"].map(async (agent, at) => {
        const answer = await ask(agent, `huge ${round} ${at}`);
        return (await answer.arrayBuffer()).byteLength;
      }),
    );
    expect(new Set(sizes)).toEqual(new Set([Buffer.byteLength(huge)]));
  }
  process.stderr.write(
    `eight answers of ${Math.round(huge.length / 1e6)} MB at once, three times: at most ${Math.round(peakMb())} MB, before ${Math.round(beforeMb)}\n`,
  );
  expect(alive()).toBe(true);
  expect(peakMb()).toBeLessThan(480);
}, 180_000);

test("F14 a storm of 529: at most three attempts a call, and everybody gets through after it, one after the other", async ({
  skip,
}) => {
  const { database } = postgres.orSkip(skip);
  const { url: redisUrl } = redis.orSkip(skip);
  // A gateway that has seen no weather yet: how it lets calls go after the storm depends on how many went before it.
  const own = await gatewayRig({ slug: "storm", postgresUrl: database.controlUrl, redisUrl, vendorUrl: vendor.url });
  try {
    await storm(own);
  } finally {
    await own.close();
  }
}, 240_000);

async function storm({ ask, agents, usageOf }: GatewayRig): Promise<void> {
  const callers = agents.filter((agent) => !["cfo", "cto"].includes(agent));
  const [calls, stormMs, windowMs] = [40, 4_000, 3_000];
  const before = vendor.attempts.length;
  const calmAt = vendor.nowMs() + stormMs;
  vendor.answer = (call, response) =>
    vendor.nowMs() < calmAt ? refuse([529, 429, 503][vendor.attempts.length % 3]!)(call, response) : good(response);
  /** As our agents do: asks again, as a new call, when it is told to. */
  const insist = async (agent: string, name: string): Promise<void> => {
    for (let round = 0; round < 60; round += 1) {
      const answer = await ask(agent, `${name} ${round}`);
      await answer.arrayBuffer();
      if (answer.status === 200) return;
      expect([429, 503, 529]).toContain(answer.status);
      const seconds = Math.min(2, Math.max(1, Number(answer.headers.get("retry-after") ?? 1)));
      await new Promise((done) => setTimeout(done, seconds * 1_000));
    }
    throw new Error(`${name} never got through`);
  };
  await Promise.all(Array.from({ length: calls }, (_, at) => insist(callers[at % callers.length]!, `storm ${at}`)));
  const stormed = vendor.attempts.slice(before);
  const perCall = Map.groupBy(stormed, ({ call }) => call);
  expect(Math.max(...[...perCall.values()].map((attempts) => attempts.length))).toBeLessThanOrEqual(3);
  // From the first that was answered: before it there are only the breaker's attempts.
  const healed = stormed.find(({ atMs }) => atMs >= calmAt)!;
  const after = stormed.filter(({ atMs }) => atMs > healed.atMs).map(({ atMs }) => atMs);
  const windows = Map.groupBy(after, (atMs) => Math.floor((atMs - after[0]!) / windowMs));
  const peak = Math.max(...[...windows.values()].map((attempts) => attempts.length));
  const mean = after.length / Math.max(1, (after.at(-1)! - after[0]!) / windowMs);
  process.stderr.write(
    `storm: ${stormed.length} attempts for ${perCall.size} calls; after it ${after.length} in ${Math.round(after.at(-1)! - after[0]!)} ms, at most ${peak} in three seconds, ${mean.toFixed(1)} on average\n`,
  );
  // Twice the mean, and room for what a busy machine delivers late and together. Twenty at once would be a storm of our own.
  expect(peak).toBeLessThanOrEqual(2 * mean + 8);
  expect(after[19]! - after[0]!).toBeGreaterThanOrEqual(1_000);
  // A refusal costs nothing, and is not taken for unknown.
  const rows = (await Promise.all(callers.map(usageOf))).flat().filter(({ status }) => [429, 529].includes(status));
  for (const { cost_micro_usd: cost } of rows) expect(cost).toBe(0n);
}
