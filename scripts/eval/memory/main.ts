import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { askAll, type Answer } from "./ask-all.ts";
import { ownCorpus, readPublic } from "./load.ts";
import { depths, type Line, score, thresholds } from "./score.ts";

const help = `pnpm eval:memory [--part held-out|tuning|all] [--file X.json] [--json]

Asks the project's own questions (one fact, several facts, time, change of mind, nothing to find) of the memory and prints how much of
the evidence is among the first 5, 10, 25 and 50: hybrid, its halves (meaning, words), Postgres' ts_rank_cd, and BM25. Constants were
chosen on the tuning half only. For "nothing" it prints how many questions are turned away, where one in twenty answerable ones may be.

  --part   which questions (default: both halves, each with its own table)
  --file   conversations in the common format: session_N with dia_id, qa with evidence; each searched by itself
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
  if (wanted && wanted !== "all" && !parts.includes(wanted as (typeof parts)[number])) {
    console.error("--part is tuning, held-out or all");
    process.exitCode = 2;
    return;
  }
  const own = await askAll(ownCorpus(), (line) => console.error(line));
  const sureFrom = thresholds(own.filter(({ question }) => question.part === "tuning"));
  const tables: Record<string, Line[]> = {};
  if (values.file) {
    const answers: Answer[] = [];
    for (const corpus of readPublic(JSON.parse(readFileSync(values.file, "utf8")))) answers.push(...(await askAll(corpus)));
    tables[values.file] = score(answers, sureFrom);
  } else {
    for (const part of parts)
      if (!wanted || wanted === part)
        tables[part] = score(
          own.filter(({ question }) => question.part === part),
          sureFrom,
        );
    if (!wanted || wanted === "all") tables["all"] = score(own, sureFrom);
  }
  if (values.json) console.log(JSON.stringify(tables));
  else {
    for (const [title, lines] of Object.entries(tables)) print(title, lines);
    console.log(`\nsure from: ${JSON.stringify(sureFrom)}`);
  }
}

await run();
