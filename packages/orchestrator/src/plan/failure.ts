import type { PlanAgent, PlanContainer, PlanSettings } from "./snapshot.ts";

export interface Loss {
  why: string;
  failures: number;
  retryAt: Date | null;
  /** Lives in a row that ended before they had begun, this one included. */
  unbegun: number;
  /** What it worked on had no part in its end. */
  outside: boolean;
  /** Its life was a good one, whatever ended it. */
  livedWell: boolean;
  cause: LossCause;
}

/** What ended an incarnation, as one word for those who count. */
export type LossCause = "oom" | "killed" | "no_token" | "refused" | "cut_off" | "exited" | "vanished" | "hung" | "not_started";

/** The OOM flag is read first: with a killed child the exit code is 0, or whatever the program made of it. */
export function causeOf(container: PlanContainer): LossCause {
  if (container.oomKilled) return "oom";
  switch (container.exitCode) {
    case 137:
    case 143:
    case 255:
      return "killed";
    case 75:
      return "no_token";
    case 77:
      return "refused";
    case 69:
      return "cut_off";
    default:
      return "exited";
  }
}

/** The same in words. */
export function howItEnded(container: PlanContainer): string {
  if (container.oomKilled) return "it ran out of memory";
  if (container.exitCode === 137) return "it was killed from outside";
  if (container.exitCode === 143) return "it was stopped from outside (exit 143)";
  if (container.exitCode === 255) return "the engine lost it (exit 255)";
  if (container.exitCode === 75) return "it got no token (exit 75)";
  if (container.exitCode === 77) return "its session was refused (exit 77)";
  if (container.exitCode === 69) return "the gateway was away too long (exit 69)";
  return `it exited by itself (exit ${container.exitCode ?? "unknown"})`;
}

/**
 * Killed or stopped by somebody else (an engine that restarts ends its containers; one that was killed itself finds them gone and
 * says 255), without a gateway, or started without a usable token (who started it died half way): no sign that the agent or its work
 * is broken, so it does not quarantine it.
 */
const outsideCodes = new Set([137, 143, 255, 69, 75]);
const notItsFault = (container: PlanContainer): boolean => outsideCodes.has(container.exitCode ?? -1) && !container.oomKilled;

/**
 * What follows from the end of an incarnation. `container` null: it vanished (removed by hand, or the host restarted).
 * The delay doubles from `backoffBaseMs` to `backoffMaxMs` with the failures in a row; a good life resets the count, and the
 * `failuresMax`th failure quarantines (`retryAt` null): then only an operator starts it again.
 */
export function afterLoss(agent: PlanAgent, container: PlanContainer | null, now: Date, settings: PlanSettings): Loss {
  const good = livedWell(agent, now, settings);
  const unbegun = unbegunBefore(agent, good);
  if (container === null) {
    const why = "its container is gone";
    return { why, failures: agent.failures, unbegun, retryAt: now, cause: "vanished", outside: true, livedWell: good };
  }
  const what = { cause: causeOf(container), text: howItEnded(container) };
  if (!notItsFault(container)) return afterFailure(agent, what, now, settings);
  // It never quarantines and counts towards nothing: four kills and one crash are no crash loop.
  const isUnbegun = what.cause === "cut_off" || what.cause === "no_token";
  const lives = isUnbegun ? unbegun + 1 : unbegun;
  const delayMs = isUnbegun ? unbegunRestMs(what.cause, lives, settings) : killedRestMs(agent, now, settings);
  const rest = `in ${delayMs / 1_000} s`;
  const next = isUnbegun
    ? `life ${lives} in a row that could not begin, next try ${rest}`
    : `next try ${delayMs === 0 ? "at once" : rest}`;
  return {
    why: `${what.text}; ${next}`,
    failures: good ? 0 : agent.failures,
    unbegun: lives,
    retryAt: new Date(now.getTime() + delayMs),
    cause: what.cause,
    outside: true,
    livedWell: good,
  };
}

/** Repaired at once, unless the life was so short that somebody kills it again and again: that is not followed in a hot loop. */
const killedRestMs = (agent: PlanAgent, now: Date, settings: PlanSettings): number =>
  livedOf(agent, now) >= settings.shortLifeMs ? 0 : settings.outsideRestMs;

/**
 * It heard no gateway, or got no usable token. It waited for that a good while itself, so that its life was no short one; but where the
 * machine has no time to spare, or the gateway stays away, many that begin again at once keep it so. The rest doubles as after failures.
 */
const unbegunRestMs = (cause: LossCause, lives: number, settings: PlanSettings): number =>
  doubling(cause === "no_token" ? settings.backoffBaseMs : settings.outsideRestMs, lives, settings);

/** The first rest, doubled for each further one in a row. */
const doubling = (firstMs: number, times: number, { backoffMaxMs }: PlanSettings): number =>
  Math.min(backoffMaxMs, firstMs * 2 ** (times - 1));

/** A hello alone does not end the count: its answer may be what came too late. */
const unbegunBefore = ({ unbegun = 0 }: PlanAgent, good: boolean): number => (good ? 0 : unbegun);

const livedOf = ({ startedAt }: PlanAgent, now: Date): number => (startedAt === null ? 0 : now.getTime() - startedAt.getTime());
const livedWell = (agent: PlanAgent, now: Date, settings: PlanSettings): boolean => livedOf(agent, now) >= settings.goodLifeMs;

/** One of those who are all silent is made anew, to see whether they hang: whatever it is, it is not held against this one. */
export function afterTrial(agent: PlanAgent, now: Date, settings: PlanSettings): Loss {
  const why = `everyone has been silent for more than ${settings.busyTimeoutMs / 1_000} s: this one is made anew, to see whether they hang`;
  const good = livedWell(agent, now, settings);
  return {
    why,
    failures: agent.failures,
    unbegun: unbegunBefore(agent, good),
    retryAt: now,
    cause: "hung",
    outside: true,
    livedWell: good,
  };
}

/** The same for a failure that is the agent's own: an exit, a hang. */
export function afterFailure(
  agent: PlanAgent,
  { cause, text: what }: { cause: LossCause; text: string },
  now: Date,
  settings: PlanSettings,
): Loss {
  const good = livedWell(agent, now, settings);
  const failures = (good ? 0 : agent.failures) + 1;
  const unbegun = unbegunBefore(agent, good);
  if (failures >= settings.failuresMax) {
    const why = `quarantined after ${failures} failures in a row; the last: ${what}`;
    return { why, failures, unbegun, retryAt: null, cause, outside: false, livedWell: good };
  }
  const delayMs = doubling(settings.backoffBaseMs, failures, settings);
  return {
    why: `${what}; failure ${failures} in a row, next try in ${delayMs / 1_000} s`,
    failures,
    unbegun,
    retryAt: new Date(now.getTime() + delayMs),
    outside: false,
    livedWell: good,
    cause,
  };
}
