import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { redactText, sha256, wellFormed } from "@aito/base";

/** A receipt's row holds so much of the result; longer ones are kept whole apart. */
export const resultCharactersMax = 4_000;
const fieldCharactersMax = 300;
const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

export interface StoredResult {
  /** The beginning of the text, or all of it. */
  text: string;
  sha256: string;
  characters: number;
  /** What queries read: the result itself, or the small fields of a long one. */
  json: unknown;
  /** The whole text, compressed; null where `text` is all of it. */
  gzip: Buffer | null;
}

/** A result as it is stored: without what looks like a secret, bounded, with the hash of the whole. */
export async function storedResult(result: unknown): Promise<StoredResult> {
  const whole = redactText(wellFormed(JSON.stringify(result ?? null)));
  const fits = whole.length <= resultCharactersMax;
  return {
    text: fits ? whole : wellFormed(whole.slice(0, resultCharactersMax)),
    sha256: sha256(whole),
    characters: whole.length,
    json: fits ? parsed(whole, result) : { ...smallFields(result), truncated: true },
    gzip: fits ? null : await zip(Buffer.from(whole)),
  };
}

/** Redaction replaces values within JSON; should it ever break the JSON, the small fields stand for it. */
function parsed(text: string, result: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { ...smallFields(result), truncated: true };
  }
}

function smallFields(result: unknown): Record<string, unknown> {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return {};
  const small = Object.entries(result).filter(
    ([, value]) =>
      typeof value === "number" ||
      typeof value === "boolean" ||
      (typeof value === "string" && value.length <= fieldCharactersMax),
  );
  return JSON.parse(redactText(JSON.stringify(Object.fromEntries(small)))) as Record<string, unknown>;
}

export const wholeText = async (bytes: Uint8Array): Promise<string> => String(await unzip(bytes));
