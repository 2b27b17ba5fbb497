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
  /** Asks the person at the keyboard for a line; null where there is none. An end of input is an empty answer. */
  ask: ((question: string) => Promise<string>) | null;
}

export const line = (terminal: Terminal, text: string): void => terminal.out(`${visible(text)}\n`);
export const note = (terminal: Terminal, text: string): void => terminal.err(`${visible(text)}\n`);

/** One JSON document on one line: what scripts read. */
export const jsonLine = (terminal: Terminal, value: unknown): void => terminal.out(`${JSON.stringify(value)}\n`);

const steersTerminal = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * Agents write what we print: what would clear the screen, move the cursor, turn text around or talk to the terminal in another
 * way is shown as its code instead.
 */
export const visible = (text: string): string =>
  text.replace(steersTerminal, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
