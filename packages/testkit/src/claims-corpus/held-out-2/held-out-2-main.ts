import { writeFileSync } from "node:fs";
import { claimsCorpusFile } from "../claims-case.ts";
import { makeHeldOut2 } from "./make-held-out-2.ts";

/** Writes the corpus anew: `node packages/testkit/src/claims-corpus/held-out-2/held-out-2-main.ts`. */
const cases = makeHeldOut2();
writeFileSync(claimsCorpusFile("held-out-2"), cases.map((each) => `${JSON.stringify(each)}\n`).join(""));
process.stdout.write(`${cases.length} cases\n`);
