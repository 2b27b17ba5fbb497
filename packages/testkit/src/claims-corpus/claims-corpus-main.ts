import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { claimsCorpusFile, type CorpusHalf } from "./claims-case.ts";
import { makeClaimsCorpus } from "./make-claims-corpus.ts";

/** Writes the corpus of reports anew: `node packages/testkit/src/claims-corpus/claims-corpus-main.ts`. */
for (const half of ["tuning", "held-out"] satisfies CorpusHalf[]) {
  const file = claimsCorpusFile(half);
  mkdirSync(dirname(file), { recursive: true });
  const cases = makeClaimsCorpus(half);
  writeFileSync(file, cases.map((each) => `${JSON.stringify(each)}\n`).join(""));
  process.stdout.write(`${file}: ${cases.length} cases\n`);
}
