import { expect, test } from "vitest";
import type { Caller } from "./caller.ts";
import { costMicroUsd } from "./models.ts";
import { readModelRequest } from "./model-request.ts";
import { worstCase } from "./worst-case.ts";

const model = "claude-sonnet-5-5";
const caller = { kind: "key", keyId: "k", name: "key:k", models: [model, "no-such-model"] } satisfies Caller;
const read = (more: object = {}) =>
  readModelRequest(
    Buffer.from(JSON.stringify({ model, max_tokens: 1_000, messages: [{ role: "user", content: "hi" }], ...more })),
    caller,
  );
const usage = (input: number, output: number) => ({
  input,
  output,
  cacheWrite: null,
  cacheWrite1h: 0,
  cacheRead: null,
  webSearches: 0,
});

test("Y02 the worst case covers a token for each byte and all of max_tokens", async () => {
  const request = read();
  const worst = worstCase(request, [model]);
  expect(worst.byBytes).toBeGreaterThanOrEqual(costMicroUsd(model, usage(request.body.length, 1_000))!);
  const counted = await worstCase(read({ system: "word ".repeat(5_000) }), [model]).counted();
  expect(counted).toBeLessThan(worstCase(read({ system: "word ".repeat(5_000) }), [model]).byBytes);
  expect(counted).toBeGreaterThanOrEqual(costMicroUsd(model, usage(5_000, 1_000))!);
});

test("cache writes, the dearest of the fallbacks, searches and a place each raise it", () => {
  const plain = worstCase(read(), [model]).byBytes;
  const cached = (ttl: string) => ({ system: [{ type: "text", text: "x", cache_control: { type: "ephemeral", ttl } }] });
  const [short, long] = ["5m", "1h"].map((ttl) => worstCase(read(cached(ttl)), [model]).byBytes);
  expect(short).toBeGreaterThan(plain);
  expect(long).toBeGreaterThan(short!);
  expect(worstCase(read(), [model, "claude-opus-5"]).byBytes).toBeGreaterThan(2n * plain);
  const [here, anywhere] = ["us", "global"].map((place) => worstCase(read({ inference_geo: place }), [model]).byBytes);
  expect(Number(here) / Number(anywhere)).toBeCloseTo(1.1, 2);
  const search = { tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 3 }] };
  expect(worstCase(read(search), [model]).byBytes).toBeGreaterThanOrEqual(plain + 30_000n);
});

test("what is only named in the body is counted as well", () => {
  const image = { role: "user", content: [{ type: "image", source: { type: "url", url: "https://x" } }] };
  const plain = worstCase(read(), [model]).byBytes;
  expect(worstCase(read({ messages: [image] }), [model]).byBytes).toBeGreaterThan(plain + 9_000n);
});

test("a model, a tool or a speed without a price is refused, with the line to add", () => {
  expect(() => worstCase(read({ model: "no-such-model" }), ["no-such-model"])).toThrow(
    expect.objectContaining({ code: "AITO_MODEL_UNPRICED", hint: expect.stringContaining('"no-such-model": { "input"') }),
  );
  expect(() => worstCase(read({ tools: [{ type: "hologram_20270101", name: "h" }] }), [model])).toThrow(
    expect.objectContaining({ code: "AITO_MODEL_UNPRICED", hint: expect.stringContaining('"hologram"') }),
  );
  expect(() => worstCase(read({ speed: "fast" }), [model])).toThrow(expect.objectContaining({ code: "AITO_MODEL_UNPRICED" }));
  expect(() => worstCase(read({ tools: [{ name: "own", input_schema: {} }, { type: "bash_20250124" }] }), [model])).not.toThrow();
});
