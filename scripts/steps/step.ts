import { reason } from "./refusal.ts";

/** How often a step that goes on says so where there is no terminal to redraw. */
const stillRunningEveryMs = 15_000;
const redrawEveryMs = 500;

export interface Progress {
  /** What the step is doing now: the last line is shown while it runs. */
  note(line: string): void;
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs one named step and shows it on stderr with its time: a line that is redrawn on a terminal, else a line when it is done
 * and one every 15 s while it runs. Steps that take no time worth telling can pass `quiet`.
 */
export async function step<T>(
  name: string,
  work: (progress: Progress) => Promise<T>,
  options: { quiet?: boolean } = {},
): Promise<T> {
  const since = performance.now();
  const terminal = process.stderr.isTTY;
  let last = "";
  const redraw = (): void => {
    const width = Math.max(40, process.stderr.columns ?? 100) - 1;
    process.stderr.write(`\r\u001b[2K${`  … ${name}  ${seconds(since)}  ${last}`.slice(0, width)}`);
  };
  const timer = setInterval(
    () => (terminal ? redraw() : process.stderr.write(`  … ${name}  ${seconds(since)}  ${last}\n`)),
    terminal ? redrawEveryMs : stillRunningEveryMs,
  );
  const clear = terminal ? "\r\u001b[2K" : "";
  try {
    const result = await work({ note: (line) => void (last = line.trim().slice(0, 200)) });
    if (!options.quiet || performance.now() - since > 1_000) process.stderr.write(`${clear}  ✓ ${name}  ${seconds(since)}\n`);
    else process.stderr.write(clear);
    return result;
  } catch (error) {
    process.stderr.write(`${clear}  ✗ ${name}  ${seconds(since)}  ${reason(error)}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** A line for the person who watches, on stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
