import { stems } from "./similarity.ts";

export interface ScoreInput {
  /** Of the title and text to the most similar earlier idea, 0 to 1. */
  nearest: number;
  text: string;
  /** The agent's mission and responsibilities. */
  mission: string;
  amountMicroUsd: bigint;
  leftMicroUsd: bigint;
  /** What became of this agent's earlier ideas that were decided. */
  earlier: { accepted: number; refused: number };
}

export interface ScoreParts {
  novelty: number;
  fit: number;
  cost: number;
  acceptance: number;
}

/** An idea at least this good becomes a decision by itself; one below the other is dropped. */
export const promoteFrom = 75;
export const keepFrom = 30;
/** Shared words at which the fit is full. */
const fitWordsFull = 3;

/**
 * Pure: 0 to 100. Novelty 35 (how far from the nearest earlier idea), fit 25 (words shared with the mission, full at three), cost 20
 * (nothing is full, a tenth of the budget left is none), acceptance 20 (share of this agent's decided ideas that were accepted,
 * beginning at one half).
 */
export function scoreIdea(input: ScoreInput): { score: number; parts: ScoreParts } {
  const words = stems(input.text);
  const shared = [...stems(input.mission)].filter((word) => words.has(word)).length;
  const { accepted, refused } = input.earlier;
  const parts = {
    novelty: Math.round(35 * (1 - clamp(input.nearest))),
    fit: Math.round(25 * clamp(shared / fitWordsFull)),
    cost: Math.round(20 * (1 - clamp(costShare(input) * 10))),
    acceptance: Math.round((20 * (accepted + 1)) / (accepted + refused + 2)),
  };
  return { score: parts.novelty + parts.fit + parts.cost + parts.acceptance, parts };
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

function costShare({ amountMicroUsd, leftMicroUsd }: ScoreInput): number {
  if (amountMicroUsd === 0n) return 0;
  return leftMicroUsd <= 0n ? 1 : Number((amountMicroUsd * 10_000n) / leftMicroUsd) / 10_000;
}
