import { expect, test } from "vitest";
import { AitoError } from "./errors.ts";
import { createLogger } from "./logger.ts";
import { holdsToken, redact, redactText, withoutTokens } from "./redaction.ts";
import { newToken } from "./token.ts";

const canary = "canary-4f1d2c";
const modelKey = `sk-ant-api03-${canary}-${"x".repeat(40)}`;
const token = newToken("run");
const url = `postgres://aito:${canary}@postgres:5432/aito`;

/** Every way by which a secret has got into a log line somewhere. */
const leaks: [string, Record<string, unknown>, string][] = [
  ["a model key in the message", {}, `request failed with ${modelKey}`],
  ["a model key in a field", { detail: `key ${modelKey}` }, "request failed"],
  ["a bearer header in text", { header: `Authorization: Bearer ${canary}${canary}` }, "x"],
  ["a header under its name", { headers: { authorization: canary, "x-api-key": canary, cookie: canary } }, "x"],
  ["a password under its name, deep in a value", { a: { b: { c: [{ redisPassword: canary }] } } }, "x"],
  ["a token of ours", { text: `got ${token}` }, `from ${token}`],
  ["a session", { session: canary }, "x"],
  ["a URL with a password", { url }, `cannot reach ${url}`],
  ["an error's message", { error: new Error(`connect to ${url} with ${modelKey}`) }, "x"],
  ["an error that holds one in a property", { error: Object.assign(new Error("refused"), { token: canary, code: "E1" }) }, "x"],
  ["an error of ours with a cause", { error: new AitoError("AITO_X", "refused", { cause: new Error(modelKey) }) }, "x"],
];

test.each(leaks)("S17 a logger writes no secret: %s", (_, fields, message) => {
  const lines: string[] = [];
  const log = createLogger({ program: "test", write: (line) => lines.push(line) });
  log.info(fields, message);
  log.child(fields).warn({}, message);
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(line).not.toContain(canary);
    expect(line).not.toContain(token.slice(10));
  }
});

test("keeps what tells a reader something", () => {
  expect(redactText(`token ${token}`)).toBe("token aito_run_[redacted]");
  expect(redactText(url)).toBe("postgres://aito:[redacted]@postgres:5432/aito");
  expect(redact({ error: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) })).toEqual({
    error: { name: "Error", message: "refused", code: "ECONNREFUSED" },
  });
  expect(redact({ inputTokens: 3, big: 5n, at: new Date(0), none: null, ok: true })).toEqual({
    inputTokens: 3,
    big: "5",
    at: "1970-01-01T00:00:00.000Z",
    none: null,
    ok: true,
  });
});

test("takes time by the length of the text and not by its square", () => {
  const start = performance.now();
  for (const part of ["x", "a:", "sk", "Bearer ", "x://", "x://a:", "aito_a"]) redactText(part.repeat(100_000));
  expect(performance.now() - start).toBeLessThan(2_000);
});

test("bounds depth, length and count", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  expect(JSON.stringify(redact(loop))).toContain("[deep]");
  expect((redact("x".repeat(9_000)) as string).length).toBeLessThan(4_100);
  expect(redact(Array.from({ length: 500 }, () => 1))).toHaveLength(100);
});

test("writes one parsable line whatever the text holds", () => {
  const lines: string[] = [];
  const log = createLogger({ program: "test", write: (line) => lines.push(line) });
  for (const odd of ["a\nb", '","level":99,"x":"', "\u001b[31mred", "\u2028", "\0", "\uD800", "x".repeat(100_000)])
    log.info({ odd }, odd);
  expect(lines).toHaveLength(7);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 30, program: "test" });
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
});

test("S17 our own credentials are found and taken out anywhere in a JSON-like value, and nothing else is", () => {
  const clean = { text: "aito_run_short, sk-abcdefgh and aito_fleet", list: [1, null, { aito_key: true }] };
  expect(holdsToken(clean)).toBe(false);
  expect(withoutTokens(clean)).toBe(clean);
  expect(holdsToken(undefined)).toBe(false);
  for (const dirty of [{ a: [{ b: `x ${token}.` }] }, { [token]: 1 }, [`"${token}"`]]) {
    expect(holdsToken(dirty)).toBe(true);
    expect(JSON.stringify(withoutTokens(dirty))).toContain("aito_run_[redacted]");
    expect(holdsToken(withoutTokens(dirty))).toBe(false);
  }
});
