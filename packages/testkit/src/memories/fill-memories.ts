import { type CompanyDeps, transact } from "@aito/company";
import type { Embedder } from "@aito/protocol";
import { sql } from "kysely";
import { drawn, parts, sentence, type Sentence } from "./sentences.ts";

const rowsAtOnce = 1_000;
const noise = 0.35;
const yearMs = 365 * 86_400_000;

/** The sum of its parts' meanings, as the real encoder gives them, with some noise: near what it would give for the whole. */
function vectorOf({ of }: Sentence, vectors: readonly Float32Array[], random: () => number): string {
  const sum = new Float64Array(vectors[0]!.length);
  for (const each of of) vectors[each]!.forEach((value, at) => (sum[at]! += value));
  const size = Math.hypot(...sum);
  const spread = noise / Math.sqrt(sum.length / 3);
  return `[${Array.from(sum, (value) => (value / size + (random() * 2 - 1) * spread).toPrecision(6)).join(",")}]`;
}

/** `rare` of `rows` belong to the second agent: the filter that leaves few. Entries spread over the last year. */
export async function fillMemories(
  deps: CompanyDeps,
  { rows, agents, rare, embedder }: { rows: number; agents: { many: string[]; rare: string }; rare: number; embedder: Embedder },
): Promise<Sentence[]> {
  const random = drawn(7);
  const vectors = await embedder.embed(parts);
  const made: Sentence[] = [];
  const start = deps.clock.now().getTime() - yearMs;
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const batch = Array.from({ length: rowsAtOnce }, (_, index) => sentence(random, from + index));
    made.push(...batch);
    const every = Math.round(rows / rare);
    const owner = (at: number): string => (at % every === 0 ? agents.rare : agents.many[at % agents.many.length]!);
    await transact(deps, async (unit) => {
      await sql`insert into agent_history (id, company_id, agent_id, action_type, summary, details, source, days, embedding, embedding_model,
          created_at)
        select v.id, ${unit.companyId}, v.agent, 'task', v.summary, '{"v":1}', 'own', '{}', v.vector::vector, ${embedder.model},
          to_timestamp(v.at / 1000.0)
        from unnest(${batch.map(() => unit.newId())}::uuid[], ${batch.map((_, index) => owner(from + index))}::uuid[],
          ${batch.map(({ text }) => text)}::text[], ${batch.map((each) => vectorOf(each, vectors, random))}::text[],
          ${batch.map((_, index) => Math.floor(start + ((from + index) / rows) * yearMs))}::float8[]) v(id, agent, summary, vector, at)`.execute(
        unit.queries,
      );
    });
  }
  return made;
}
