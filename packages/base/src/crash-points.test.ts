import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { crashPointAt, crashPoints } from "./crash-points.ts";

test("Y05 without a setting there is no crash point to call", () => {
  expect(crashPointAt(undefined)).toBeUndefined();
  expect(crashPointAt("")).toBeUndefined();
});

test("Y05 the process is killed at the nth time that it comes to the named point, and at no other point", () => {
  const killed: string[] = [];
  const point = crashPointAt("commit.after:3", (name) => killed.push(name))!;
  for (const name of ["commit.after", "commit.before", "commit.after", "commit.before"] as const) point(name);
  expect(killed).toEqual([]);
  point("commit.after");
  point("commit.after");
  expect(killed).toEqual(["commit.after"]);
});

test.each(["commit.aftr", "commit.after:0", "commit.after:x", "commit.after:1:1", "COMMIT.AFTER", ":1"])(
  "a setting that names no point is refused at start: %s",
  (setting) => {
    expect(() => crashPointAt(setting)).toThrow(expect.objectContaining({ code: "AITO_CONFIG_INVALID" }));
  },
);

test("Y05 a real process ends there by SIGKILL, before its next statement", async () => {
  const module = fileURLToPath(new URL("crash-points.ts", import.meta.url));
  const program = `import { crashPointAt } from ${JSON.stringify(module)};
    crashPointAt("commit.before")("commit.before");
    process.stdout.write("still here");`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: ["ignore", "pipe", "ignore"] });
  const said: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => said.push(data));
  expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
  expect(Buffer.concat(said).toString()).toBe("");
});

test("the README's table of crash points is the code's", () => {
  const text = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
  const section = text.split("## Crash points")[1]!.split("\n## ")[0]!;
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  expect(rows.flatMap((row) => [...row.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, name]) => name))).toEqual([...crashPoints]);
});
