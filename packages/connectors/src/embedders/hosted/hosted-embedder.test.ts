import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type EmbedderApi, hostedEmbedder } from "./hosted-embedder.ts";

let server: Server;
let url: string;
let seen: { path: string; authorization: string | undefined; body: Record<string, unknown> }[] = [];
let reply: (body: Record<string, unknown>) => { status: number; text: string };

const vectors = (body: Record<string, unknown>, numbers = 3) => ({
  status: 200,
  // The last first: order is by index, not by place.
  text: JSON.stringify({
    data: (body["input"] as string[])
      .map((text, index) => ({ index, embedding: Array.from({ length: numbers }, (_, at) => (at === 0 ? text.length * 2 : 0)) }))
      .toReversed(),
  }),
});

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      seen.push({ path: request.url!, authorization: request.headers.authorization, body });
      const answer = reply(body);
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
});
afterAll(() => new Promise((done) => server.close(done)));
beforeEach(() => {
  seen = [];
  reply = (body) => vectors(body);
});

const make = (api: EmbedderApi, change = {}) =>
  hostedEmbedder({ api, baseUrl: url, model: "m-1", dimensions: 3, apiKey: "the key", ...change });

test("Q03 each vendor is asked as it wants, in batches, and gives unit vectors in the order of the texts", async () => {
  const embedder = make("voyage");
  expect(embedder).toMatchObject({ model: "m-1:3", dimensions: 3 });
  const texts = Array.from({ length: 70 }, (_, at) => "x".repeat(at));
  const found = await embedder.embed(texts, { kind: "query" });
  expect(found).toHaveLength(70);
  expect(found.every((vector) => vector[0] === 1 && vector.length === 3)).toBe(true);
  expect(seen.map(({ body }) => (body["input"] as string[]).length)).toEqual([64, 6]);
  expect(seen[0]).toMatchObject({ path: "/v1/embeddings", authorization: "Bearer the key" });
  expect(seen[0]!.body).toMatchObject({ model: "m-1", input_type: "query", output_dimension: 3 });
  expect((seen[0]!.body["input"] as string[])[0]).toBe(".");
  await make("openai", { apiKey: null }).embed(["a"]);
  expect(seen.at(-1)).toMatchObject({ authorization: undefined, body: { dimensions: 3, encoding_format: "float" } });
});

test.each([
  [401, "AITO_EMBEDDER_REFUSED", "human"],
  [404, "AITO_EMBEDDER_REFUSED", "human"],
  [429, "AITO_EMBEDDER_UNAVAILABLE", "retry"],
  [503, "AITO_EMBEDDER_UNAVAILABLE", "retry"],
])("Q03 status %i is %s", async (status, code, fate) => {
  reply = () => ({ status, text: "{}" });
  await expect(make("openai").embed(["a"])).rejects.toMatchObject({ code, fate });
});

test("Q03 a wrong length, too few vectors, no JSON and nobody there are failures, and none shows the key", async () => {
  const wrong: ((body: Record<string, unknown>) => { status: number; text: string })[] = [
    (body) => vectors(body, 4),
    () => ({ status: 200, text: '{"data":[]}' }),
    () => ({ status: 200, text: "<html>" }),
    () => ({ status: 200, text: '{"data":[{"embedding":[0,0,0]}]}' }),
  ];
  for (const each of wrong) {
    reply = each;
    const error = await make("openai")
      .embed(["a"])
      .catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: "AITO_EMBEDDER_UNAVAILABLE" });
    expect(String(error)).not.toContain("the key");
  }
  await expect(make("openai", { baseUrl: "http://127.0.0.1:9" }).embed(["a"])).rejects.toMatchObject({
    code: "AITO_EMBEDDER_UNAVAILABLE",
  });
});
