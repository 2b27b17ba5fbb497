import { wellFormed } from "@aito/base";
import type { AskAnswer, CheckedClaim, Evidence, FiguresView } from "@aito/protocol";
import { type ListedAgent, selectAgents } from "../agents/queries.ts";
import { numberReader, statedBy } from "../claims/back-numbers.ts";
import { figuresIn } from "../claims/list-claims.ts";
import { periodText } from "../claims/check-claim.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { meaningOf } from "../memory/meaning.ts";
import { type Days, daysIn } from "../memory/search/days-in.ts";
import { type MemoryHit, searchMemory } from "../memory/search/search-memory.ts";
import { periodName } from "../memory/summaries/periods.ts";
import { summariesOf } from "../memory/summaries/queries.ts";
import { type AskedRow, eventsOf, historyOn, receiptsOf } from "./queries.ts";

const hitsMax = 10;
const ofDaysMax = 20;
const summariesMax = 5;
const textCharsMax = 500;
/** Words that say nothing about what is asked for. */
const emptyWords = new Set(
  "what which did does do done doing has have had was were is are the a an on in at of to by and or all everything anything today yesterday tomorrow this last next week month day been happen happened happens say said report reported work worked me tell show list please with for from it".split(
    " ",
  ),
);

/**
 * What the records say about a question: the evidence, newest or best first, each with its citation. It writes no prose of its own:
 * nothing here is made up. Names of agents and days in the question narrow it; `told` is false when the records do not tell.
 */
export async function ask(deps: CompanyDeps, text: string): Promise<AskAnswer> {
  const question = wellFormed(text).trim();
  const meaning = await meaningOf(deps, question, { kind: "query" });
  return await transact(deps, async (unit) => {
    const agents = named(question, await selectAgents(unit));
    const days = daysIn(question, unit.now);
    const filter = agents.length > 0 ? { agentIds: agents.map(({ id }) => id) } : {};
    const about = aboutNothingElse(question, agents)
      ? null
      : await searchMemory(unit, { text: question, meaning, filter, limit: hitsMax, statistics: deps.searchStatistics });
    const hits = about?.told ? about.hits : [];
    const evidence: Evidence[] = hits.map(hitEvidence);
    const wantsDays = days.length > 0 && (about === null || agents.length > 0);
    // Asked for somebody without a day and a matter: what was last.
    const spans: Days[] = wantsDays
      ? days
      : about === null
        ? [{ from: "2000-01-01", to: unit.now.toISOString().slice(0, 10) }]
        : [];
    // Of more than one day, what was summed up says it in the fewest words.
    for (const span of days.filter(({ from, to }) => from !== to)) evidence.push(...(await summedUp(unit, agents, span)));
    for (const span of spans) evidence.push(...(await ofDays(unit, agents, span)));
    const runs = hits.slice(0, 3).flatMap(({ run_id }) => run_id ?? []);
    evidence.push(
      ...(await receiptsOf(unit, runs, ofDaysMax)).map((row) => recordEvidence("receipt", row, ["a tool call of that run"])),
    );
    const figures = figuresAbout(question, await figuresIn(unit));
    const stating = figures.verified.map(figureEvidence);
    const read = await numberReader(unit);
    const unique = onceEach([...stating, ...evidence]).map((each) => ({
      ...each,
      // A verified figure stands in its receipt; what a refused call said does not.
      numbers: stating.includes(each) ? statedBy(each.text, each.id) : read(each.text),
    }));
    return {
      question,
      agents: agents.map(({ name }) => name),
      days,
      told: unique.length > 0,
      by: meaning ? "meaning" : "words",
      evidence: unique,
      figures,
      prose: null,
      noProse: null,
    };
  });
}

/** Each record once, where it was met first: a receipt that states a figure is shown for that. */
const onceEach = (evidence: readonly Evidence[]): Evidence[] => {
  const first = new Map<string, Evidence>();
  for (const each of evidence) if (!first.has(`${each.kind} ${each.id}`)) first.set(`${each.kind} ${each.id}`, each);
  return [...first.values()];
};

/** Agents that the question names, by name, role or the title of their profile. */
function named(question: string, agents: ListedAgent[]): ListedAgent[] {
  const words = new Set(question.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? []);
  return agents.filter(
    (agent) => words.has(agent.name.toLowerCase()) || (agent.kind === "agent" && words.has(agent.type.toLowerCase())),
  );
}

/** Whether, without agents, days and small words, nothing is left to search for. */
function aboutNothingElse(question: string, agents: ListedAgent[]): boolean {
  const names = new Set(agents.flatMap(({ name, type }) => [name.toLowerCase(), type.toLowerCase()]));
  const words = question.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
  return words.every(
    (word) => emptyWords.has(word) || names.has(word) || /^\d+$/.test(word) || daysIn(`on 1 ${word}`, new Date(0)).length > 0,
  );
}

const figuresAboutMax = 20;

/** Figures whose metric the question names with all its words: verified ones, and the others apart. */
function figuresAbout(question: string, { verified, unverified }: FiguresView): FiguresView {
  const asked = new Set((question.toLowerCase().match(/\p{L}+/gu) ?? []).map(stem));
  const isNamed = ({ metric }: CheckedClaim): boolean => {
    const words = metric.toLowerCase().match(/\p{L}+/gu) ?? [];
    return words.length > 0 && words.every((word) => asked.has(stem(word)));
  };
  return {
    verified: verified.filter(isNamed).slice(0, figuresAboutMax),
    unverified: unverified.filter(isNamed).slice(0, figuresAboutMax),
  };
}

function figureEvidence({
  agent,
  metric,
  value,
  unit,
  entity,
  period,
  observedAt,
  at,
  receipts,
  outside,
}: CheckedClaim): Evidence {
  const text = `${metric} of ${entity}: ${value} ${unit} (${periodText(period)})${outside ? `, told by ${outside.source}, outside` : ""}`;
  const row = { id: receipts[0]!, at: new Date(observedAt ?? at), who: agent, text };
  return recordEvidence("receipt", row, ["a verified figure of what the question names"]);
}

const stem = (word: string): string => word.slice(0, 5);

async function ofDays(unit: Unit, agents: ListedAgent[], days: Days): Promise<Evidence[]> {
  const when = days.from === days.to ? days.from : `${days.from} to ${days.to}`;
  const history = await historyOn(unit, { agentIds: agents.map(({ id }) => id), days, limit: ofDaysMax });
  const events = await eventsOf(unit, { agents: agents.map(({ name }) => name), days, limit: ofDaysMax });
  const runs = [...new Set(history.flatMap(({ run_id }) => run_id ?? []))];
  const receipts = await receiptsOf(unit, runs, ofDaysMax);
  return [
    ...history.map((row) => ({ ...recordEvidence("history", row, [`remembered on ${when}`]), source: row.source })),
    ...events.map((row) => recordEvidence("event", row, [`recorded on ${when}`])),
    ...receipts.map((row) => recordEvidence("receipt", row, [`a tool call of a run of ${when}`])),
  ];
}

async function summedUp(unit: Unit, agents: ListedAgent[], { from, to }: Days): Promise<Evidence[]> {
  const rows = await summariesOf(unit, { agentIds: agents.map(({ id }) => id), from, to, limit: summariesMax });
  return rows.map((row) => ({
    ...recordEvidence("summary", { id: row.id, at: row.ends_at, who: row.agent, text: row.summary }, [
      `the ${row.period} ${periodName(row.period, row.starts_at)}, of ${row.entries} memories`,
    ]),
    source: row.source,
  }));
}

const hitEvidence = (hit: MemoryHit): Evidence => ({
  ...recordEvidence("history", { id: hit.id, at: hit.created_at, who: hit.agent, text: hit.summary }, hit.why),
  source: hit.source,
});

const recordEvidence = (kind: Evidence["kind"], row: AskedRow, why: string[]): Evidence => ({
  kind,
  id: row.id,
  at: row.at.toISOString(),
  who: row.who,
  text: row.text.replace(/\s+/g, " ").slice(0, textCharsMax),
  source: null,
  why,
});
