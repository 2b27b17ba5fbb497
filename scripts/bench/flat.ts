import type { Point } from "./per-hour.ts";

/**
 * What a program holds right after a forced collection, in MB: `live` is what is in use in V8's heap and outside it, without the `code` that V8
 * has compiled of functions; `all` is its process.
 */
export interface Collected {
  at: number;
  live: number;
  code: number;
  all: number;
}

/** In percent of all that the program holds: what leaks shows here, whatever the rest of its memory does. */
const liveGrowthMax = 1;
/**
 * A function is compiled anew when it was called often, so a program's code grows for hours, ever slower, up to a bound: it has so many
 * functions. What of it came in the second half of the time is held against what came in the first: of a leak it is as much. In percent.
 */
const codeGrowthMax = 75;
/** Less in half the time, in percent of all that the program holds, is noise. */
const codeNoise = 0.5;
/** Between collections a heap's height is V8's choice; where nothing leaks, the highest of an hour's parts are about the same. */
const peakGrowthMax = 5;

export interface Flatness {
  liveMb: { first: number; last: number };
  /** Percent of all that it held at first, an hour. */
  livePercentPerHour: number;
  codeMb: { first: number; middle: number; last: number };
  /** The highest in the middle and in the last third of the time. */
  peakMb: { middle: number; last: number };
}

/**
 * Whether memory is flat. The memory of a process alone does not tell: V8 lets rubbish lie until it has reason to collect it, so it goes up and
 * down, and a line through it rises though nothing is kept. What is left after a collection is what is kept; that it stays the same, that
 * compiled code comes ever slower, and that the process comes no higher than before, is what flat means.
 */
export function flatness([first, middle, last]: [Collected, Collected, Collected], memory: Point[]): Flatness {
  const third = (last.at - first.at) / 3;
  const peak = (from: number, to: number): number =>
    Math.max(...memory.filter(({ at }) => at >= from && at <= to).map(({ value }) => value));
  const grown = ((last.live - first.live) * 3_600_000) / (last.at - first.at);
  return {
    liveMb: { first: round(first.live), last: round(last.live) },
    livePercentPerHour: round((100 * grown) / first.all),
    codeMb: { first: round(first.code), middle: round(middle.code), last: round(last.code) },
    peakMb: { middle: round(peak(first.at + third, last.at - third)), last: round(peak(last.at - third, last.at)) },
  };
}

export function growth(program: string, { liveMb, livePercentPerHour, codeMb, peakMb }: Flatness): string[] {
  const higher = 100 * (peakMb.last / peakMb.middle - 1);
  // What is not called for long is dropped and may come again.
  const known = Math.max(codeMb.first, codeMb.middle);
  const [before, after] = [known - codeMb.first, codeMb.last - known];
  return [
    ...(livePercentPerHour > liveGrowthMax
      ? [
          `what the ${program} keeps grows ${livePercentPerHour} % an hour, ${liveMb.first} to ${liveMb.last} MB after a collection`,
        ]
      : []),
    ...(after > (peakMb.middle * codeNoise) / 100 && after > (before * codeGrowthMax) / 100
      ? [
          `the ${program}'s compiled code grows on: ${codeMb.first}, ${codeMb.middle}, ${codeMb.last} MB, as much again in the second half`,
        ]
      : []),
    ...(higher > peakGrowthMax
      ? [
          `the ${program}'s memory still rises: ${peakMb.last} MB at most in the last third, ${peakMb.middle} MB in the one before`,
        ]
      : []),
  ];
}

const round = (value: number): number => Math.round(value * 100) / 100;
