import { type CheckResult, runChecks } from "./levels/checks.ts";
import { runScript } from "./steps/refusal.ts";
import { say } from "./steps/step.ts";

/** One line a check; what is wrong below it. */
export function report({ name, ok, output, seconds }: CheckResult): void {
  say(`  ${ok ? "✓" : "✗"} ${name}${seconds > 0.5 ? `  ${seconds.toFixed(1)} s` : ""}`);
  if (!ok) say(output.replace(/^/gm, "      "));
}

const help = `npm run check

Types, lint, format, unused code, and the rules of the house, a line each; what is wrong stands below its line. Exit 1: something is.
`;

if (import.meta.main) {
  await runScript(async () => ((await runChecks(report)).every(({ ok }) => ok) ? 0 : 1), help);
}
