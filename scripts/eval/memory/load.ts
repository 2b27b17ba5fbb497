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

const readFile = (name: string): Corpus => readCorpus(readFileSync(new URL(name, import.meta.url), "utf8"));

/** The project's own questions. */
export function ownCorpus(): Corpus {
  const parts = ["corpus-1.txt", "corpus-2.txt", "corpus-4.txt"].map(readFile);
  return { turns: parts.flatMap(({ turns }) => turns), questions: parts.flatMap(({ questions }) => questions) };
}

/** Four more projects from other walks of life, written after the constants' first choice; no constant was ever chosen on them. */
export function independentCorpus(): Corpus {
  const { turns, questions } = readFile("corpus-3.txt");
  return { turns, questions: questions.map((question) => ({ ...question, part: "held out" })) };
}

const PublicTurn = z.looseObject({ speaker: z.string(), dia_id: z.string(), text: z.string() });
const PublicSample = z.looseObject({
  conversation: z.record(z.string(), z.unknown()),
  qa: z
    .array(
      z.looseObject({
        question: z.string(),
        evidence: z.array(z.string()).default([]),
        category: z.union([z.number(), z.string()]).optional(),
      }),
    )
    .min(1),
});

/** Kinds by the numbers that public sets use. */
const kindOf: Record<string, Kind> = { 1: "several", 2: "time", 3: "several", 4: "single", 5: "nothing" };

/**
 * The common format: a list of conversations with `session_N` (turns with `dia_id`) and `session_N_date_time`, and `qa` with
 * `evidence` lists. All its questions count as held out. One corpus a conversation: each is searched by itself.
 */
export function readPublic(json: unknown): Corpus[] {
  const list = Array.isArray(json) ? (json as unknown[]) : [json];
  if (list.length === 0) throw new BadFile("it holds no conversation");
  return list.map((sample, index) =>
    readSample(checked(PublicSample, sample, `conversation ${index + 1}`), `conversation ${index + 1}`),
  );
}

/** A file that is not in the common format; says where and what was expected. */
export class BadFile extends Error {}

function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new BadFile(
    `${where}${path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")}: ${message}`,
  );
}

function readSample({ conversation, qa }: z.infer<typeof PublicSample>, where: string): Corpus {
  const turns: Turn[] = [];
  for (const [key, value] of Object.entries(conversation)) {
    const number = /^session_(\d+)$/.exec(key)?.[1];
    if (!number) continue;
    const start = dateOf(conversation[`session_${number}_date_time`], `${where}.conversation.session_${number}_date_time`);
    for (const [at, turn] of checked(z.array(PublicTurn), value, `${where}.conversation.${key}`).entries())
      turns.push({ id: turn.dia_id, at: new Date(start.getTime() + at * turnGapMs), speaker: turn.speaker, text: turn.text });
  }
  if (turns.length === 0) throw new BadFile(`${where}.conversation: there is no session_1 with turns`);
  const known = new Set(turns.map(({ id }) => id));
  if (known.size < turns.length) throw new BadFile(`${where}: two turns have the same dia_id`);
  const questions = qa.map(({ question, evidence, category }, at): Question => {
    const named = kinds.find((kind) => kind === category);
    const kind = named ?? (category === undefined ? undefined : kindOf[String(category)]);
    const ids = evidence.flatMap((each) => each.split(/[;,\s]+/)).filter(Boolean);
    const missing = ids.find((id) => !known.has(id));
    if (missing !== undefined && kind !== "nothing")
      throw new BadFile(`${where}.qa[${at}].evidence: no turn has the dia_id "${missing}"`);
    const read = kind ?? (ids.length === 0 ? "nothing" : ids.length > 1 ? "several" : "single");
    if (read !== "nothing" && ids.length === 0) throw new BadFile(`${where}.qa[${at}]: category ${category} needs evidence`);
    return { text: question, kind: read, evidence: read === "nothing" ? [] : [...new Set(ids)], part: "held out" };
  });
  return { turns: turns.toSorted((a, b) => a.at.getTime() - b.at.getTime()), questions };
}

/** "1:56 pm on 8 May, 2023", an ISO text, or, where nothing is said, a fixed day. */
function dateOf(value: unknown, where: string): Date {
  if (value === undefined) return new Date("2026-01-01T00:00:00Z");
  const text = typeof value === "string" ? value : "";
  const spoken = /^(\d{1,2}):(\d{2}) (am|pm) on (\d{1,2}) (\w+),? (\d{4})$/i.exec(text.trim());
  const readable = spoken ? `${spoken[4]} ${spoken[5]} ${spoken[6]} ${spoken[1]}:${spoken[2]} ${spoken[3]} UTC` : text;
  const at = new Date(readable);
  if (!Number.isNaN(at.getTime())) return at;
  throw new BadFile(`${where}: "${text}" is no time (1:56 pm on 8 May, 2023)`);
}
