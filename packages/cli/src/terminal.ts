import type { Clock } from "@aito/base";

/** What a command may use of the world: given by main.ts, and by tests. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  env: Record<string, string | undefined>;
  cwd: string;
  clock: Clock;
  /** Aborts at Ctrl-C or SIGTERM. */
  signal: AbortSignal;
}

export const line = (terminal: Terminal, text: string): void => terminal.out(`${text}\n`);
export const note = (terminal: Terminal, text: string): void => terminal.err(`${text}\n`);

/** One JSON document on one line: what scripts read. */
export const jsonLine = (terminal: Terminal, value: unknown): void => terminal.out(`${JSON.stringify(value)}\n`);
