import { createHash } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import type { Tokenizer } from "ai-tokenizer";

/**
 * The tokenizer takes time in the square of a word's length: a hundred thousand letters without a space took it twenty seconds. So
 * text is cut into pieces, which can only raise the count, and other requests get a turn in between.
 */
const pieceCharsMax = 400;
const wordCharsMax = 48;
const sliceCharsMax = 16_000;
/** What is beyond is counted as one token a byte. */
const countedCharsMax = 4_000_000;
const rememberFromChars = 2_000;
const rememberedMax = 5_000;

let tokenizer: Tokenizer | null = null;
const remembered = new Map<string, number>();

/** Tokens of the texts by an offline tokenizer, and never more than their bytes. A conversation's earlier texts are remembered. */
export async function countTokens(texts: string[]): Promise<number> {
  tokenizer ??= await loadTokenizer();
  let total = 0;
  let budget = countedCharsMax;
  let slice = 0;
  for (const text of texts) {
    if (text.length > budget) {
      total += Buffer.byteLength(text);
      continue;
    }
    const key = text.length >= rememberFromChars ? createHash("sha256").update(text).digest("base64") : null;
    const known = key === null ? undefined : remembered.get(key);
    if (known !== undefined) {
      total += known;
      continue;
    }
    budget -= text.length;
    let count = 0;
    for (const piece of pieces(text)) {
      count += Math.min(tokenizer.count(piece), Buffer.byteLength(piece));
      slice += piece.length;
      if (slice >= sliceCharsMax) {
        slice = 0;
        await breathe();
      }
    }
    if (key !== null) {
      if (remembered.size >= rememberedMax) remembered.clear();
      remembered.set(key, count);
    }
    total += count;
  }
  return total;
}

/** Its vocabulary is 40 MB in memory, and most gateways never need it. */
async function loadTokenizer(): Promise<Tokenizer> {
  const [{ Tokenizer: Claude }, claude] = await Promise.all([import("ai-tokenizer"), import("ai-tokenizer/encoding/claude")]);
  return new Claude(claude);
}

/** Pieces that end at a space where one is near, and long words cut. */
export function* pieces(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const end = Math.min(text.length, at + pieceCharsMax);
    const piece = text.slice(at, end);
    const space = end < text.length ? piece.lastIndexOf(" ") : -1;
    const whole = space > pieceCharsMax / 2 ? piece.slice(0, space) : piece;
    at += whole.length;
    if (!longWord.test(whole)) yield whole;
    else for (let part = 0; part < whole.length; part += wordCharsMax) yield whole.slice(part, part + wordCharsMax);
  }
}

const longWord = new RegExp(`\\S{${wordCharsMax + 1}}|\\s{${wordCharsMax + 1}}`);
