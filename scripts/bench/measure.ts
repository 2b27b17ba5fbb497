/** One line of a benchmark: the figure, and the floor measured in the same run. `ratio` = p50 / floor. */
export interface Row {
  name: string;
  unit: "ms" | "MB" | "s" | "/s" | "%" | "calls";
  p50: number;
  p95: number;
  p99: number;
  /** What the machine does without us; null where no floor has a meaning (sizes against a limit). */
  floor: number | null;
  ratio: number | null;
  n: number;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Nearest-rank percentile of unsorted values. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

/** `floors` are the same number of measurements of the bare thing, interleaved with ours; the floor is their median. */
export function row(name: string, unit: Row["unit"], values: number[], floors: number[] | null): Row {
  const floor = floors ? percentile(floors, 0.5) : null;
  const p50 = percentile(values, 0.5);
  return {
    name,
    unit,
    p50: round(p50),
    p95: round(percentile(values, 0.95)),
    p99: round(percentile(values, 0.99)),
    floor: floor === null ? null : round(floor),
    ratio: floor === null ? null : round(p50 / floor),
    n: values.length,
  };
}

const median = (values: number[]): number => percentile(values, 0.5);

/** Measurements in rounds: each percentile is the median of those of the rounds, so that one bad round is not the figure. */
export function roundsRow(name: string, rounds: number[][], floors: number[][] | null): Row {
  const at = (share: number, of: number[][]): number => median(of.map((values) => percentile(values, share)));
  const floor = floors ? at(0.5, floors) : null;
  const p50 = at(0.5, rounds);
  return {
    name,
    unit: "ms",
    p50: round(p50),
    p95: round(at(0.95, rounds)),
    p99: round(at(0.99, rounds)),
    floor: floor === null ? null : round(floor),
    ratio: floor === null ? null : round(p50 / floor),
    n: rounds.reduce((sum, { length }) => sum + length, 0),
  };
}

/** What ours adds to the floor of the same round, percentile by percentile; the median over the rounds. */
export function overheadRow(name: string, rounds: number[][], floors: number[][]): Row {
  const over = (share: number): number =>
    round(median(rounds.map((values, index) => percentile(values, share) - percentile(floors[index]!, share))));
  const n = rounds.reduce((sum, { length }) => sum + length, 0);
  return { name, unit: "ms", p50: over(0.5), p95: over(0.95), p99: over(0.99), floor: null, ratio: null, n };
}

/** Milliseconds that `run` took. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
