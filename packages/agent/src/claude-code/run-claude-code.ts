import { spawn } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Clock, errorText } from "@aito/base";
import { agentApi, type HelloResponse, type ReportRequest, type RunContext, Workspace } from "@aito/protocol";
import type { GatewayLink } from "../gateway-link.ts";
import { buildPrompt } from "../prompt.ts";
import { startBridge } from "./bridge.ts";
import { claudeEvent } from "./claude-events.ts";
import { patchOf, readBack, unpack } from "./workspace.ts";

export const claudeCommand = "/opt/claude/claude";
const stderrCharactersMax = 2_000;
/** Its own tools that work inside the container; what would reach the web cannot, and is not offered. */
const ownTools = ["Read", "Write", "Edit", "Glob", "Grep", "Bash", "TodoWrite"];
const refusedTools = ["WebFetch", "WebSearch", "mcp__aito__complete_task"];

export interface ClaudeCodeOptions {
  hello: HelloResponse;
  context: RunContext;
  run: string;
  link: GatewayLink;
  clock: Clock;
  signal: AbortSignal;
  /** The writable folder of its container: cleared, and home and workspace made in it. */
  tmp: string;
  command?: string;
  onStep: (text: string) => void;
}

export interface ClaudeCodeResult {
  outcome: "done" | "failed";
  summary: string;
  error: string | null;
  modelCalls: number;
  task: ReportRequest["task"];
}

/**
 * Runs one task with the Claude Code CLI: the same gateway, tools, budgets and switches as our own loop, on the workspace that the
 * gateway hands over. What it changed there comes back as a patch with the task's result. Ends the CLI and all that it started when
 * `signal` aborts or the run's time is over.
 */
export async function runClaudeCode(options: ClaudeCodeOptions): Promise<ClaudeCodeResult> {
  const { hello, link, tmp } = options;
  const folder = join(tmp, "workspace");
  const home = join(tmp, "home");
  await clear(tmp, { "profile.md": hello.profileMarkdown });
  await mkdir(home, { recursive: true });
  const workspace = await link.post(agentApi.workspace, {}, Workspace, { signal: options.signal });
  const before = await unpack(workspace, folder);
  const bridge = await startBridge({ fetch: link.fetch, run: options.run });
  try {
    const ended = await runCli(options, { folder, home, bridge: bridge.url });
    const { files, left: unread } = await readBack(folder);
    const { patch, left } = patchOf(before, files);
    const missing = [...unread, ...left];
    const text =
      missing.length === 0 ? ended.text : `${ended.text}\n\nNot in the patch (no text, or too large): ${missing.join(", ")}`;
    const { taskId } = hello.agent;
    const summary = ended.text.split("\n\n")[0]!.slice(0, 2_000);
    const result = { summary, text, receipts: [], patch };
    const task = taskId === null || !ended.ok ? null : { id: taskId, status: "done" as const, result };
    return {
      outcome: ended.ok ? "done" : "failed",
      summary,
      error: ended.ok ? null : `Claude Code: ${ended.text}`.slice(0, 4_000),
      modelCalls: ended.turns,
      task,
    };
  } finally {
    await bridge.close();
  }
}

/**
 * Nothing that an earlier run left there, in the CLI's own folders or beside them, is read by this one: what that one had read from outside
 * would come with it untold. `kept` is written as it was given, where there is such a file.
 */
async function clear(tmp: string, kept: Readonly<Record<string, string>>): Promise<void> {
  for (const name of await readdir(tmp)) {
    await rm(join(tmp, name), { recursive: true, force: true });
    if (kept[name] !== undefined) await writeFile(join(tmp, name), kept[name]);
  }
}

/** What the CLI is started with. No session and no key is among it: the bridge adds the session to each request. */
export function cliArguments(
  hello: HelloResponse,
  bridge: string,
  model = hello.model,
): { args: string[]; environment: Record<string, string> } {
  const servers = { mcpServers: { aito: { type: "http", url: `${bridge}/mcp` } } };
  return {
    args: [
      "--print",
      "--output-format=stream-json",
      "--verbose",
      "--no-session-persistence",
      "--strict-mcp-config",
      `--mcp-config=${JSON.stringify(servers)}`,
      `--model=${model}`,
      `--max-turns=${hello.limits.turnsMax}`,
      "--setting-sources=",
      `--allowedTools=${[...ownTools, "mcp__aito"].join(",")}`,
      `--disallowedTools=${refusedTools.join(",")}`,
    ],
    environment: {
      ANTHROPIC_BASE_URL: bridge,
      ANTHROPIC_AUTH_TOKEN: "added-by-the-bridge",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
    },
  };
}

interface Ended {
  ok: boolean;
  text: string;
  turns: number;
}

async function runCli(options: ClaudeCodeOptions, places: { folder: string; home: string; bridge: string }): Promise<Ended> {
  const { hello, context, clock, onStep } = options;
  const { args, environment } = cliArguments(hello, places.bridge, context.model);
  const { system, user } = buildPrompt(hello, context);
  const child = spawn(options.command ?? claudeCommand, args, {
    cwd: places.folder,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8", HOME: places.home, TMPDIR: options.tmp, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own, so that what it started ends with it.
    detached: true,
  });
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  const over = new AbortController();
  const cancel = clock.after(hello.limits.runSecondsMax * 1_000, () => over.abort());
  const signal = AbortSignal.any([options.signal, over.signal]);
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr = `${stderr}${chunk.toString()}`.slice(-stderrCharactersMax)));
  let ended: Ended | null = null;
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(errorText(error)));
    child.once("close", (code, name) => resolve(name === null ? `exit ${code}` : `ended by ${name}`));
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(`${system.map((block) => block.text).join("\n\n")}\n\n${workspaceRule}\n\n${user}`);
  for await (const line of createInterface({ input: child.stdout })) {
    const event = claudeEvent(line);
    if (event.kind === "step") onStep(event.tools.length > 0 ? `Claude Code: ${event.tools.join(", ")}` : "Claude Code thinks");
    if (event.kind === "end") ended = event;
  }
  const how = await exited;
  cancel();
  signal.removeEventListener("abort", kill);
  // What it left running ends with it.
  kill();
  if (options.signal.aborted) throw options.signal.reason;
  if (over.signal.aborted) return { ok: false, text: `it was stopped after ${hello.limits.runSecondsMax} s`, turns: 0 };
  return ended ?? { ok: false, text: `it gave no result (${how})${stderr === "" ? "" : `: ${stderr.trim()}`}`, turns: 0 };
}

const workspaceRule =
  "Your working directory is the workspace of this task. Change files there: what you change is handed in as a patch when you " +
  "end. Do not call complete_task; your last message is the task's result.";
