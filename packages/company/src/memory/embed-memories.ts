import type { Embedder, MemoryView } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { vectorText } from "./meaning.ts";
import { countByModel, ensureIndex, postponeEmbedding, storeEmbeddings, unembedded } from "./queries.ts";
import { postponeSummary, storeSummaryEmbeddings, unembeddedSummaries } from "./summaries/queries.ts";

const batchMax = 48;
/** A text that the embedder refuses while it takes others is tried again after this. */
const refusedMs = 60 * 60_000;

/** Makes sure that the embedder's vectors have an index; at once while there are none yet. */
export async function prepareMemoryIndex(deps: CompanyDeps): Promise<void> {
  const { embedder } = deps;
  if (embedder) await transact(deps, (unit) => ensureIndex(unit, embedder.model, embedder.dimensions));
}

interface Row {
  id: string;
  summary: string;
}

/** What has texts to embed; both kinds go the same way. */
interface Shelf {
  next(unit: Unit, model: string, limit: number): Promise<Row[]>;
  store(unit: Unit, model: string, rows: { id: string; vector: string }[]): Promise<void>;
  putOff(unit: Unit, id: string, until: Date): Promise<void>;
}
const shelves: readonly Shelf[] = [
  { next: unembedded, store: storeEmbeddings, putOff: postponeEmbedding },
  { next: unembeddedSummaries, store: storeSummaryEmbeddings, putOff: postponeSummary },
];

/**
 * Embeds the next memories, then summaries, that have no vector of the present embedder, a batch a call; returns how many rows it went
 * over, 0 when none is left. The embedder is asked outside any transaction, and doing it twice does no harm. Throws what the embedder
 * throws when it takes nothing at all; one text that it refuses is put off.
 */
export async function embedMemories(deps: CompanyDeps): Promise<number> {
  const { embedder } = deps;
  if (!embedder) return 0;
  for (const shelf of shelves) {
    const rows = await transact(deps, (unit) => shelf.next(unit, embedder.model, batchMax));
    if (rows.length === 0) continue;
    try {
      await embedRows(deps, { embedder, shelf, rows });
    } catch (error) {
      if (rows.length === 1) throw error;
      await oneByOne(deps, { embedder, shelf, rows, error });
    }
    return rows.length;
  }
  return 0;
}

interface Batch {
  embedder: Embedder;
  shelf: Shelf;
  rows: readonly Row[];
}

async function embedRows(deps: CompanyDeps, { embedder, shelf, rows }: Batch): Promise<void> {
  const vectors = await embedder.embed(
    rows.map(({ summary }) => summary),
    { kind: "document" },
  );
  const filled = rows.map(({ id }, at) => ({ id, vector: vectorText(vectors[at]!) }));
  await transact(deps, (unit) => shelf.store(unit, embedder.model, filled));
}

async function oneByOne(deps: CompanyDeps, { rows, error, ...batch }: Batch & { error: unknown }): Promise<void> {
  const refused: string[] = [];
  for (const [at, row] of rows.entries()) {
    // The first ones tell whether it takes anything at all.
    if (refused.length >= 3 && refused.length === at) throw error;
    await embedRows(deps, { ...batch, rows: [row] }).catch(() => refused.push(row.id));
  }
  if (refused.length === rows.length) throw error;
  await transact(deps, async (unit) => {
    for (const id of refused) await batch.shelf.putOff(unit, id, new Date(unit.now.getTime() + refusedMs));
  });
}

/** How far the memories are embedded, by `model`; null: by the model that most of them have. */
export async function memoryProgress(deps: CompanyDeps, model: string | null): Promise<MemoryView> {
  return await transact(deps, async (unit) => {
    const rows = await countByModel(unit, "agent_history");
    const present = model ?? rows.find((row) => row.model !== null)?.model ?? null;
    const summaries = await countByModel(unit, "history_summaries");
    const of = (list: typeof rows): number => (present === null ? 0 : (list.find((row) => row.model === present)?.n ?? 0));
    return {
      embedder: present,
      total: sum(rows.map(({ n }) => n)),
      embedded: of(rows),
      putOff: sum(rows.filter((row) => row.model !== present).map((row) => row.put_off)),
      summaries: { total: sum(summaries.map(({ n }) => n)), embedded: of(summaries) },
      models: rows.map((row) => ({ model: row.model, memories: row.n })),
    };
  });
}

const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);
