import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { askAll, type Answer } from "./ask-all.ts";
import { BadFile, type Corpus, independentCorpus, ownCorpus, readPublic } from "./load.ts";
import { depths, type Line, score, thresholds } from "./score.ts";

const help = `pnpm eval:memory [--part held-out|tuning|all|independent] [--file X.json] [--json]

Asks the project's own questions (one fact, several facts, time, change of mind, nothing to find) of the memory and prints how much of
the evidence is among the first 5, 10, 25 and 50: hybrid, its halves (meaning, words), Postgres' ts_rank_cd, and BM25. Constants were
chosen on the tuning half only. For "nothing" it prints the share of questions that are turned away, where the same method turns away 5,
10, 25 and 50 percent of those that have an answer.

  --part   which questions (default: both halves, all of them, and the independent set, each with its own table)
  --file   conversations in the common format: session_N with dia_id, qa with evidence; each searched by itself
           (categories: 1 and 3 several facts, 2 time, 4 one fact, 5 nothing to find)
  --json   the tables as JSON
`;

const { values } = parseArgs({
  options: { part: { type: "string" }, file: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
});
const parts = ["tuning", "held out"] as const;
const wanted = values.part?.replace("-", " ");

function print(title: string, lines: Line[]): void {
  console.log(`\n${title}`);
  console.log(`${"kind".padEnd(9)} ${"method".padEnd(9)} ${depths.map((depth) => `@${depth}`.padStart(6)).join("")}  questions`);
  for (const { kind, method, recall, questions } of lines)
    console.log(
      `${kind.padEnd(9)} ${method.padEnd(9)} ${recall.map((each) => each.toFixed(3).padStart(6)).join("")}  ${questions}`,
    );
}

async function run(): Promise<void> {
  if (values.help) return console.log(help);
  if (wanted && wanted !== "all" && wanted !== "independent" && !parts.includes(wanted as (typeof parts)[number])) {
    console.error("--part is tuning, held-out, all or independent");
    process.exitCode = 2;
    return;
  }
  const given = values.file === undefined ? null : readGiven(values.file);
  const own = wanted === "independent" || given ? [] : await askAll(ownCorpus(), (line) => console.error(line));
  const tables: Record<string, Line[]> = {};
  if (values.file) {
    const answers: Answer[] = [];
    for (const corpus of given!) answers.push(...(await askAll(corpus)));
    tables[values.file] = score(answers);
  } else {
    for (const part of parts)
      if (!wanted || wanted === part) tables[part] = score(own.filter(({ question }) => question.part === part));
    if (!wanted || wanted === "all") tables["all"] = score(own);
    if (!wanted || wanted === "independent")
      tables["independent"] = score(await askAll(independentCorpus(), (line) => console.error(line)));
  }
  if (values.json) console.log(JSON.stringify(tables));
  else {
    for (const [title, lines] of Object.entries(tables)) print(title, lines);
    if (own.length === 0) return;
    const tuning = own.filter(({ question }) => question.part === "tuning");
    console.log(`\nturning away one in twenty of the tuning half: ${JSON.stringify(thresholds(tuning, 0.05))}`);
  }
}

/** Read before anything else: a bad file is told at once. */
function readGiven(path: string): Corpus[] {
  try {
    return readPublic(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const reason = error instanceof SyntaxError ? `it is no JSON (${error.message})` : (error as Error).message;
    throw new BadFile(`${path}: ${reason}`);
  }
}

try {
  await run();
} catch (error) {
  if (!(error instanceof BadFile)) throw error;
  console.error(`${error.message}\nThe format: [{"conversation": {"session_1_date_time": "1:56 pm on 8 May, 2023", "session_1": [{"speaker", "dia_id", "text"}]},
  "qa": [{"question", "evidence": ["D1:3"], "category": 1}]}]`);
  process.exitCode = 2;
}
