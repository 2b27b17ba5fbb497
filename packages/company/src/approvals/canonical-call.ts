import { sha256, wellFormed } from "@aito/base";
import type { CallFile } from "@aito/protocol";

const depthMax = 100;

/**
 * A JSON value as the one text that all equal values have, after RFC 8785: keys in the order of their UTF-16 code units, no space,
 * numbers as ECMAScript writes them (1.0 is 1, -0 is 0; NaN and infinities throw TypeError), `undefined` left out. Text is taken as it
 * is, code point by code point: twins that only look alike (composed and decomposed letters, other alphabets, zero-width characters)
 * are different calls, since whoever reads them downstream may tell them apart. Only lone surrogates and NUL, which no store can hold,
 * become U+FFFD.
 */
export function canonicalText(value: unknown, depth = 0): string {
  if (depth > depthMax) throw new TypeError(`canonical JSON holds at most ${depthMax} levels`);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(wellFormed(value));
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot hold ${value}`);
    return JSON.stringify(Object.is(value, -0) ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item ?? null, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]): [string, unknown] => [wellFormed(key), item])
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item, depth + 1)}`).join(",")}}`;
}

/** What a call does. */
export interface Call {
  tool: string;
  schemaVersion: string;
  arguments: Record<string, unknown>;
  files: readonly CallFile[];
}

/** Who asked for it, and until when it may be answered and run. */
export interface Asker {
  agent: string;
  epoch: number;
  expiresAt: Date;
}

const callBody = ({ tool, schemaVersion, arguments: args, files }: Call) => ({
  v: 1,
  tool,
  schemaVersion,
  arguments: args,
  files: files.map(({ name, sha256: hash }) => ({ name, sha256: hash })),
});

/** Equal for the same call, by whomever and whenever. */
export const callDigest = (call: Call): string => sha256(canonicalText(callBody(call)));

/** What a human approves: this call, by this incarnation, until then. */
export const approvalDigest = (call: Call, { agent, epoch, expiresAt }: Asker): string =>
  sha256(canonicalText({ ...callBody(call), agent, epoch, expiresAt: expiresAt.toISOString() }));
