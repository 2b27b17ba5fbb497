import { microToUsd, type Saving } from "@aito/protocol";
import { containerCost } from "../infra/rules.ts";

/** What the records of the last days say; a month is estimated from them. */
export const daysSeen = 7;
const daysOfMonth = 30n;
/** Fewer runs, calls or hours than these say nothing. */
const least = { runs: 20, calls: 20, waitingMs: 3_600_000n, repeats: 10 };
/** Answers this short, on the mean, are what a small model is good at. */
const shortAnswerTokens = 400n;
const succeedPercent = 95;
const idlePercent = 80;
/** A loop four times as seldom finds the same in a quarter of its runs. */
const seldomTimes = 4n;
const waitingPercent = 50n;
/** An agent without a run whose container stood nearly all the time. */
const standsMs = BigInt(daysSeen - 1) * 86_400_000n;
/** What saves less in a month is not worth a reader's time. */
export const worthMicroUsd = 1_000_000n;
const shownMax = 50;

/** A standing agent's own calls on one model; only costs that are known, and the tokens that they paid for. */
export interface ModelUse {
  agent: string;
  head: boolean;
  model: string;
  calls: number;
  tokens: bigint;
  outputTokens: bigint;
  microUsd: bigint;
}
export interface Runs {
  agent: string;
  ended: number;
  succeeded: number;
  /** Runs that found nothing to do, and what their calls cost. */
  nothingNew: number;
  nothingNewMicroUsd: bigint;
}
export interface Records {
  /** The model that works for little here, and what its tokens cost on the mean, from the company's own calls. */
  cheap: { model: string; calls: number; tokens: bigint; microUsd: bigint };
  uses: readonly ModelUse[];
  runs: readonly Runs[];
  /** Calls that asked exactly what had been asked before, without those that were first. */
  repeats: readonly { agent: string; calls: number; microUsd: bigint }[];
  /** How long containers stood and how long of it a run was open. `type` null: a standing agent. */
  containers: readonly { subject: string; worker: boolean; stoodMs: bigint; workedMs: bigint; runs: number }[];
  perHourMicroUsd: bigint | null;
}

export type FoundSaving = Omit<Saving, "idea">;

const month = (microUsd: bigint): bigint => (microUsd * daysOfMonth) / BigInt(daysSeen);
const usd = (micro: bigint): string => `$${microToUsd(micro - (micro % 10_000n))}`;
const hours = (ms: bigint): string => `${(Number(ms / 360_000n) / 10).toLocaleString("en")} hours`;

/** What could be saved, the most first. Pure. */
export function savingsOf(records: Records): FoundSaving[] {
  const found = [
    ...cheaperModels(records),
    ...idleLoops(records),
    ...repeatedInput(records),
    ...waitingWorkers(records),
    ...idleContainers(records),
  ];
  const amount = ({ monthMicroUsd }: FoundSaving): bigint => BigInt(monthMicroUsd ?? "0");
  return found
    .filter((each) => each.monthMicroUsd === null || amount(each) >= worthMicroUsd)
    .toSorted((a, b) => (amount(a) < amount(b) ? 1 : amount(a) > amount(b) ? -1 : a.title < b.title ? -1 : 1))
    .slice(0, shownMax);
}

/** Who succeeds with short answers on a dear model. Heads think: their model is left alone. */
function cheaperModels({ cheap, uses, runs }: Records): FoundSaving[] {
  if (cheap.calls < least.calls || cheap.tokens <= 0n) return [];
  return uses.flatMap((use) => {
    const own = runs.find(({ agent }) => agent === use.agent);
    if (use.head || use.model === cheap.model || use.calls < least.calls || !own || own.ended < least.runs) return [];
    if (own.succeeded * 100 < own.ended * succeedPercent || use.outputTokens > shortAnswerTokens * BigInt(use.calls)) return [];
    const instead = (use.tokens * cheap.microUsd) / cheap.tokens;
    // Less than half of it saved is not worth the risk.
    if (instead * 2n > use.microUsd) return [];
    return {
      kind: "cheaper-model" as const,
      subject: use.agent,
      title: `Run ${use.agent} on ${cheap.model}`,
      text:
        `${use.agent} made ${use.calls} calls on ${use.model} in ${daysSeen} days for ${usd(use.microUsd)}; its answers have ` +
        `${use.outputTokens / BigInt(use.calls)} tokens on the mean, and ${own.succeeded} of its ${own.ended} runs succeeded. ` +
        `The same tokens on ${cheap.model}, at what they cost here, come to ${usd(instead)}.`,
      monthMicroUsd: String(month(use.microUsd - instead)),
    };
  });
}

function idleLoops({ runs }: Records): FoundSaving[] {
  return runs
    .filter(({ ended, nothingNew }) => ended >= least.runs && nothingNew * 100 >= ended * idlePercent)
    .map(({ agent, ended, nothingNew, nothingNewMicroUsd }) => ({
      kind: "idle-loop" as const,
      subject: agent,
      title: `Let ${agent} look less often`,
      text:
        `${nothingNew} of the ${ended} runs of ${agent} in ${daysSeen} days found nothing new and cost ${usd(nothingNewMicroUsd)}. ` +
        `A loop four times as long would have found the same.`,
      monthMicroUsd: String(month(nothingNewMicroUsd - nothingNewMicroUsd / seldomTimes)),
    }));
}

function repeatedInput({ repeats }: Records): FoundSaving[] {
  return repeats
    .filter(({ calls }) => calls >= least.repeats)
    .map(({ agent, calls, microUsd }) => ({
      kind: "repeated-input" as const,
      subject: agent,
      title: `Keep the answers that ${agent} asks for again`,
      text:
        `${agent} asked a model exactly the same again in ${calls} calls in ${daysSeen} days, for ${usd(microUsd)}. ` +
        `What it was answered could stand in its state.`,
      monthMicroUsd: String(month(microUsd)),
    }));
}

const standing = (ms: bigint, perHour: bigint | null): string | null =>
  perHour === null ? null : String(month(containerCost(ms, perHour)));

function waitingWorkers({ containers, perHourMicroUsd }: Records): FoundSaving[] {
  return containers.flatMap(({ subject, worker, stoodMs, workedMs }) => {
    const waited = stoodMs - workedMs;
    if (!worker || waited < least.waitingMs || waited * 100n < stoodMs * waitingPercent) return [];
    return {
      kind: "waiting-workers" as const,
      subject,
      title: `Let workers of the type ${subject} wait less`,
      text:
        `Containers of ${subject} stood ${hours(stoodMs)} in ${daysSeen} days and worked ${hours(workedMs)} of them; the rest they waited. ` +
        `Smaller tasks, or fewer workers at once, would need less.`,
      monthMicroUsd: standing(waited, perHourMicroUsd),
    };
  });
}

function idleContainers({ containers, perHourMicroUsd }: Records): FoundSaving[] {
  return containers
    .filter(({ worker, stoodMs, runs }) => !worker && runs === 0 && stoodMs >= standsMs)
    .map(({ subject, stoodMs }) => ({
      kind: "idle-container" as const,
      subject,
      title: `Stop ${subject} while nothing is for it`,
      text: `The container of ${subject} stood ${hours(stoodMs)} in ${daysSeen} days without one run.`,
      monthMicroUsd: standing(stoodMs, perHourMicroUsd),
    }));
}
