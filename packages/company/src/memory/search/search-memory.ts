import type { Unit } from "../../company.ts";
import type { Meaning } from "../meaning.ts";
import { answerWeight } from "./answer-type.ts";
import { type Confidence, confidenceOf, isSure } from "./confidence.ts";
import { type Days, daysIn } from "./days-in.ts";
import { type Fused, fuse, type List, type Measured } from "./fuse.ts";
import { gatherPool } from "./pool/gather-pool.ts";
import type { Term } from "./pool/rarest-words.ts";
import type { SearchStatistics } from "./statistics.ts";
import {
  type Ask,
  countMemories,
  countWords,
  type Measures,
  type MemoryFilter,
  type MemoryRow,
  questionWords,
  selectMemories,
} from "./queries.ts";

export interface MemoryQuestion {
  text: string;
  /** The question's vector, made before the transaction; null: words and time alone. */
  meaning: Meaning | null;
  filter: MemoryFilter;
  limit: number;
  statistics?: SearchStatistics | undefined;
  /** The halves alone, and meaning without the index, are for measuring. */
  strategy?: "hybrid" | "words" | "meaning";
  exact?: boolean;
}

export interface MemoryHit extends MemoryRow {
  score: number;
  /** Why it was found, for people: the lists that have it and its place in them, or beside which hit it stands. */
  why: string[];
}

export interface Found {
  hits: MemoryHit[];
  confidence: number;
  /** Whether the memories speak of the question at all. */
  told: boolean;
}

/** So many times what is asked for is read whole: age, source and kind of answer move an entry no further. */
const readTimes = 6;
const readMax = 200;
/** So many of the best pull in what stands right before and after them, for this share of their own score. */
const neighbouredMax = 3;
const neighbourShare = 0.3;
/** An old memory loses at most this share of its score, half of it after `halfLifeDays`. */
const ageShareMax = 0.03;
const halfLifeDays = 30;
/** Text from outside the company counts less than what agents did and said themselves. */
const sourceShare = { own: 1, agent: 0.98, outside: 0.9 } as const;

/** Finds what the memories say about a question, best first. Limits and filters are kept in SQL, for every list alike. */
export async function searchMemory(unit: Unit, question: MemoryQuestion): Promise<Found> {
  const { text, filter, limit, strategy = "hybrid" } = question;
  const isHybrid = strategy === "hybrid";
  const { terms, total, most } = await statisticsOf(unit, question);
  const ask: Ask = {
    filter,
    meaning: strategy === "words" ? null : question.meaning,
    words: terms.flatMap(({ lexeme, df }) => (df > 0 ? [{ lexeme, weight: weightOf(df, total) }] : [])),
    days: isHybrid ? daysIn(text, unit.now) : [],
  };
  const measured = (row: Measures & { id: string }): Measured => ({
    id: row.id,
    meaning: row.cosine,
    words: most > 0 ? Math.min(1, row.bm25 / most) : 0,
    isOfTime: row.dated,
  });
  const pool = (await gatherPool(unit, ask, { terms, total, limit, exact: question.exact ?? false })).map(measured);
  const first = fuse(pool);
  const best = new Map(first.slice(0, isHybrid ? neighbouredMax : 0).map(({ id, score }) => [id, score * neighbourShare]));
  const shown = first.slice(0, Math.min(readMax, limit * readTimes)).map(({ id }) => id);
  const rows = await selectMemories(unit, { ids: shown, besideOf: [...best.keys()], ask });
  const beside = new Map<string, string>();
  for (const { id, of } of rows) if (of && (best.get(of) ?? 0) > (best.get(beside.get(id) ?? "") ?? 0)) beside.set(id, of);
  const known = new Set(pool.map(({ id }) => id));
  const added = new Map(rows.flatMap((row) => (row.of === null || known.has(row.id) ? [] : [[row.id, measured(row)] as const])));
  const weigh = isHybrid ? weightFor(text, unit.now) : () => 1;
  const read = new Map(rows.map(({ of: _of, cosine: _cosine, bm25: _bm25, dated: _dated, ...row }) => [row.id, row]));
  const hits = fuse([...pool, ...added.values()])
    .flatMap((entry) => {
      const row = read.get(entry.id);
      if (!row) return [];
      const of = beside.get(entry.id);
      const score = (entry.score + (of ? best.get(of)! : 0)) * weigh(row);
      return [{ ...row, score, why: reasons(entry, ask.days, of) }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
  const confidence: Confidence = confidenceOf(pool, { terms, byMeaning: ask.meaning !== null });
  return { hits, confidence: confidence.value, told: hits.length > 0 && isSure(confidence) };
}

/** How much a word says that so many of all memories hold (inverse document frequency). */
const weightOf = (df: number, total: number): number => Math.log(1 + (Math.max(total - df, 0) + 0.5) / (df + 0.5));

const termsMax = 24;

interface Statistics {
  /** The question's words with how common they are, the rarest first. */
  terms: Term[];
  /** How many memories there are. */
  total: number;
  /** The BM25 score that all the words together could give. */
  most: number;
}

async function statisticsOf(unit: Unit, { text, statistics, strategy }: MemoryQuestion): Promise<Statistics> {
  const total = await (statistics ? statistics.total(unit.companyId, () => countMemories(unit)) : countMemories(unit));
  if (strategy === "meaning") return { terms: [], total, most: 0 };
  const words = await questionWords(unit, text);
  const count = (missing: readonly string[]) => countWords(unit, missing);
  const df = await (statistics ? statistics.frequencies(unit.companyId, words, count) : count(words));
  const terms = words
    .map((lexeme) => ({ lexeme, df: df.get(lexeme) ?? 0 }))
    .toSorted((a, b) => a.df - b.df || (a.lexeme < b.lexeme ? -1 : 1))
    .slice(0, termsMax);
  return { terms, total, most: 1.2 * terms.reduce((sum, term) => sum + weightOf(term.df, total), 0) };
}

/** How much an entry counts by its age, by where it comes from, and where it could be the kind of answer that is asked for. */
function weightFor(text: string, now: Date): (row: MemoryRow) => number {
  const answers = answerWeight(text);
  return ({ created_at, source, summary }) => {
    const days = Math.max(0, (now.getTime() - created_at.getTime()) / 86_400_000);
    return (1 - ageShareMax * (1 - 0.5 ** (days / halfLifeDays))) * sourceShare[source] * answers(summary);
  };
}

const placeNames: Record<List, string> = { meaning: "like it in meaning", words: "shares words", time: "of the days asked for" };

function reasons({ places }: Fused, days: readonly Days[], of: string | undefined): string[] {
  const spans = days.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(", ");
  const why = (Object.entries(places) as [List, number][]).map(
    ([list, place]) => `${placeNames[list]}${list === "time" ? ` (${spans})` : ""}: place ${place}`,
  );
  return of ? [...why, `stands beside ${of}`] : why;
}
