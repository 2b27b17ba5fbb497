import { AitoError, errorText } from "@aito/base";
import type { Embedder, EmbedKind } from "@aito/protocol";
import { request } from "undici";
import { z } from "zod";

/** How a vendor wants to be asked; all answer with `data[].embedding`. */
export type EmbedderApi = "openai" | "voyage";

export const hostedUrls: Record<EmbedderApi, string> = {
  openai: "https://api.openai.com/v1",
  voyage: "https://api.voyageai.com/v1",
};
/** An index of 32 bit vectors takes no more. */
export const dimensionsMax = 2_000;

const batchMax = 64;
const textCharsMax = 8_000;
const timeoutMs = 15_000;
const answerBytesMax = 64 * 1024 * 1024;

const Answer = z.object({ data: z.array(z.object({ index: z.number().int().optional(), embedding: z.array(z.number()) })) });

/**
 * Embeddings over HTTP: Voyage, OpenAI, or any server with OpenAI's `/embeddings`. One attempt a batch; trying again is the caller's.
 * 400, 401, 403, 404 and 422 are refusals (fate human); everything else, a wrong length too, is unavailable (fate retry).
 */
export function hostedEmbedder(options: {
  api: EmbedderApi;
  /** Up to `/embeddings`. */
  baseUrl: string;
  model: string;
  dimensions: number;
  /** Null for a server of one's own that asks for none. */
  apiKey: string | null;
}): Embedder {
  const { api, baseUrl, model, dimensions, apiKey } = options;
  const url = `${baseUrl.replace(/\/+$/, "")}/embeddings`;
  const ask = async (texts: string[], kind: EmbedKind, signal: AbortSignal | undefined): Promise<Float32Array[]> => {
    const shape =
      api === "voyage" ? { input_type: kind, output_dimension: dimensions } : { dimensions, encoding_format: "float" };
    const late = AbortSignal.timeout(timeoutMs);
    const answer = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify({ model, input: texts, ...shape }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump({ limit: 64 * 1024 });
      throw failure(`it answered ${answer.statusCode}`, [400, 401, 403, 404, 422].includes(answer.statusCode));
    }
    if (Number(answer.headers["content-length"] ?? 0) > answerBytesMax) throw failure("its answer is too long", false);
    return vectorsOf(Answer.parse(await answer.body.json()), texts.length, dimensions);
  };
  return {
    model: `${model}:${dimensions}`,
    dimensions,
    embed: async (texts, { kind = "document", signal } = {}) => {
      const readable = texts.map((text) => text.slice(0, textCharsMax).trim() || ".");
      const vectors: Float32Array[] = [];
      for (let at = 0; at < readable.length; at += batchMax) {
        try {
          vectors.push(...(await ask(readable.slice(at, at + batchMax), kind, signal)));
        } catch (error) {
          if (error instanceof AitoError) throw error;
          throw failure(error instanceof z.ZodError ? "its answer is no list of embeddings" : errorText(error), false);
        }
      }
      return vectors;
    },
  };
}

const failure = (reason: string, refused: boolean): AitoError =>
  refused
    ? new AitoError("AITO_EMBEDDER_REFUSED", `the embedder refused: ${reason}`, {
        hint: "check AITO_EMBEDDER_KEY, AITO_EMBEDDER_MODEL and AITO_EMBEDDER_DIMENSIONS",
        fate: "human",
      })
    : new AitoError("AITO_EMBEDDER_UNAVAILABLE", `the embedder failed: ${reason}`, { fate: "retry", status: 503 });

function vectorsOf({ data }: z.infer<typeof Answer>, count: number, dimensions: number): Float32Array[] {
  if (data.length !== count) throw failure(`${data.length} embeddings came for ${count} texts`, false);
  const inOrder = data.every(({ index }) => index !== undefined) ? data.toSorted((a, b) => a.index! - b.index!) : data;
  return inOrder.map(({ embedding }) => {
    const size = Math.hypot(...embedding);
    if (embedding.length !== dimensions || !(size > 0))
      throw failure(`a vector has ${embedding.length} numbers, not ${dimensions}`, false);
    return Float32Array.from(embedding, (value) => value / size);
  });
}
