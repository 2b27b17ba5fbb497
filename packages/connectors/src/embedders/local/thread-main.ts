import { parentPort } from "node:worker_threads";
import { loadSentenceEncoder } from "./sentence-encoder.ts";
import type { FromThread, ToThread } from "./thread-messages.ts";

/** The thread in which the model computes; it loads it with the first question. */
const port = parentPort!;
let encoder: ReturnType<typeof loadSentenceEncoder> | null = null;

async function answer({ id, texts }: ToThread): Promise<FromThread> {
  try {
    encoder ??= loadSentenceEncoder();
    const encode = await encoder;
    return { id, vectors: (await encode(texts)).map((vector) => Float32Array.from(vector)) };
  } catch (error) {
    encoder = null;
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

port.on("message", (question: ToThread) => {
  void answer(question).then((reply) => port.postMessage(reply));
});
