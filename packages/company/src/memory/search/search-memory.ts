import type { Unit } from "../../company.ts";
import type { Meaning } from "../meaning.ts";
import { answerWeight } from "./answer-type.ts";
import { type Days, daysIn } from "./days-in.ts";
import { type Fused, fuse, type List, type Ranked } from "./fuse.ts";
import type { SearchStatistics } from "./statistics.ts";
import {
  byMeaning,
  byWords,
  countMemories,
  countWords,
  type MemoryFilter,
  type MemoryRow,
  neighboursOf,
  questionWords,
  selectMemories,
  type Term,
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

/** Under this they do not. On the tuning half it turns away one in twenty questions that have an answer. */
const confidentFrom = { withMeaning: 0.26, byWords: 0.15 } as const;

const perList = 100;
/** So many times what is asked for is read whole: age, source and kind of answer move an entry no further. */
const readTimes = 6;
/** So many of the best pull in what stands right before and after them, for this share of their own score. */
const neighbouredMax = 3;
const neighbourShare = 0.25;
/** An old memory loses at most this share of its score, half of it after `halfLifeDays`. */
const ageShareMax = 0.06;
const halfLifeDays = 30;
/** Text from outside the company counts less than what agents did and said themselves. */
const sourceShare = { own: 1, agent: 0.97, outside: 0.85 } as const;

/** Finds what the memories say about a question, best first. Limits and filters are kept in SQL, for every list alike. */
export async function searchMemory(unit: Unit, question: MemoryQuestion): Promise<Found> {
  const { text, filter, limit, strategy = "hybrid" } = question;
  const asked: Asked = { ...question, ...(await statisticsOf(unit, question)) };
  const { terms } = asked;
  const words = strategy === "meaning" ? [] : await rankWords(unit, asked, filter);
  const meaning = strategy === "words" ? [] : await rankMeaning(unit, asked, filter);
  const days = strategy === "hybrid" ? daysIn(text, unit.now) : [];
  const fused = fuse({ meaning, words, time: await rankDays(unit, asked, days) });
  const beside = strategy === "hybrid" ? await addNeighbours(unit, fused, filter) : new Map<string, string>();
  const shown = fused.slice(0, Math.min(perList * 2, limit * readTimes)).map(({ id }) => id);
  const rows = new Map((await selectMemories(unit, shown, filter)).map((row) => [row.id, row]));
  const weigh = answerWeight(text);
  const hits = fused
    .flatMap((entry) => {
      const row = rows.get(entry.id);
      if (!row) return [];
      const share = strategy === "hybrid" ? ageShare(row, unit.now) * sourceShare[row.source] * weigh(row.summary) : 1;
      return [{ ...row, score: entry.score * share, why: reasons(entry, days, beside.get(row.id)) }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
  const confidence = confidenceOf({ words, meaning, terms });
  const told = hits.length > 0 && confidence >= (meaning.length > 0 ? confidentFrom.withMeaning : confidentFrom.byWords);
  return { hits, confidence, told };
}

const termsMax = 24;

/** The question's words with how common they are, the rarest first, and how many memories there are. */
async function statisticsOf(
  unit: Unit,
  { text, statistics, strategy }: MemoryQuestion,
): Promise<{ terms: Term[]; total: number }> {
  if (strategy === "meaning") return { terms: [], total: 0 };
  const words = await questionWords(unit, text);
  const count = (missing: readonly string[]) => countWords(unit, missing);
  const df = await (statistics ? statistics.frequencies(unit.companyId, words, count) : count(words));
  const total = await (statistics ? statistics.total(unit.companyId, () => countMemories(unit)) : countMemories(unit));
  const terms = words.map((lexeme) => ({ lexeme, df: df.get(lexeme) ?? 0 }));
  return { terms: terms.toSorted((a, b) => a.df - b.df || (a.lexeme < b.lexeme ? -1 : 1)).slice(0, termsMax), total };
}

interface Asked extends MemoryQuestion {
  terms: readonly Term[];
  total: number;
}

/** The strength of a match by words: its BM25 score as a share of what all the question's words could give. */
async function rankWords(unit: Unit, { terms, total }: Asked, filter: MemoryFilter, limit = perList): Promise<Ranked[]> {
  const possible = terms.reduce((sum, { df }) => sum + Math.log(1 + (Math.max(total - df, 0) + 0.5) / (df + 0.5)), 0) * 1.2;
  const found = await byWords(unit, { terms, total, filter, limit });
  return found.map(({ id, score }) => ({ id, strength: possible > 0 ? Math.min(1, score / possible) : 0 }));
}

async function rankMeaning(
  unit: Unit,
  { meaning, exact, total }: Asked,
  filter: MemoryFilter,
  limit = perList,
): Promise<Ranked[]> {
  if (!meaning) return [];
  return (await byMeaning(unit, { meaning, filter, limit, total, ...(exact ? { exact } : {}) })).map(({ id, score }) => ({
    id,
    strength: score,
  }));
}

/** What was remembered on, or speaks of, the days of the question: the best by words and meaning among them. */
async function rankDays(unit: Unit, asked: Asked, days: readonly Days[]): Promise<Ranked[]> {
  const found = new Map<string, Ranked>();
  for (const each of days) {
    const within = { ...asked.filter, days: each };
    const words = await rankWords(unit, asked, within, perList / 2);
    const meaning = await rankMeaning(unit, asked, within, perList / 2);
    const even = (list: Ranked[]): Ranked[] => list.map(({ id }) => ({ id, strength: 1 }));
    for (const { id } of fuse({ words: even(words), meaning: even(meaning) })) found.set(id, { id, strength: 1 });
  }
  return [...found.values()];
}

/** Adds what stands right beside the best hits to the list; returns of which hit each is the neighbour. */
async function addNeighbours(unit: Unit, fused: Fused[], filter: MemoryFilter): Promise<Map<string, string>> {
  const best = new Map(fused.slice(0, neighbouredMax).map(({ id, score }) => [id, score]));
  const known = new Map(fused.map((entry) => [entry.id, entry]));
  const beside = new Map<string, string>();
  for (const { id, of } of await neighboursOf(unit, [...best.keys()], filter)) {
    const worth = best.get(of)! * neighbourShare;
    const entry = known.get(id);
    if (entry) entry.score += worth;
    else {
      const added: Fused = { id, score: worth, places: {} };
      known.set(id, added);
      fused.push(added);
    }
    beside.set(id, of);
  }
  fused.sort((a, b) => b.score - a.score);
  return beside;
}

function ageShare({ created_at }: MemoryRow, now: Date): number {
  const days = Math.max(0, (now.getTime() - created_at.getTime()) / 86_400_000);
  return 1 - ageShareMax * (1 - 0.5 ** (days / halfLifeDays));
}

const placeNames: Record<List, string> = { meaning: "like it in meaning", words: "shares words", time: "of the days asked for" };

function reasons({ places }: Fused, days: readonly Days[], of: string | undefined): string[] {
  const spans = days.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(", ");
  const why = (Object.entries(places) as [List, number][]).map(
    ([list, place]) => `${placeNames[list]}${list === "time" ? ` (${spans})` : ""}: place ${place}`,
  );
  return of ? [...why, `stands beside ${of}`] : why;
}

/**
 * The one memory that fits best by words and meaning together, plus how far the nearest stands out, less the share of the question's
 * words that no memory has.
 */
function confidenceOf({ words, meaning, terms }: { words: Ranked[]; meaning: Ranked[]; terms: readonly Term[] }): number {
  if (meaning.length === 0) return words[0]?.strength ?? 0;
  if (words.length === 0 && terms.length > 0 && terms.every(({ df }) => df > 0)) return meaning[0]!.strength;
  const covered = new Map(words.map(({ id, strength }) => [id, strength]));
  const fit = Math.max(...meaning.map(({ id, strength }) => 0.3 * (covered.get(id) ?? 0) + 0.7 * strength));
  const standsOut = meaning[0]!.strength - (meaning[9] ?? meaning.at(-1)!).strength;
  const unknown = terms.filter(({ df }) => df === 0).length / Math.max(1, terms.length);
  return fit + standsOut - 0.2 * unknown;
}
