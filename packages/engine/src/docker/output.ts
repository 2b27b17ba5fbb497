const headerBytes = 8;
export const outputBytesMax = 256 * 1024;

/** The text of Docker's multiplexed output (frames of stream, three zero bytes, length, data); the last 256 KiB of it. */
export function outputText(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + headerBytes <= raw.length;) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + headerBytes, at + headerBytes + length));
    at += headerBytes + length;
  }
  const all = Buffer.concat(parts);
  return all.subarray(Math.max(0, all.length - outputBytesMax)).toString("utf8");
}
