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

/** Milliseconds that `run` took. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
