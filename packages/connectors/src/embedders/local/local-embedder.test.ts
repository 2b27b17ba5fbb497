import { systemClock } from "@aito/base";
import { afterAll, expect, test } from "vitest";
import { localEmbedder } from "./local-embedder.ts";

const embedder = localEmbedder({ clock: systemClock });
afterAll(() => embedder.close());

const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

test("Q03 a text is nearer to another wording of it, without a common word, than to other matters", async () => {
  const [fraud, paraphrase, other] = await embedder.embed([
    "A weekly newsletter about avoiding fraud",
    "A regular e-mail that teaches people how not to get scammed",
    "Move the servers to another provider",
  ]);
  expect(cosine(fraud!, paraphrase!)).toBeGreaterThan(cosine(fraud!, other!) + 0.3);
});

test("Q03 vectors have the stated length and size, the same for the same text, alone or in a batch, long or empty", async () => {
  const texts = ["Approve the budget", "", "word ".repeat(4_000), ...Array.from({ length: 34 }, (_, at) => `note ${at}`)];
  const vectors = await embedder.embed(texts);
  expect(vectors).toHaveLength(texts.length);
  for (const vector of vectors) {
    expect(vector).toHaveLength(embedder.dimensions);
    expect(cosine(vector, vector)).toBeCloseTo(1, 4);
  }
  const [alone] = await embedder.embed([texts[20]!]);
  expect(cosine(alone!, vectors[20]!)).toBeGreaterThan(0.9999);
});

test("Q03 while it computes, the event loop goes on; who no longer waits is let go at once", async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const gone = new AbortController();
  const texts = Array.from(
    { length: 10 },
    (_, at) => `The council of week ${at} talked about ${"the budget and the campaign ".repeat(20)}`,
  );
  const all = embedder.embed(texts);
  const abandoned = embedder.embed(texts, { signal: gone.signal });
  gone.abort(new Error("left"));
  await expect(abandoned).rejects.toThrow("left");
  await all;
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test("Q03 after it was closed in the middle of work, the next question starts it anew", async () => {
  const lost = embedder.embed(["one more"]);
  lost.catch(() => undefined);
  // The question has reached the thread by the next turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  await embedder.close();
  await expect(lost).rejects.toMatchObject({ code: "AITO_EMBEDDER_UNAVAILABLE", fate: "retry" });
  expect(await embedder.embed(["and again"])).toHaveLength(1);
});
