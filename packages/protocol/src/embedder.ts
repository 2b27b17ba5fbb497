/** What a text is embedded for; some models treat a question and a text to be found differently. */
export type EmbedKind = "document" | "query";

/**
 * The port behind which texts become vectors. `embed` gives one unit-length vector of `dimensions` numbers for each text, in order;
 * texts may be empty and are cut at the adapter's own limit. It rejects with an AitoError (AITO_EMBEDDER_UNAVAILABLE, fate retry;
 * AITO_EMBEDDER_REFUSED, fate human) and is never called while a transaction is open.
 */
export interface Embedder {
  /** Stored beside each vector: vectors of different models are never compared. */
  readonly model: string;
  readonly dimensions: number;
  embed(texts: readonly string[], options?: { kind?: EmbedKind; signal?: AbortSignal }): Promise<Float32Array[]>;
}
