import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, silentLogger } from "@aito/base";
import { afterAll, expect, test } from "vitest";
import { keyFromFile, lineOf, overlapMs, wholeFile } from "./upstream-keys.ts";

const folder = mkdtempSync(join(tmpdir(), "aito-upstream-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function opened(text: string, pick = wholeFile) {
  const path = join(folder, `${Math.trunc(performance.now() * 1_000)}`);
  writeFileSync(path, text);
  let now = 1_000_000;
  const clock = { now: () => new Date(now) } as Clock;
  const key = keyFromFile({ path, pick, clock, log: silentLogger });
  // As an editor or a secret's mount does it: the new file takes the name of the old one.
  const write = (next: string): void => {
    writeFileSync(`${path}.new`, next);
    renameSync(`${path}.new`, path);
    now += 3_000;
  };
  return { key, path, write, pass: (ms: number) => void (now += ms) };
}

test("S05 a changed file gives the new key within seconds, the old one beside it for the overlap and not after", () => {
  const { key, write, pass } = opened("sk-first\n");
  expect([key.current(), key.before()]).toEqual(["sk-first", null]);
  write("sk-second\n");
  expect([key.current(), key.before()]).toEqual(["sk-second", "sk-first"]);
  pass(overlapMs - 10_000);
  expect(key.before()).toBe("sk-first");
  pass(10_000);
  expect([key.current(), key.before()]).toEqual(["sk-second", null]);
  write("sk-third");
  expect([key.current(), key.before()]).toEqual(["sk-third", "sk-second"]);
});

test("S05 a file that is empty, gone or without the line for a moment leaves the key as it was", () => {
  const { key, path, write, pass } = opened("own=sk-one\nother = sk-two = more\n", lineOf("other"));
  expect(key.current()).toBe("sk-two = more");
  write("");
  expect(key.current()).toBe("sk-two = more");
  write("own=sk-one\n");
  expect(key.current()).toBe("sk-two = more");
  rmSync(path);
  pass(3_000);
  expect(key.current()).toBe("sk-two = more");
  write("other=sk-new\n");
  expect([key.current(), key.before()]).toEqual(["sk-new", "sk-two = more"]);
});
