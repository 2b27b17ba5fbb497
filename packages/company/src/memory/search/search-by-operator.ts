import { AitoError, wellFormed } from "@aito/base";
import type { FoundMemories, MemoryItem, SearchMemories } from "@aito/protocol";
import { selectAgents } from "../../agents/queries.ts";
import { clientBySlug } from "../../ask/queries.ts";
import { numberReader, type NumberReader } from "../../claims/back-numbers.ts";
import { type CompanyDeps, transact } from "../../company.ts";
import { meaningOf } from "../meaning.ts";
import { type ItemRow, itemsByIds, newestItems } from "./operator-queries.ts";
import type { MemoryFilter } from "./queries.ts";
import { searchMemory } from "./search-memory.ts";

const textCharsMax = 2_000;

/**
 * What agents remember, as an operator looks it up: by a question, or the newest; each with where it comes from. Errors:
 * AITO_MEMORY_AGENT, AITO_MEMORY_CLIENT (404).
 */
export async function searchByOperator(deps: CompanyDeps, request: SearchMemories): Promise<FoundMemories> {
  const { limit, quarantined, source } = request;
  const text = wellFormed(request.text).trim();
  const meaning = text === "" || quarantined ? null : await meaningOf(deps, text, { kind: "query" });
  return await transact(deps, async (unit) => {
    const read = await numberReader(unit);
    const filter: MemoryFilter = { sources: source && [source] };
    if (request.agent !== undefined) {
      const agents = (await selectAgents(unit, { withPast: true })).filter(({ name }) => name === request.agent);
      if (agents.length === 0) throw new AitoError("AITO_MEMORY_AGENT", `there is no agent "${request.agent}"`, { status: 404 });
      filter.agentIds = agents.map(({ id }) => id);
    }
    if (request.client !== undefined) {
      filter.clientId = await clientBySlug(unit, request.client);
      if (filter.clientId === null)
        throw new AitoError("AITO_MEMORY_CLIENT", `there is no client "${request.client}"`, { status: 404 });
    }
    if (text === "" || quarantined) {
      const rows = await newestItems(unit, { filter, quarantined, text, limit });
      return { by: text === "" ? "newest" : "words", told: rows.length > 0, items: rows.map((row) => item(row, [], read)) };
    }
    const found = await searchMemory(unit, { text, meaning, filter, limit, statistics: deps.searchStatistics });
    const rows = new Map(
      (
        await itemsByIds(
          unit,
          found.hits.map(({ id }) => id),
        )
      ).map((row) => [row.id, row]),
    );
    const items = found.hits.flatMap(({ id, why }) => (rows.has(id) ? [item(rows.get(id)!, why, read)] : []));
    return { by: meaning ? "meaning" : "words", told: found.told, items };
  });
}

const records = ["message", "receipt", "task", "decision", "run"] as const;

function item(row: ItemRow, why: string[], read: NumberReader): MemoryItem {
  const named = records.find((name) => typeof row.details[name] === "string");
  return {
    id: row.id,
    at: row.created_at.toISOString(),
    agent: row.agent,
    client: row.client,
    type: row.action_type,
    text: row.summary.slice(0, textCharsMax),
    numbers: read(row.summary.slice(0, textCharsMax)),
    source: row.source,
    sourceRef: row.source_ref,
    run: row.run_id,
    record: named ? `${named} ${String(row.details[named])}` : null,
    why,
    embeddedBy: row.embedding_model,
    setAside: row.quarantined_at ? (row.quarantine_reason ?? "no reason was given") : null,
  };
}
