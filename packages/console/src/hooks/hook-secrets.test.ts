import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@aito/base";
import { afterAll, expect, test } from "vitest";
import { hookSecretsFrom, parseHookSecrets } from "./hook-secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "aito-hook-secrets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("X23 a secret changes with its file, is kept while the file is away, and ends when the file no longer names it", () => {
  let at = 1_000_000;
  const clock = { ...systemClock, now: () => new Date((at += 2_000)) };
  const path = join(folder, "secrets");
  const write = (text: string): void => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const secrets = hookSecretsFrom(path, { clock, log: silentLogger });
  expect(secrets.of("shop")).toEqual([]);
  write("shop=the first secret of it\n");
  expect(secrets.of("shop")).toEqual(["the first secret of it"]);
  write("# ours\nshop=the second secret of it\nshop=the first secret of it\nother = short\n");
  expect(secrets.of("shop")).toEqual(["the second secret of it", "the first secret of it"]);
  expect(secrets.of("other")).toEqual([]);
  rmSync(path);
  expect(secrets.of("shop")).toHaveLength(2);
  write("crm=a secret with = signs in it\n");
  expect(secrets.of("shop")).toEqual([]);
  expect(secrets.of("crm")).toEqual(["a secret with = signs in it"]);
  expect(secrets.of("constructor")).toEqual([]);
});

test("X23 lines that are no secret, and more than three of one name, do not count", () => {
  const many = [1, 2, 3, 4].map((n) => `a=secret number ${n} of four`);
  expect(parseHookSecrets(["", "=nobody's secret at all", "a", ...many].join("\n")).get("a")).toHaveLength(3);
  // What it encodes is empty: anybody could sign with that.
  expect(parseHookSecrets("a=whsec_****************").get("a")).toBeUndefined();
});
