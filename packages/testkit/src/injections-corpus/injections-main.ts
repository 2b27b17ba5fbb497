import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type InjectionFile, injectionsFile } from "./injection-case.ts";
import { makeInjections } from "./make-injections.ts";

/** Writes the corpus of injections anew: `node packages/testkit/src/injections-corpus/injections-main.ts`. */
for (const name of ["tuning", "held-out", "benign"] satisfies InjectionFile[]) {
  const cases = makeInjections(name);
  mkdirSync(dirname(injectionsFile(name)), { recursive: true });
  writeFileSync(injectionsFile(name), cases.map((each) => `${JSON.stringify(each)}\n`).join(""));
  process.stdout.write(`${injectionsFile(name)}: ${cases.length} cases\n`);
}
