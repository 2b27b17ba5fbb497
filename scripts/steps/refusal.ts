/** Exit code for what a person must change before it can work (BSD EX_CONFIG). */
export const exitConfig = 78;

/** Ends a script with one sentence and an exit code; never with a stack trace. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(sentence: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(sentence, { cause: options.cause });
    this.name = "Refusal";
    this.exitCode = options.exitCode ?? exitConfig;
  }
}

/** The text of anything thrown, on one line. */
export function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
}

/**
 * Runs a script's main function, or with --help prints what it is for: a refusal is one sentence on stderr, anything else has its stack
 * only under AITO_DEBUG.
 */
export async function runScript(main: () => Promise<number | void>, help: string): Promise<void> {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h"))
    return void process.stdout.write(`${help.trim()}\n`);
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`aito: ${error instanceof Refusal ? error.message : reason(error)}\n`);
    if (process.env["AITO_DEBUG"] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = error instanceof Refusal ? error.exitCode : 1;
  }
}
