import type { EmbedKind } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";

/** A text's vector and the model that made it. */
export interface Meaning {
  vector: Float32Array;
  model: string;
}

/** Longer than any embedder that works needs for one text; then the caller goes on by words. */
export const meaningMsMax = 3_000;

/**
 * What a text means, as a vector, or null: no embedder, a failure, or no answer within `msMax`. Never throws, and is called
 * before the transaction that needs it.
 */
export async function meaningOf(
  deps: Pick<CompanyDeps, "embedder" | "clock">,
  text: string,
  { kind = "document", msMax = meaningMsMax }: { kind?: EmbedKind; msMax?: number } = {},
): Promise<Meaning | null> {
  const { embedder, clock } = deps;
  if (!embedder || text.trim() === "") return null;
  const late = new AbortController();
  const abandoned = new Promise<null>((resolve) => {
    late.signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  const stop = clock.after(msMax, () => late.abort(new Error("the embedder did not answer in time")));
  try {
    const answer = embedder.embed([text], { kind, signal: late.signal }).then(([vector]) => vector ?? null);
    answer.catch(() => undefined);
    const vector = await Promise.race([answer, abandoned]);
    return vector && vector.length === embedder.dimensions ? { vector, model: embedder.model } : null;
  } catch {
    return null;
  } finally {
    stop();
  }
}

/** As pgvector reads it; seven digits are all that a 32 bit number has. */
export const vectorText = (vector: Float32Array): string =>
  `[${Array.from(vector, (value) => (Number.isFinite(value) ? Number(value.toPrecision(7)) : 0)).join(",")}]`;
