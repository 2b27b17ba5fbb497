import type { Redis } from "ioredis";
import type { BusRefusal } from "../bus.ts";

const entriesMax = 128;
const textCharsMax = 200;

/** Redis' own list of what it refused, newest first; one that repeats within a minute is one entry with a count. */
export async function readAclLog(client: Redis): Promise<BusRefusal[]> {
  const entries = (await client.call("ACL", "LOG", String(entriesMax))) as unknown[][];
  return entries.flatMap((flat) => {
    const entry = new Map<string, string>();
    for (let at = 0; at + 1 < flat.length; at += 2) entry.set(String(flat[at]), String(flat[at + 1]));
    const atMs = Number(entry.get("timestamp-last-updated"));
    if (!(atMs > 0)) return [];
    const text = (name: string): string => (entry.get(name) ?? "").slice(0, textCharsMax);
    return [
      { user: text("username"), reason: text("reason"), object: text("object"), count: Number(entry.get("count") ?? 1), atMs },
    ];
  });
}
