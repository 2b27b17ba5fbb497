import { randomBytes } from "node:crypto";

/** UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 bits of sequence within the millisecond, 62 random bits; ids sort by time. */
export function makeNewId(now: () => Date): () => string {
  let lastMs = 0;
  let sequence = 0;
  return () => {
    const ms = Math.max(now().getTime(), lastMs);
    sequence = ms === lastMs ? sequence + 1 : randomBytes(2).readUInt16BE() & 0x3ff;
    lastMs = ms;
    if (sequence > 0xfff) {
      lastMs = ms + 1;
      sequence = 0;
    }
    const bytes = randomBytes(16);
    bytes.writeUIntBE(lastMs, 0, 6);
    bytes.writeUInt16BE(0x7000 | sequence, 6);
    bytes[8] = 0x80 | (bytes[8]! & 0x3f);
    const hex = bytes.toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}
