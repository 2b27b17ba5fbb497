import { setTimeout as sleep } from "node:timers/promises";
import { docker } from "../engine/docker.ts";
import { Refusal } from "../steps/refusal.ts";
import { lastLines } from "../steps/run.ts";
import { services } from "./compose.ts";

const readyDeadlineMs = 90_000;
const pollMs = 150;
/** How many times a program may end and be started again before it is taken as broken. */
const restartsMax = 8;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** The last thing that a program logged, as a sentence where it is one of our log lines. */
async function lastWord(container: string): Promise<string> {
  const { stdout, stderr } = await docker(["logs", "--tail", "5", container]);
  const last = lastLines(`${stdout}\n${stderr}`, 1);
  const message = /"msg":"((?:[^"\\]|\\.)*)"/.exec(last)?.[1];
  return message ? message.replaceAll('\\"', '"') : last;
}

/** Why a service ended although it should run, or was started again too often; null when none was. */
export async function brokenService(project: string, restartsAllowed: number): Promise<string | null> {
  for (const { service, state, exitCode, id } of await services(project)) {
    const { stdout } = await docker(["inspect", "--format", "{{.RestartCount}}", id]);
    const failed = state === "exited" && exitCode !== 0;
    if (failed || Number(stdout.trim()) > restartsAllowed) return `${service} does not start: ${await lastWord(id)}`;
  }
  return null;
}

/** Whether a program has just ended and waits to be started again. */
async function restarts(project: string): Promise<boolean> {
  return (await services(project)).some(({ state }) => state === "restarting");
}

/** Waits until the console answers and no program is in a circle of restarts; refuses with the failing service's last line when one is broken or time is up. */
export async function waitReady(project: string, consoleUrl: string): Promise<void> {
  const deadline = performance.now() + readyDeadlineMs;
  let nextLook = performance.now() + 3_000;
  while (performance.now() < deadline) {
    if ((await answers(`${consoleUrl}/healthz`)) && !(await restarts(project))) return;
    if (performance.now() > nextLook) {
      const problem = await brokenService(project, restartsMax);
      if (problem) throw new Refusal(problem, { exitCode: 69 });
      nextLook = performance.now() + 3_000;
    }
    await sleep(pollMs);
  }
  const problem = await brokenService(project, 0);
  if (problem) throw new Refusal(problem, { exitCode: 69 });
  throw new Refusal(
    `the console did not answer at ${consoleUrl} within ${readyDeadlineMs / 1000} s: see docker compose -p ${project} logs`,
    { exitCode: 69 },
  );
}
