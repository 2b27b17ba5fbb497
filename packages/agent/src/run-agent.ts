import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AitoError, backoffMs, type Clock, type CrashPoint, errorText, exitCodes, type Logger, newProofKey } from "@aito/base";
import type { Bell } from "@aito/bus";
import { agentApi, HeartbeatResponse, HelloResponse, PollResponse, ReportResponse, type StdinLine } from "@aito/protocol";
import { z } from "zod";
import { type Activity, makeActivity } from "./activity.ts";
import { executeRun } from "./execute-run.ts";
import { connectGateway, type GatewayLink, isRefused } from "./gateway-link.ts";
import { keepSession } from "./keep-session.ts";
import { makeRunLog, type RunLog } from "./run-log.ts";

export interface AgentOptions {
  gateway: { socketPath: string };
  stdin: StdinLine;
  /** What the agent hears Redis with; null where the gateway's poll alone wakes it. `signal` aborts when the agent ends. */
  makeBell: (hello: HelloResponse, signal: AbortSignal) => Promise<Bell | null>;
  log: Logger;
  clock: Clock;
  /** Ends the agent at once, as a kill would. */
  signal: AbortSignal;
  /** A folder in tmpfs for the profile; null where there is none (embedded). */
  tmp: string | null;
  profileFile?: string;
  random?: () => number;
  crashPoint?: CrashPoint;
}

/** Long, for each poll costs the gateway a claim. One that is heard no more is found by its bell, or by a heartbeat that fails. */
export const pollWaitMs = 150_000;
/** A bell of which a parked poll knows nothing after this long: what it is parked at may be gone. */
const deafMs = 5_000;
/** How long hello and report are tried while the gateway is away; a poll is tried for ever. */
export const patienceMs = 30_000;
const awayBaseMs = 100;
const breathBaseMs = 250;
const breathMaxMs = 15_000;
const awayMaxMs = 2_500;
const beatAgainMs = 1_000;
/** The exit code of a container that was killed; said here by an agent whose signal aborted. */
const killedCode = 137;

export interface Agent {
  options: AgentOptions;
  link: GatewayLink;
  hello: HelloResponse;
  activity: Activity;
  runLog: RunLog;
  /** The open run, for the log. */
  run: string | null;
  /** Aborts when the gateway asks the agent to end: after the open run, at once when it only waits. */
  stop: AbortController;
  ring: { promise: Promise<void>; fire: () => void; count: number };
  /** Ends the parked poll, so that another one is begun. */
  parked: AbortController | null;
  ended: AbortController;
}

/**
 * An agent's life: hello, heartbeats, and runs until it is told to end. Returns the exit code: 0 when told to end, 75 when its token
 * is no good (spent by a hello whose answer was lost), 77 when the gateway refuses this incarnation, 69 when the gateway stays away,
 * 137 when `signal` aborts.
 */
export async function runAgent(options: AgentOptions): Promise<number> {
  const random = options.random ?? (() => randomInt(2 ** 32) / 2 ** 32);
  const proofKey = newProofKey();
  const link = connectGateway({ socketPath: options.gateway.socketPath, clock: options.clock, random, proofKey });
  const ended = new AbortController();
  let bell: Promise<Bell | null> | null = null;
  let heartbeats: Promise<unknown> | null = null;
  try {
    const hello = await patient(options, random, () =>
      link.post(agentApi.hello, { ...options.stdin, containerKey: proofKey.publicKey }, HelloResponse, {
        signal: options.signal,
      }),
    );
    link.useSession(hello.session);
    options.crashPoint?.("agent.after_hello");
    if (options.tmp !== null) await writeFile(join(options.tmp, options.profileFile ?? "profile.md"), hello.profileMarkdown);
    const log = options.log.child({ agent: hello.agent.name, epoch: options.stdin.epoch });
    const ring = { ...newRing(), count: 0 };
    const agent: Agent = {
      options: { ...options, log, random, signal: AbortSignal.any([options.signal, ended.signal]) },
      link,
      hello,
      activity: makeActivity(),
      runLog: makeRunLog(log, () => agent.run),
      run: null,
      stop: new AbortController(),
      ring,
      parked: null,
      ended,
    };
    log.info({ model: hello.model }, "hello accepted");
    bell = hearBell(agent);
    heartbeats = Promise.all([heartbeatLoop(agent), keepSession(agent, bell)]);
    return await pollLoop(agent);
  } catch (error) {
    return exitCodeFor(error, options);
  } finally {
    ended.abort(new Error("the agent ended"));
    await heartbeats;
    await (await bell)?.close().catch(() => undefined);
    await link.close();
  }
}

function exitCodeFor(error: unknown, options: AgentOptions): number {
  if (options.signal.aborted) return killedCode;
  const refused = isRefused(error);
  const code = error instanceof AitoError ? error.code : undefined;
  options.log.error({ code, error: errorText(error) }, refused ? "refused by the gateway" : "the agent failed");
  if (code === "AITO_AGENT_TOKEN") return exitCodes.noSession;
  if (refused) return exitCodes.refused;
  return code === "AITO_AGENT_GATEWAY" ? exitCodes.unavailable : exitCodes.failed;
}

async function hearBell(agent: Agent): Promise<Bell | null> {
  try {
    const bell = await agent.options.makeBell(agent.hello, agent.options.signal);
    bell?.onRing((channel) => {
      agent.ring.count += 1;
      agent.options.log.debug({ channel, count: agent.ring.count }, "bell rang");
      agent.ring.fire();
      doubtPoll(agent, deafMs);
    });
    return bell;
  } catch (error) {
    // Not fatal: the parked poll hears the same bells in the gateway.
    agent.options.log.warn({ error: errorText(error) }, "no bell of its own");
    return null;
  }
}

/** The poll that is parked now is begun anew unless it is answered within `ms`. */
function doubtPoll({ parked, options }: Agent, ms: number): void {
  if (parked) options.clock.after(ms, () => parked.abort(new Error("it may be heard no more")));
}

function newRing(): { promise: Promise<void>; fire: () => void } {
  let fire = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { promise, fire };
}

async function heartbeatLoop(agent: Agent): Promise<void> {
  const { options, hello, activity, link } = agent;
  while (!options.signal.aborted) {
    let [everyMs, restMs] = [hello.heartbeatMs, hello.restBeatMs ?? hello.heartbeatMs];
    try {
      const body = { doing: activity.doing, progress: activity.progress };
      const answer = await link.post(agentApi.heartbeat, body, HeartbeatResponse, { signal: options.signal });
      if (answer.stop) agent.stop.abort(new Error("the gateway asked to stop"));
      await sendLog(agent);
    } catch (error) {
      if (options.signal.aborted) return;
      if (isRefused(error)) return agent.ended.abort(error);
      options.log.warn({ error: errorText(error) }, "heartbeat failed");
      doubtPoll(agent, 0);
      // Whether it lives is in doubt until it is heard again.
      everyMs = restMs = Math.min(beatAgainMs, hello.heartbeatMs);
    }
    // Seldom while it does nothing; a run that begins meanwhile is told of within one interval.
    for (let slept = 0; slept === 0 || (activity.doing === null && slept < restMs); slept += everyMs) {
      await options.clock.sleep(everyMs, options.signal).catch(() => undefined);
      if (options.signal.aborted) return;
    }
  }
}

async function sendLog(agent: Agent): Promise<void> {
  for (let lines = agent.runLog.take(); lines.length > 0; lines = agent.runLog.take()) {
    try {
      await agent.link.post(agentApi.log, { run: agent.run, lines }, z.unknown(), { signal: agent.options.signal });
    } catch (error) {
      agent.runLog.putBack(lines);
      if (isRefused(error)) throw error;
      return;
    }
  }
}

async function pollLoop(agent: Agent): Promise<number> {
  const { options, link, activity } = agent;
  let failures = 0;
  let interruptions = 0;
  while (!agent.stop.signal.aborted) {
    try {
      const polled = await parkPoll(agent);
      failures = 0;
      if (polled === null || polled.run === null) continue;
      agent.run = polled.run.id;
      options.crashPoint?.("agent.after_poll");
      const report = await executeRun(polled.run, { ...agent, ...options });
      await sendLog(agent);
      options.crashPoint?.("agent.before_report");
      const { next } = await patient(options, options.random!, () =>
        link.post(agentApi.report, report, ReportResponse, { signal: options.signal }),
      );
      options.crashPoint?.("agent.after_report");
      activity.rest();
      agent.run = null;
      if (next === "exit") return exitCodes.ok;
      interruptions = report.interrupted === true ? interruptions + 1 : 0;
      if (interruptions > 0) await gatherBreath(agent, interruptions);
    } catch (error) {
      if (options.signal.aborted) throw isRefused(options.signal.reason) ? options.signal.reason : error;
      if (isRefused(error)) throw error;
      if (agent.stop.signal.aborted) break;
      agent.run = null;
      activity.rest();
      failures += 1;
      options.log.warn({ error: errorText(error), failures }, "poll or report failed");
      await away(agent, failures);
    }
  }
  return exitCodes.ok;
}

/** Null: it was given up because it may have been heard no more. */
async function parkPoll(agent: Agent): Promise<PollResponse | null> {
  const { options, link } = agent;
  const parked = new AbortController();
  agent.parked = parked;
  try {
    return await link.post(agentApi.poll, { waitMs: pollWaitMs }, PollResponse, {
      signal: AbortSignal.any([options.signal, agent.stop.signal, parked.signal]),
      timeoutMs: pollWaitMs + 10_000,
    });
  } catch (error) {
    if (parked.signal.aborted && !options.signal.aborted && !agent.stop.signal.aborted && !isRefused(error)) return null;
    throw error;
  } finally {
    agent.parked = null;
  }
}

/** A gateway that breaks off run after run is overloaded, or has not found its feet yet: no bell makes it faster. */
async function gatherBreath({ options }: Agent, interruptions: number): Promise<void> {
  const waitMs = backoffMs(interruptions, { baseMs: breathBaseMs, maxMs: breathMaxMs, random: options.random! });
  await options.clock.sleep(waitMs, options.signal).catch(() => undefined);
}

/** Waits before the next poll; a ring of the bell ends the wait, for then there is work and someone to give it. */
async function away(agent: Agent, failures: number): Promise<void> {
  const { clock, signal, random } = agent.options;
  const waitMs = 50 + backoffMs(failures, { baseMs: awayBaseMs, maxMs: awayMaxMs, random: random! });
  Object.assign(agent.ring, newRing());
  await Promise.race([clock.sleep(waitMs, signal).catch(() => undefined), agent.ring.promise]);
}

/** Repeats while the gateway is away, for `patienceMs`. */
async function patient<T>(options: AgentOptions, random: () => number, run: () => Promise<T>): Promise<T> {
  const giveUpAt = options.clock.now().getTime() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const isAway = error instanceof AitoError && error.fate === "retry";
      if (!isAway || options.clock.now().getTime() >= giveUpAt) throw error;
      await options.clock.sleep(50 + backoffMs(attempt, { baseMs: awayBaseMs, maxMs: awayMaxMs, random }), options.signal);
    }
  }
}
