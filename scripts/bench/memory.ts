import { Lifecycle, makeNewId, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import {
  type CompanyDeps,
  loadPack,
  makeSearchStatistics,
  meaningOf,
  type MemoryFilter,
  type MemoryQuestion,
  prepareMemoryIndex,
  registerFleet,
  remember,
  searchMemory,
  transact,
} from "../../packages/company/src/index.ts";
import { localEmbedder } from "../../packages/connectors/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { drawn, fillMemories, questionAbout, type Sentence, startPostgres } from "../../packages/testkit/src/index.ts";
import { row, type Row, timed } from "./measure.ts";

const questionsMeasured = 300;
/** Hot: the words of most questions were counted and the index was read. */
const warmUp = 300;
const recallQuestions = 60;
const inserts = 300;
const wanted = 10;
/** A filter that keeps one row of a thousand. */
const rareShare = 0.001;
const memoryMb = 2_048;
const indexName = "agent_history_near_%";

type Question = Pick<MemoryQuestion, "text" | "meaning">;

/**
 * `memories` of them in real Postgres with vectors made of the local encoder's: the whole hybrid search (question's vector at hand), its
 * half by meaning and how much of the exact answer that finds, a filter that keeps one in a thousand, and remembering without embedding.
 * Throws where a filter returns too little. The floor is one durable transaction.
 */
export async function benchMemory({ memories }: { memories: number }): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    const { deps, agents, made, builtMs } = await openFilled(life, memories);
    say("questions");
    const asked = await questionsAbout(deps, made);
    const search = async (each: Question, filter: MemoryFilter, more: Partial<MemoryQuestion> = {}): Promise<string[]> => {
      const question = { ...each, filter, limit: wanted, statistics: deps.searchStatistics, ...more };
      return (await transact(deps, (unit) => searchMemory(unit, question))).hits.map(({ id }) => id);
    };
    say("searches");
    const floors: number[] = [];
    const measured = async (run: (each: Question) => Promise<unknown>): Promise<number[]> => {
      for (const each of asked.slice(0, warmUp)) await run(each);
      const ms: number[] = [];
      for (const each of asked.slice(warmUp)) {
        floors.push(await timed(() => transact(deps, (unit) => unit.event(floorEvent))));
        ms.push(await timed(() => run(each)));
      }
      return ms;
    };
    const hybrid = await measured((each) => search(each, {}));
    const byMeaning = await measured((each) => search(each, {}, byMeaningAlone));
    const rare: MemoryFilter = { agentIds: [agents.rare] };
    const few = await measured(async (each) => {
      const found = await search(each, rare);
      if (found.length < wanted) throw new Error(`a narrow filter gave ${found.length} of ${wanted}`);
    });
    for (const each of asked.slice(0, recallQuestions)) {
      const [near, exact] = [
        await search(each, rare, byMeaningAlone),
        await search(each, rare, { ...byMeaningAlone, exact: true }),
      ];
      if (near.join() !== exact.join()) throw new Error("a narrow filter was not answered exactly");
    }
    say("recall");
    const recalls: number[] = [];
    for (const each of asked.slice(0, recallQuestions)) {
      const near = new Set(await search(each, {}, byMeaningAlone));
      const exact = await search(each, {}, { ...byMeaningAlone, exact: true });
      recalls.push((100 * exact.filter((id) => near.has(id)).length) / exact.length);
    }
    const mean = recalls.reduce((sum, each) => sum + each, 0) / recalls.length;
    return [
      row(`hybrid search of ${memories.toLocaleString("en")} memories`, "ms", hybrid, floors),
      row("search by meaning alone", "ms", byMeaning, floors),
      row(`hybrid search, a filter keeps ${rareShare * 100} %, ${wanted} found`, "ms", few, floors),
      row(`recall at ${wanted} against exact search, mean`, "%", [mean], null),
      row("remember one, without embedding", "ms", await insertTimes(deps, agents.many[0]!), floors),
      row("index of all vectors built", "s", [builtMs / 1_000], null),
    ];
  } finally {
    await life.close();
  }
}

const byMeaningAlone = { strategy: "meaning" } as const;
const say = (what: string): void => console.error(`memory: ${what}`);
const floorEvent = { type: "bench.floor", source: "system", payload: {} };

/** As after a restore: rows first, then the index in one go. */
async function openFilled(life: Lifecycle, memories: number) {
  const postgres = await startPostgres({ shared: false, durable: true, memoryMb });
  life.onClose("postgres", () => postgres.stop());
  const { url, name } = await postgres.database();
  const db = life.add("database", connectPostgres({ url, clock: systemClock, log: silentLogger, statementMsMax: 1_800_000 }));
  const embedder = life.add("embedder", localEmbedder({ clock: systemClock }));
  const newId = makeNewId(systemClock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "bench", name: "Bench" });
  const common = { db, companyId, clock: systemClock, newId, deliver: () => Promise.resolve(), rehearsal: true };
  const deps: CompanyDeps = { ...common, embedder, searchStatistics: makeSearchStatistics(systemClock) };
  await registerFleet(deps, await loadPack(new URL("../../profiles/aito/fleet.yaml", import.meta.url).pathname));
  const rows = await db.transaction({ companyId }, (tx) => tx.queries.selectFrom("agents").selectAll().execute());
  const ids = new Map((rows as { id: string; name: string }[]).map((agent) => [agent.name, agent.id]));
  const agents = { many: ["ceo", "cmo", "cto", "cfo", "coo"].map((each) => ids.get(each)!), rare: ids.get("dao")! };
  const drop = `do $$ declare i text; begin
    for i in select indexname from pg_indexes where indexname like '${indexName}' loop execute 'drop index ' || i; end loop; end $$`;
  await postgres.sql(name, drop);
  const rare = Math.max(wanted, Math.round(memories * rareShare));
  say(`${memories} memories`);
  const made = await fillMemories(deps, { rows: memories, agents, rare, embedder });
  say("index");
  const builtMs = await timed(() => prepareMemoryIndex(deps));
  await postgres.sql(name, "vacuum analyze agent_history");
  return { deps, agents, made, builtMs };
}

async function questionsAbout(deps: CompanyDeps, made: readonly Sentence[]): Promise<Question[]> {
  const random = drawn(11);
  const asked: Question[] = [];
  for (let at = 0; at < questionsMeasured + warmUp; at += 1) {
    const text = questionAbout(made[Math.floor(random() * made.length)]!, random);
    asked.push({ text, meaning: await meaningOf(deps, text, { kind: "query", msMax: 60_000 }) });
  }
  return asked;
}

async function insertTimes(deps: CompanyDeps, agentId: string): Promise<number[]> {
  const ms: number[] = [];
  for (let at = 0; at < inserts; at += 1) {
    const summary = `finished case ${at} of the harbour office on 14 March`;
    ms.push(await timed(() => transact(deps, async (unit) => remember(unit, { agentId, type: "task", summary }))));
  }
  return ms;
}
