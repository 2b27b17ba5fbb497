import type { Command } from "commander";
import { expect, test } from "vitest";
import { systemClock } from "@aito/base";
import { buildProgram } from "./program.ts";
import { aito } from "./testing/fake-console.ts";

const program = buildProgram({
  out: () => undefined,
  err: () => undefined,
  env: {},
  cwd: "/",
  clock: systemClock,
  signal: new AbortController().signal,
  ask: null,
});

/** Every command that can be run, as it is called: a group has commands, and runs one of them. */
const called = (command: Command, path: string[] = []): string[] =>
  command.commands.length === 0 ? [path.join(" ")] : command.commands.flatMap((child) => called(child, [...path, child.name()]));
const commands = called(program);

test("the table of commands has them all", () => {
  expect(commands.length).toBeGreaterThan(80);
  expect(commands).toEqual(expect.arrayContaining(["up", "why", "agents list", "events export", "doctor"]));
});

test.each(commands)("`aito %s` takes --json, and its help page says what that prints", async (command) => {
  const { out } = await aito([...command.split(" "), "--help"]);
  expect(out).toMatch(/^ +--json +print JSON/m);
  expect(out).toMatch(/^JSON: \S/m);
});
