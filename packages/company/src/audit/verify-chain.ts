import type { ChainReport } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import type { Anchor, AnchorStore } from "./anchors.ts";
import { chainStart, checkLink } from "./chain.ts";
import { checkColumns } from "./check-columns.ts";
import { chainSummary, sealedBetween } from "./queries.ts";
import { isDecisionStep } from "./check-decision.ts";
import { type DecisionPlaces, verifyDecisions } from "./verify-decisions.ts";

const pageRows = 5_000n;

/**
 * Reads the whole chain in pages and recomputes every hash, holds it against the anchors, and plays every decision again from
 * its events. Stops at the first thing that is wrong; `count` events before it are whole. Without anchors a tail that was cut,
 * or a chain that was made anew, cannot be told from a shorter or another history.
 */
export async function verifyChain(deps: CompanyDeps, options: { anchors?: AnchorStore | undefined } = {}): Promise<ChainReport> {
  // Anchors before the chain: one that is written meanwhile would otherwise be ahead of what is read.
  const anchors = (await options.anchors?.read(deps.companyId)) ?? [];
  const { rows, newest } = await deps.db.transaction({ companyId: deps.companyId }, (tx) => chainSummary(tx));
  const places: DecisionPlaces = new Map();
  const chain = await readChain(deps, { newest, anchors, places });
  const count = Number(chain.seq);
  const head = chain.seq === 0n ? null : chain.prev;
  const problem =
    chain.problem ??
    (rows === newest ? null : `${rows} events have a place, but the newest place is ${newest}`) ??
    tooShort(anchors, newest) ??
    (await verifyDecisions(deps, { places, newest }));
  return { ok: problem === null, count, head, problem };
}

function tooShort(anchors: Anchor[], newest: bigint): string | null {
  const ahead = anchors.find((anchor) => BigInt(anchor.count) > newest);
  return ahead ? `the end is cut off: at ${ahead.at} there were ${ahead.count} events, now there are ${newest}` : null;
}

interface Read {
  seq: bigint;
  prev: string;
  problem: string | null;
}

async function readChain(
  deps: CompanyDeps,
  { newest, anchors, places }: { newest: bigint; anchors: Anchor[]; places: DecisionPlaces },
): Promise<Read> {
  const anchored = Map.groupBy(anchors, (anchor) => anchor.count);
  let seq = 0n;
  let prev = chainStart;
  while (seq < newest) {
    const to = seq + pageRows < newest ? seq + pageRows : newest;
    const from = seq + 1n;
    const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) => sealedBetween(tx, from, to));
    for (const row of rows) {
      const { problem: beside, body } = checkColumns(row, deps.companyId);
      const broken = (anchored.get(row.seq.toString()) ?? []).find((anchor) => anchor.head !== row.hash);
      const problem =
        checkLink({ seq: seq + 1n, prev }, row) ??
        beside ??
        (broken ? `event ${row.seq} is not the one that stood there at ${broken.at}` : null);
      if (problem) return { seq, prev, problem };
      seq = row.seq;
      prev = row.hash!;
      if (isDecisionStep(row.event_type)) notePlace(places, body!.payload, seq);
    }
    if (seq !== to) return { seq, prev, problem: `event ${seq + 1n} is missing` };
  }
  return { seq, prev, problem: null };
}

/** Only the place is kept: the texts are read again by decision, so that memory does not grow with what was said. */
function notePlace(places: DecisionPlaces, payload: Record<string, unknown>, seq: bigint): void {
  const decision = String(payload["decision"]);
  const known = places.get(decision);
  if (known) known.push(Number(seq));
  else places.set(decision, [Number(seq)]);
}
