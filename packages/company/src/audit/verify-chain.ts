import type { ChainReport } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import { chainStart, checkLink } from "./chain.ts";
import { sealedAfter } from "./queries.ts";

const pageRows = 5_000;

/** Reads the whole chain and recomputes every hash; stops at the first thing that is wrong. */
export async function verifyChain(deps: CompanyDeps): Promise<ChainReport> {
  let seq = 0n;
  let prev = chainStart;
  for (;;) {
    const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) => sealedAfter(tx, seq, pageRows));
    for (const row of rows) {
      const problem = checkLink({ seq: seq + 1n, prev }, row);
      if (problem) return { ok: false, count: Number(seq), head: prev, problem };
      seq = row.seq;
      prev = row.hash;
    }
    if (rows.length < pageRows) return { ok: true, count: Number(seq), head: seq === 0n ? null : prev, problem: null };
  }
}
