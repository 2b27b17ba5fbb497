import { expect, test } from "vitest";
import type { Caller } from "./caller.ts";
import { costMicroUsd, models } from "./models.ts";
import { pricedAt, upstreamPrices } from "./prices.ts";
import { readModelRequest } from "./model-request.ts";
import { worstCase } from "./worst-case.ts";

const model = "claude-sonnet-5-5";
const caller = { kind: "key", keyId: "k", name: "key:k", models: [model, "no-such-model"] } satisfies Caller;
const at = (...names: string[]) => names.map((name) => pricedAt(name, { name: "anthropic", prices: null }));
const price = models.models[model]!;
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
  const worst = worstCase(request, at(model));
  expect(worst.byBytes).toBeGreaterThanOrEqual(costMicroUsd(price, usage(request.body.length, 1_000))!);
  const counted = await worstCase(read({ system: "word ".repeat(5_000) }), at(model)).counted();
  expect(counted).toBeLessThan(worstCase(read({ system: "word ".repeat(5_000) }), at(model)).byBytes);
  expect(counted).toBeGreaterThanOrEqual(costMicroUsd(price, usage(5_000, 1_000))!);
});

test("cache writes, the dearest of the fallbacks, searches and a place each raise it", () => {
  const plain = worstCase(read(), at(model)).byBytes;
  const cached = (ttl: string) => ({ system: [{ type: "text", text: "x", cache_control: { type: "ephemeral", ttl } }] });
  const [short, long] = ["5m", "1h"].map((ttl) => worstCase(read(cached(ttl)), at(model)).byBytes);
  expect(short).toBeGreaterThan(plain);
  expect(long).toBeGreaterThan(short!);
  expect(worstCase(read(), at(model, "claude-opus-5")).byBytes).toBeGreaterThan(2n * plain);
  const [here, anywhere] = ["us", "global"].map((place) => worstCase(read({ inference_geo: place }), at(model)).byBytes);
  expect(Number(here) / Number(anywhere)).toBeCloseTo(1.1, 2);
  const search = { tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 3 }] };
  expect(worstCase(read(search), at(model)).byBytes).toBeGreaterThanOrEqual(plain + 30_000n);
});

test("what is only named in the body is counted as well", () => {
  const image = { role: "user", content: [{ type: "image", source: { type: "url", url: "https://x" } }] };
  const plain = worstCase(read(), at(model)).byBytes;
  expect(worstCase(read({ messages: [image] }), at(model)).byBytes).toBeGreaterThan(plain + 9_000n);
});

test("a model, a tool or a speed without a price is refused, with the line to add", () => {
  expect(() => worstCase(read({ model: "no-such-model" }), at("no-such-model"))).toThrow(
    expect.objectContaining({ code: "AITO_MODEL_UNPRICED", hint: expect.stringContaining('"no-such-model": { "input"') }),
  );
  expect(() => worstCase(read({ tools: [{ type: "hologram_20270101", name: "h" }] }), at(model))).toThrow(
    expect.objectContaining({ code: "AITO_MODEL_UNPRICED", hint: expect.stringContaining('"hologram"') }),
  );
  expect(() => worstCase(read({ speed: "fast" }), at(model))).toThrow(expect.objectContaining({ code: "AITO_MODEL_UNPRICED" }));
  expect(() =>
    worstCase(read({ tools: [{ name: "own", input_schema: {} }, { type: "bash_20250124" }] }), at(model)),
  ).not.toThrow();
});

test("Q01 an upstream's own price goes before the list's, and one that is missing is asked for where it belongs", () => {
  const said = { source: "https://example.com/prices", date: "2026-11-01", models: { llama: { input: 0.333, output: 0.9 } } };
  const own = { name: "own", prices: upstreamPrices(said) };
  const used = { ...usage(1_000_000, 1_000_000), cacheRead: 1_000_000, cacheWrite: 1_000_000 };
  expect(own.prices["llama"]).toMatchObject({ cacheWrite5m: "0.417", cacheWrite1h: "0.666", cacheRead: "0.333" });
  expect(costMicroUsd(pricedAt("llama", own).price, used)).toBe(333_000n + 900_000n + 333_000n + 417_000n);
  expect(worstCase(read(), [pricedAt("llama", own)]).byBytes).toBeGreaterThan(900n);
  expect(pricedAt(model, own).price).toEqual(price);
  expect(() => worstCase(read(), [pricedAt("no-such-model", own)])).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/models\.upstreams\.own in the fleet file: prices: .*"no-such-model": \{ input/),
    }),
  );
});
