import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RuleMutant, ruleMutants } from "./rule-mutants.ts";

/** Copies of the machine with its unit suite; a mutant a folder, and `as-it-is` for the one without a change. */
const decisions = path.resolve(import.meta.dirname, "../src/decisions");
const folder = path.resolve(import.meta.dirname, `../../../node_modules/.cache/aito/mutants-${process.pid}`);
const machine = ["machine.ts", "rules.ts", "rounds.ts", "tally.ts", "voters.ts"];
const suite = ["rules-fixtures.ts", "rules.test.ts"];
const suiteMsMax = 90_000;

interface SuiteReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; assertionResults: { status: string }[] }[];
}
let report: SuiteReport;

function mutated(name: string, mutant: RuleMutant | null): void {
  const at = path.join(folder, name);
  mkdirSync(at, { recursive: true });
  for (const file of [...machine, ...suite]) cpSync(path.join(decisions, file), path.join(at, file));
  if (mutant === null) return;
  const source = readFileSync(path.join(at, mutant.file), "utf8");
  if (source.split(mutant.was).length !== 2) throw new Error(`${mutant.file} does not read "${mutant.was}" exactly once`);
  writeFileSync(
    path.join(at, mutant.file),
    source.replace(mutant.was, () => mutant.is),
  );
}

/** One child for all of them: starting the runner takes longer than a suite. */
async function runSuites(): Promise<SuiteReport> {
  const config = `export default { root: ${JSON.stringify(folder)}, test: { include: ["**/*.test.ts"], exclude: [], retry: 0, maxWorkers: 2 } };`;
  writeFileSync(path.join(folder, "vitest.config.mjs"), config);
  const runner = path.join(path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const output = path.join(folder, "report.json");
  const configFile = path.join(folder, "vitest.config.mjs");
  const args = [runner, "run", "--config", configFile, "--reporter=json", `--outputFile=${output}`];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: "ignore", timeout: suiteMsMax, killSignal: "SIGKILL" });
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(readFileSync(output, "utf8")) as SuiteReport;
}

const nameOf = (index: number): string => `mutant-${String(index).padStart(2, "0")}`;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mutated("as-it-is", null);
  for (const [index, mutant] of ruleMutants.entries()) mutated(nameOf(index), mutant);
  report = await runSuites();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const counts = (name: string): Record<string, number> => {
  const results = report.testResults.filter((file) => file.name.includes(`${path.sep}${name}${path.sep}`));
  const statuses = results.flatMap((file) => file.assertionResults.map(({ status }) => status));
  return {
    passed: statuses.filter((status) => status === "passed").length,
    failed: statuses.filter((status) => status === "failed").length,
  };
};

test("Y01 the suite is green on the rules as they are, copied", () => {
  expect(counts("as-it-is")).toEqual({ passed: expect.any(Number) as number, failed: 0 });
  expect(counts("as-it-is")["passed"]).toBeGreaterThan(40);
});

test.each(ruleMutants.map((mutant, index) => ({ ...mutant, name: nameOf(index) })))(
  "Y01 the suite goes red when $breaks",
  ({ name }) => {
    const { passed, failed } = counts(name);
    // Some of it still passes, so that it was the rule that failed and not the copy.
    expect(passed).toBeGreaterThan(5);
    expect(failed).toBeGreaterThan(0);
  },
);
