import { type Clock, makeNewId, silentLogger, systemClock } from "../../../packages/base/src/index.ts";
import {
  type CompanyDeps,
  embedMemories,
  loadPack,
  meaningOf,
  type MemoryQuestion,
  registerFleet,
  remember,
  searchMemory,
  transact,
} from "../../../packages/company/src/index.ts";
import { localEmbedder } from "../../../packages/connectors/src/index.ts";
import { type EmbeddedDatabase, migratePglite, openPglite } from "../../../packages/db/src/index.ts";
import { root } from "../../steps/places.ts";
import type { Corpus, Question } from "./load.ts";
import { okapi } from "./okapi.ts";

type Strategy = NonNullable<MemoryQuestion["strategy"]>;

export const methods = ["hybrid", "meaning", "words", "ts_rank", "bm25"] as const;
export type Method = (typeof methods)[number];

export interface Answer {
  question: Question;
  /** Ids of turns by method, best first, at most 50. */
  found: Record<Method, string[]>;
  /** How sure each method is that something answers. */
  sure: Record<Method, number>;
}

const listMax = 50;

/** Puts a corpus into a company's memory (embedded database, local embedder) and asks all its questions by every method. */
export async function askAll(corpus: Corpus, say: (line: string) => void = () => undefined): Promise<Answer[]> {
  let now = corpus.turns[0]!.at;
  const clock: Clock = { ...systemClock, now: () => now };
  const newId = makeNewId(() => now);
  const db = await openPglite({ folder: null, clock });
  const embedder = localEmbedder({ clock: systemClock });
  try {
    await migratePglite({ database: db, folder: `${root}/migrations`, log: silentLogger });
    const companyId = await db.findOrCreateCompany({ id: newId(), slug: "eval", name: "Eval" });
    const deps: CompanyDeps = { db, companyId, clock, newId, embedder, deliver: () => Promise.resolve(), rehearsal: true };
    await registerFleet(deps, await loadPack(`${root}/profiles/aito/fleet.yaml`));
    const agentId = await chronicler(deps);
    for (const turn of corpus.turns) {
      now = turn.at;
      await transact(deps, async (unit) =>
        remember(unit, { agentId, type: "communication", summary: `${turn.speaker}: ${turn.text}`, details: { turn: turn.id } }),
      );
    }
    now = new Date(now.getTime() + 86_400_000);
    while ((await embedMemories(deps)) > 0);
    say(`${corpus.turns.length} memories`);
    return await ask(deps, db, corpus);
  } finally {
    await embedder.close();
    await db.close();
  }
}

/** All turns are one agent's, in the order they were said. */
async function chronicler(deps: CompanyDeps): Promise<string> {
  const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    tx.queries.selectFrom("agents").selectAll().execute(),
  );
  return (rows as { id: string; name: string }[]).find(({ name }) => name === "coo")!.id;
}

async function ask(deps: CompanyDeps, db: EmbeddedDatabase, corpus: Corpus): Promise<Answer[]> {
  const documents = new Map<string, string[]>();
  for (const turn of corpus.turns) documents.set(turn.id, await lexemes(db, `${turn.speaker}: ${turn.text}`));
  const bm25 = okapi(documents);
  const answers: Answer[] = [];
  for (const question of corpus.questions) {
    const meaning = await meaningOf(deps, question.text, { kind: "query" });
    const by = async (strategy: Strategy): Promise<{ ids: string[]; sure: number }> => {
      const asked = { text: question.text, meaning, filter: {}, limit: listMax, strategy };
      const { hits, confidence } = await transact(deps, (unit) => searchMemory(unit, asked));
      return { ids: hits.map(({ details }) => String(details["turn"])), sure: confidence };
    };
    const ranked = bm25(await lexemes(db, question.text));
    const results: Record<Method, { ids: string[]; sure: number }> = {
      hybrid: await by("hybrid"),
      meaning: await by("meaning"),
      words: await by("words"),
      ts_rank: sureOf(await tsRank(db, question.text)),
      bm25: sureOf(ranked.slice(0, listMax)),
    };
    const pick = <T>(of: (method: Method) => T) =>
      Object.fromEntries(methods.map((each) => [each, of(each)])) as Record<Method, T>;
    answers.push({ question, found: pick((each) => results[each].ids), sure: pick((each) => results[each].sure) });
  }
  return answers;
}

const sureOf = (ranked: { id: string; score: number }[]) => ({ ids: ranked.map(({ id }) => id), sure: ranked[0]?.score ?? 0 });

async function lexemes(db: EmbeddedDatabase, text: string): Promise<string[]> {
  const statement = "select lexeme, cardinality(positions) as n from unnest(to_tsvector('english', $1))";
  const { rows } = await db.pglite.query<{ lexeme: string; n: number }>(statement, [text]);
  return rows.flatMap(({ lexeme, n }) => Array.from({ length: n }, () => lexeme));
}

/** Postgres' own ranking of the same words. */
async function tsRank(db: EmbeddedDatabase, text: string): Promise<{ id: string; score: number }[]> {
  const { rows } = await db.pglite.query<{ id: string; score: number }>(
    `select details->>'turn' as id, ts_rank_cd(search, q) as score from agent_history,
       (select string_agg(quote_literal(lexeme), ' | ')::tsquery as q from unnest(to_tsvector('english', $1))) x
     where search @@ q order by score desc, created_at desc limit ${listMax}`,
    [text],
  );
  return rows;
}
