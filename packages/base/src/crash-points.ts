import { writeSync } from "node:fs";
import { AitoError } from "./errors.ts";

/**
 * Every place where a program can be made to die, in the order in which work passes them. Each stands between two effects of
 * which a crash can leave the first alone.
 */
export const crashPoints = [
  // Every program that writes to the company's records (company/transact).
  "commit.before",
  "commit.after",
  "deliver.after",
  // The orchestrator.
  "pass.planned",
  "start.before_epoch",
  "start.after_epoch",
  "start.after_create",
  "start.after_run",
  "start.after_line",
  "start.after_attach",
  "lose.after_kill",
  "lose.after_record",
  "remove.after_kill",
  "retire.before_record",
  // The gateway.
  "hello.after_token",
  "poll.after_claim",
  "model.before_upstream",
  "model.after_upstream",
  "model.after_reply",
  "tool.before_effect",
  "tool.after_effect",
  "tool.after_receipt",
  "report.before_record",
  "report.after_record",
  "notice.after_claim",
  "notice.after_send",
  "git.after_push",
  "git.after_pull",
  "git.after_review",
  "git.after_merge",
  "approval.after_journal",
  "approval.after_effect",
  "approval.after_record",
  "lost.after_look",
  // The agent.
  "agent.after_hello",
  "agent.after_poll",
  "agent.after_context",
  "agent.before_model",
  "agent.after_model",
  "agent.before_tool",
  "agent.after_tool",
  "agent.before_report",
  "agent.after_report",
] as const;

export type CrashPointName = (typeof crashPoints)[number];

/** Called where the name says. Programs are given none, and it then costs nothing: `deps.crashPoint?.("commit.after")`. */
export type CrashPoint = (name: CrashPointName) => void;

const names = new Set<string>(crashPoints);
const shape = /^([a-z_]+\.[a-z_]+)(?::([1-9][0-9]{0,8}))?$/;

const killMyself = (name: string): void => {
  writeSync(2, `{"msg":"crash point reached","point":"${name}","pid":${process.pid}}\n`);
  process.kill(process.pid, "SIGKILL");
};

/**
 * For composition roots: `setting` is `<point>[:n]`, and the process kills itself (SIGKILL: nothing is flushed or closed) when it
 * comes to that point for the `n`th time. Without a setting there is no port at all. Error: AITO_CONFIG_INVALID for a name that is
 * not in `crashPoints`, so that a test cannot aim at nothing.
 */
export function crashPointAt(setting: string | undefined, kill: (name: string) => void = killMyself): CrashPoint | undefined {
  if (setting === undefined || setting === "") return undefined;
  const [, at, count] = shape.exec(setting) ?? [];
  if (at === undefined || !names.has(at)) {
    throw new AitoError("AITO_CONFIG_INVALID", `AITO_CRASH_AT: ${JSON.stringify(setting)} names no crash point`, {
      hint: `<point>[:n] with one of: ${crashPoints.join(" ")}`,
      fate: "human",
    });
  }
  let left = Number(count ?? 1);
  return (name) => {
    if (name !== at) return;
    left -= 1;
    if (left === 0) kill(name);
  };
}
