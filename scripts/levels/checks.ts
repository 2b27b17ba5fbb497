import { join } from "node:path";
import { bin, root } from "../steps/places.ts";
import { minutes, run } from "../steps/run.ts";
import { allRules } from "../tidy/all-rules.ts";
import { repositoryFiles } from "../tidy/source-file.ts";

export interface CheckResult {
  name: string;
  ok: boolean;
  /** What is wrong; empty when ok. */
  output: string;
  seconds: number;
}

/** Type-aware linting once took all memory on a tree with large types: it is held below this, and by time. */
const lintMemory = "3GiB";
const outputLinesMax = 60;

function tool(name: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): () => Promise<CheckResult> {
  return async () => {
    const since = performance.now();
    const result = await run(bin(command), args, {
      cwd: root,
      timeoutMs: minutes(5),
      env: { ...process.env, ...env, NO_COLOR: "1" },
    });
    const output = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-outputLinesMax).join("\n");
    const why = result.timedOut ? `took over 5 minutes\n${output}` : output;
    return { name, ok: result.code === 0, output: result.code === 0 ? "" : why, seconds: (performance.now() - since) / 1000 };
  };
}

const tools = [
  tool("types (tsc -b packages)", "tsc", ["-b", "packages"]),
  tool("lint (oxlint, type-aware)", "oxlint", ["--type-aware", "--config", join(root, ".oxlintrc.json"), "--format=unix", "."], {
    GOMEMLIMIT: lintMemory,
  }),
  tool("format (oxfmt)", "oxfmt", ["--list-different"]),
  tool("unused code and dependencies (knip)", "knip", ["--config", ".knip.jsonc", "--no-progress", "--no-config-hints"]),
];

function tidy(): CheckResult[] {
  const files = repositoryFiles();
  return allRules.map((rule) => {
    const since = performance.now();
    const problems = rule.check(files);
    return {
      name: `tidy: ${rule.name}`,
      ok: problems.length === 0,
      output: problems.join("\n"),
      seconds: (performance.now() - since) / 1000,
    };
  });
}

/** Runs every check, heavy tools one after another; `report` hears each result as it comes. */
export async function runChecks(report: (result: CheckResult) => void): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const add = (result: CheckResult): void => {
    results.push(result);
    report(result);
  };
  for (const check of tools) add(await check());
  tidy().forEach(add);
  return results;
}
