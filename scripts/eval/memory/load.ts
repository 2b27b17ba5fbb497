import { readFileSync } from "node:fs";
import { z } from "zod";

export type Kind = "single" | "several" | "time" | "change" | "nothing";
export const kinds: readonly Kind[] = ["single", "several", "time", "change", "nothing"];

export interface Turn {
  id: string;
  at: Date;
  speaker: string;
  text: string;
}
export interface Question {
  text: string;
  kind: Kind;
  /** Ids of the turns that answer it; none: nothing does. */
  evidence: string[];
  /** Questions on the tuning half were looked at while constants were chosen; those held out were not. */
  part: "tuning" | "held out";
}
export interface Corpus {
  turns: Turn[];
  questions: Question[];
}

const turnGapMs = 60_000;

/**
 * Reads this folder's notation: `# name`, `@ start of a session`, `[tag] speaker: text`, `? kind | question | tags`. Every second
 * question of a kind is held out.
 */
export function readCorpus(text: string): Corpus {
  const corpus: Corpus = { turns: [], questions: [] };
  const counts = new Map<string, number>();
  let [name, session, at] = ["", 0, 0];
  const tagged = new Map<string, string>();
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    if (line.startsWith("# ")) [name, session] = [line.slice(2), 0];
    else if (line.startsWith("@ ")) [session, at] = [session + 1, Date.parse(`${line.slice(2).replace(" ", "T")}:00Z`)];
    else if (line.startsWith("? ")) {
      const [kind, question, tags] = line
        .slice(2)
        .split("|")
        .map((part) => part.trim()) as [Kind, string, string];
      const evidence = tags
        .split(" ")
        .filter(Boolean)
        .map((tag) => tagged.get(tag) ?? unknown(tag));
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      corpus.questions.push({ text: question, kind, evidence, part: count % 2 === 0 ? "held out" : "tuning" });
    } else {
      const { tag, speaker, said } =
        /^(?:(?<tag>[a-z]\d+) )?(?<speaker>[a-z]+): (?<said>.+)$/.exec(line)?.groups ?? unknown(line);
      const id = `${name}/D${session}:${corpus.turns.length + 1}`;
      if (tag) tagged.set(tag, id);
      corpus.turns.push({ id, at: new Date((at += turnGapMs)), speaker: speaker!, text: said! });
    }
  }
  return corpus;
}

function unknown(what: string): never {
  throw new Error(`the corpus cannot be read at: ${what}`);
}

/** The project's own questions. */
export function ownCorpus(): Corpus {
  const parts = ["corpus-1.txt", "corpus-2.txt"].map((file) => readCorpus(readFileSync(new URL(file, import.meta.url), "utf8")));
  return { turns: parts.flatMap(({ turns }) => turns), questions: parts.flatMap(({ questions }) => questions) };
}

const PublicTurn = z.looseObject({ speaker: z.string(), dia_id: z.string(), text: z.string() });
const PublicSample = z.looseObject({
  conversation: z.record(z.string(), z.unknown()),
  qa: z.array(
    z.looseObject({
      question: z.string(),
      evidence: z.array(z.string()).default([]),
      category: z.union([z.number(), z.string()]).optional(),
    }),
  ),
});

/** Kinds by the numbers that public sets use. */
const kindOf: Record<string, Kind> = { 1: "several", 2: "time", 3: "several", 4: "single", 5: "nothing" };

/**
 * The common format: a list of conversations with `session_N` (turns with `dia_id`) and `session_N_date_time`, and `qa` with
 * `evidence` lists. All its questions count as held out. One corpus a conversation: each is searched by itself.
 */
export function readPublic(json: unknown): Corpus[] {
  const samples = z.array(PublicSample).parse(Array.isArray(json) ? json : [json]);
  return samples.map(({ conversation, qa }) => {
    const turns: Turn[] = [];
    for (const [key, value] of Object.entries(conversation)) {
      const number = /^session_(\d+)$/.exec(key)?.[1];
      if (!number) continue;
      const start = dateOf(conversation[`session_${number}_date_time`]);
      z.array(PublicTurn)
        .parse(value)
        .forEach((turn, at) => {
          turns.push({ id: turn.dia_id, at: new Date(start.getTime() + at * turnGapMs), speaker: turn.speaker, text: turn.text });
        });
    }
    const known = new Set(turns.map(({ id }) => id));
    const questions = qa.map(({ question, evidence, category }): Question => {
      const ids = evidence.flatMap((each) => each.split(/[;,\s]+/)).filter((id) => known.has(id));
      const named = kinds.find((kind) => kind === category);
      const kind =
        named ?? (ids.length === 0 ? "nothing" : (kindOf[String(category)] ?? (ids.length > 1 ? "several" : "single")));
      return { text: question, kind, evidence: kind === "nothing" ? [] : ids, part: "held out" };
    });
    return { turns: turns.toSorted((a, b) => a.at.getTime() - b.at.getTime()), questions };
  });
}

/** "1:56 pm on 8 May, 2023", an ISO text, or, where nothing is said, a fixed day. */
function dateOf(value: unknown): Date {
  const text = typeof value === "string" ? value : "";
  const spoken = /^(\d{1,2}):(\d{2}) (am|pm) on (\d{1,2}) (\w+),? (\d{4})$/i.exec(text);
  const readable = spoken ? `${spoken[4]} ${spoken[5]} ${spoken[6]} ${spoken[1]}:${spoken[2]} ${spoken[3]} UTC` : text;
  const at = new Date(readable);
  return Number.isNaN(at.getTime()) ? new Date("2026-01-01T00:00:00Z") : at;
}
