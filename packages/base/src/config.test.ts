import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { readConfig } from "./config.ts";
import { isAitoError } from "./errors.ts";

const schema = z.object({
  PORT: z.coerce.number().int().max(65_535).default(7_700),
  URL: z.string().min(1),
  API_KEY: z.string().optional(),
  SECRET: z.string().min(8),
});

const problemsOf = (env: Record<string, string>): string => {
  try {
    readConfig(schema, env);
  } catch (error) {
    expect(isAitoError(error, "AITO_CONFIG_INVALID") && error.fate === "human").toBe(true);
    return (error as Error).message;
  }
  throw new Error("was taken");
};

test("reads values, defaults and secrets from files", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "aito-config-"));
  try {
    writeFileSync(path.join(folder, "secret"), "from-a-file\n");
    const config = readConfig(schema, { URL: "x", SECRET_FILE: path.join(folder, "secret"), API_KEY: "", UNKNOWN: "1" });
    expect(config).toEqual({ PORT: 7_700, URL: "x", SECRET: "from-a-file" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("lists every fault at once, by the name of its setting", () => {
  const message = problemsOf({ PORT: "99999", SECRET: "short" });
  expect(message).toMatch(/PORT: /);
  expect(message).toMatch(/URL: /);
  expect(message).toMatch(/SECRET: /);
});

test("says which file could not be read, once, and shows no value", () => {
  const message = problemsOf({ URL: "x", SECRET_FILE: "/nonexistent/secret", SECRET: "tell-nobody" });
  expect(message).toContain("SECRET_FILE: cannot read /nonexistent/secret");
  expect(message.match(/SECRET/g)).toHaveLength(1);
  expect(problemsOf({ URL: "x", SECRET: "pass" })).not.toContain("pass");
});
