import { createHash } from "node:crypto";

/**
 * A choice among ways to say the same thing. Seeded by what is said, not by chance: the same seed and keys choose the same
 * wording, so that a run can be repeated. Never used for what is done, only for how it is put.
 */
export type Choose = <T>(choices: readonly T[], ...keys: (string | number)[]) => T;

export const chooser =
  (seed: number): Choose =>
  (choices, ...keys) =>
    choices[digest(seed, keys).readUInt32BE(0) % choices.length]!;

const digest = (seed: number, keys: (string | number)[]): Buffer =>
  createHash("sha256")
    .update(JSON.stringify([seed, ...keys]))
    .digest();
