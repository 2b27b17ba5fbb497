import { writeFileSync } from "node:fs";
import { claimsCorpusFile } from "../claims-case.ts";
import { makeHeldOut3 } from "./make-held-out-3.ts";

/** Writes the corpus anew: `node packages/testkit/src/claims-corpus/held-out-3/held-out-3-main.ts`. */
const cases = makeHeldOut3();
writeFileSync(claimsCorpusFile("held-out-3"), cases.map((each) => `${JSON.stringify(each)}\n`).join(""));
process.stdout.write(`${cases.length} cases\n`);
