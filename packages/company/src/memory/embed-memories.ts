import type { MemoryView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { vectorText } from "./meaning.ts";
import { countByModel, ensureIndex, postponeEmbedding, storeEmbeddings, unembedded } from "./queries.ts";

const batchMax = 48;
/** A text that the embedder refuses while it takes others is tried again after this. */
const refusedMs = 60 * 60_000;

/** Makes sure that the embedder's vectors have an index; at once while there are none yet. */
export async function prepareMemoryIndex(deps: CompanyDeps): Promise<void> {
  const { embedder } = deps;
  if (embedder) await transact(deps, (unit) => ensureIndex(unit, embedder.model, embedder.dimensions));
}

/**
 * Embeds the next memories that have no vector of the present embedder, a batch a call; returns how many rows it went over, 0 when
 * none is left. The embedder is asked outside any transaction, and doing it twice does no harm. Throws what the embedder throws
 * when it takes nothing at all; one text that it refuses is put off.
 */
export async function embedMemories(deps: CompanyDeps): Promise<number> {
  const { embedder } = deps;
  if (!embedder) return 0;
  const rows = await transact(deps, (unit) => unembedded(unit, embedder.model, batchMax));
  if (rows.length === 0) return 0;
  const store = async (part: typeof rows): Promise<void> => {
    const vectors = await embedder.embed(
      part.map(({ summary }) => summary),
      { kind: "document" },
    );
    const filled = part.map(({ id }, at) => ({ id, vector: vectorText(vectors[at]!) }));
    await transact(deps, (unit) => storeEmbeddings(unit, embedder.model, filled));
  };
  try {
    await store(rows);
  } catch (error) {
    if (rows.length === 1) throw error;
    await oneByOne(deps, rows, { store, error });
  }
  return rows.length;
}

async function oneByOne<Row extends { id: string }>(
  deps: CompanyDeps,
  rows: readonly Row[],
  { store, error }: { store(part: Row[]): Promise<void>; error: unknown },
): Promise<void> {
  const refused: string[] = [];
  for (const row of rows) {
    // The first ones tell whether it takes anything at all.
    if (refused.length >= 3 && refused.length === rows.indexOf(row)) throw error;
    await store([row]).catch(() => refused.push(row.id));
  }
  if (refused.length === rows.length) throw error;
  await transact(deps, async (unit) => {
    for (const id of refused) await postponeEmbedding(unit, id, new Date(unit.now.getTime() + refusedMs));
  });
}

/** How far the memories are embedded, by `model`; null: by the model that most of them have. */
export async function memoryProgress(deps: CompanyDeps, model: string | null): Promise<MemoryView> {
  const rows = await transact(deps, (unit) => countByModel(unit));
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  const present = model ?? rows.find((row) => row.model !== null)?.model ?? null;
  const embedded = present === null ? 0 : (rows.find((row) => row.model === present)?.n ?? 0);
  return { embedder: present, total, embedded, models: rows.map((row) => ({ model: row.model, memories: row.n })) };
}
