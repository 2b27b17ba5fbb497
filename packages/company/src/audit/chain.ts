import { sha256 } from "@aito/base";

/** The first event's `prev`. */
export const chainStart = "0".repeat(64);

/** hash = SHA-256(prev, newline, seq, newline, body): binds each event to its place and to all before it. */
export const sealHash = (prev: string, seq: bigint, body: string): string => sha256(`${prev}\n${seq}\n${body}`);

/** Seals for a batch that follows `head`, in the given order. */
export function sealBatch(
  head: { seq: bigint; hash: string } | null,
  events: { id: string; body: string }[],
): { id: string; seq: bigint; prev: string; hash: string }[] {
  let seq = head?.seq ?? 0n;
  let prev = head?.hash ?? chainStart;
  return events.map(({ id, body }) => {
    seq += 1n;
    const seal = { id, seq, prev, hash: sealHash(prev, seq, body) };
    prev = seal.hash;
    return seal;
  });
}

/** Checks one link. Returns what is wrong, or null. */
export function checkLink(
  expected: { seq: bigint; prev: string },
  row: { seq: bigint; prev: string | null; hash: string | null; body: string },
): string | null {
  if (row.seq !== expected.seq) return `event ${expected.seq} is missing (next found: ${row.seq})`;
  if (row.prev !== expected.prev) return `event ${row.seq} does not follow the one before it`;
  if (sealHash(expected.prev, row.seq, row.body) !== row.hash) return `event ${row.seq} was changed after it was sealed`;
  return null;
}
