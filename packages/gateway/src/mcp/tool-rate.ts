import type { Clock } from "@aito/base";
import { dropOver } from "../agents/live-agents.ts";

export interface ToolRate {
  capacity: number;
  perSecond: number;
}

/** Tool calls of one agent: a burst, then a steady rate. No run of a model needs more; a flood of rows and workers does. */
export const toolRate: ToolRate = { capacity: 60, perSecond: 2 };
/** Ballots apart: an agent casts as many as decisions wait for it, and the first one in a round is final. */
export const ballotRate: ToolRate = { capacity: 240, perSecond: 4 };
const agentsMax = 1_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** False when the agent calls faster than `rate`. Each gateway counts for itself: it only has to keep a flood small. */
export function makeToolRate(
  clock: Clock,
  rate: ToolRate = toolRate,
  /** The longest quiet first. */
  buckets = new Map<string, Bucket>(),
): (agentId: string) => boolean {
  return (agentId) => {
    const now = clock.now().getTime();
    const refilled = ({ tokens, at }: Bucket): number =>
      Math.min(rate.capacity, tokens + (Math.max(0, now - at) * rate.perSecond) / 1_000);
    const tokens = refilled(buckets.get(agentId) ?? { tokens: rate.capacity, at: now });
    buckets.delete(agentId);
    // A full one says no more than none: those of workers that have ended would stay.
    dropOver(buckets, (bucket) => refilled(bucket) === rate.capacity);
    if (buckets.size >= agentsMax) buckets.delete(buckets.keys().next().value!);
    buckets.set(agentId, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  };
}

/** One allowance for ballots and one for all other tools, so that a busy vote holds up no work, and work no vote. */
export function makeToolRates(clock: Clock, rate?: ToolRate): (agentId: string, tool: string) => boolean {
  const [ballots, others] = [makeToolRate(clock, rate ?? ballotRate), makeToolRate(clock, rate ?? toolRate)];
  return (agentId, tool) => (tool === "cast_vote" ? ballots(agentId) : others(agentId));
}
