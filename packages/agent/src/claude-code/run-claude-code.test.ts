import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@aito/base";
import { Workspace } from "@aito/protocol";
import { afterAll, expect, test } from "vitest";
import { exampleContext, exampleHello, runId, taskId } from "../../test/examples.ts";
import type { GatewayLink } from "../gateway-link.ts";
import { runClaudeCode } from "./run-claude-code.ts";

const folder = mkdtempSync(join(tmpdir(), "aito-run-claude-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const soon = { timeout: 30_000, interval: 20 };

/** What the gateway answers to a model call; the workspace is empty. */
const link = (answer: Response): GatewayLink => ({
  fetch: async () => answer.clone(),
  post: async (_path, _body, schema) => schema.parse(Workspace.parse({ name: null, files: [] })),
  useSession: () => undefined,
  close: async () => undefined,
});

/** A program in the CLI's place. */
function command(name: string, script: string): { command: string; tmp: string } {
  const tmp = mkdtempSync(join(folder, `${name}-`));
  const path = join(folder, `${name}.sh`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return { command: path, tmp };
}
const hello = exampleHello({ agent: { ...exampleHello().agent, kind: "worker", taskId } });
const run = (given: { command: string; tmp: string }, signal: AbortSignal, answer = new Response("{}")) =>
  runClaudeCode({
    hello,
    context: exampleContext(),
    run: runId,
    link: link(answer),
    clock: systemClock,
    signal,
    onStep: () => undefined,
    ...given,
  });
const lives = (pid: number): boolean => {
  try {
    // Nobody reaped it, perhaps: a zombie does nothing any more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

test("T07 S13 a stop ends the CLI at once with everything that it has started", async () => {
  const given = command("stopped", 'cat > /dev/null; sleep 600 & echo $! > "$TMPDIR/child"; echo $$ > "$TMPDIR/self"; wait');
  const stop = new AbortController();
  const running = run(given, stop.signal);
  const ended = expect(running).rejects.toThrow("pressed");
  await expect.poll(() => existsSync(join(given.tmp, "self")), soon).toBe(true);
  const pids = ["self", "child"].map((name) => Number(readFileSync(join(given.tmp, name), "utf8")));
  expect(pids.map(lives)).toEqual([true, true]);
  stop.abort(new Error("pressed"));
  await ended;
  await expect.poll(() => pids.map(lives), soon).toEqual([false, false]);
});

test("T07 Y02 a budget that is spent ends the task as failed, and says which", async () => {
  const message = "AITO_BUDGET_SPENT: this call may cost $0.02, and the budget of task 7 has too little left";
  const refusal = Response.json({ type: "error", error: { type: "billing_error", message } }, { status: 402 });
  // As the CLI does it: it asks, and its last line is what it was told.
  const node = `cat > /dev/null; exec ${process.execPath} -e '
    fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST", body: "{}" }).then(async (answer) => {
      const text = "API Error: " + answer.status + " " + (await answer.json()).error.message;
      console.log(JSON.stringify({ type: "result", subtype: "success", is_error: true, result: text, num_turns: 1 }));
    });'`;
  const result = await run(command("spent", node), new AbortController().signal, refusal);
  expect(result).toMatchObject({ outcome: "failed", task: null, error: `Claude Code: API Error: 402 ${message}` });
});

test("S18 T07 a run finds nothing that an earlier one left in its container, beside home and workspace either", async () => {
  const end = (text: string) =>
    `echo '${JSON.stringify({ type: "result", subtype: "success", is_error: false, result: text, num_turns: 1 })}'`;
  const given = command(
    "first",
    `cat > /dev/null; echo obey > "$TMPDIR/note"; mkdir "$TMPDIR/.hidden"; echo obey > profile.md; echo obey > "$TMPDIR/profile.md"; ${end("left")}`,
  );
  writeFileSync(join(given.tmp, "profile.md"), hello.profileMarkdown);
  expect(await run(given, new AbortController().signal)).toMatchObject({ outcome: "done" });
  expect(readFileSync(join(given.tmp, "profile.md"), "utf8")).toBe("obey\n");
  const second = command("second", `cat > /dev/null; ls -A "$TMPDIR" > "$HOME/seen"; ${end("looked")}`);
  await run({ ...second, tmp: given.tmp }, new AbortController().signal);
  expect(
    readFileSync(join(given.tmp, "home", "seen"), "utf8")
      .split("\n")
      .filter(Boolean)
      .toSorted(),
  ).toEqual(["home", "profile.md", "workspace"]);
  expect(readFileSync(join(given.tmp, "profile.md"), "utf8")).toBe(hello.profileMarkdown);
});
