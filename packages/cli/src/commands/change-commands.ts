import { ChangeRecord, ChangeSummary, operatorApi, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";

/** The group `changes`: what was proposed in git repositories. */
export function addChanges(program: Command, terminal: Terminal): void {
  const group = program.command("changes").description("pull requests of agents: from the decision to the merge commit");
  addCommand<BaseOptions & { limit: number }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "changes, newest first",
      json: true,
      detail:
        'JSON: [{"id","repository","branch","title","status","number","url","owner","by","task","decision","mergeSha","mergedBy"}]',
      build: (command) => command.option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { limit }) => {
      const page = await run.console().get(operatorApi.changes, pageOf(ChangeSummary), { limit });
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0) return line(terminal, "no changes yet");
      const rows = page.items.map((item) => [item.id, placeOf(item), item.status, item.by, short(item.title, 60)]);
      line(terminal, table(["id", "pull request", "status", "by", "title"], rows));
    },
  );
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one change: decision, task, branch, commits, reviews, merge commit, diff",
      json: true,
      detail: 'JSON: as in the list, and "commits", "files" (with "diff") and "reviews" (with "comments" on lines).',
    },
    terminal,
    async (run, _options, [id]) => {
      const change = await run.console().get(`${operatorApi.changes}/${idOf(id!, "a change")}`, ChangeRecord);
      if (run.json) return jsonLine(terminal, change);
      for (const text of changeLines(change)) line(terminal, text);
    },
  );
}

const placeOf = ({ repository, number }: ChangeSummary): string =>
  number === null ? `${repository} (none yet)` : `${repository} #${number}`;

const verdicts = { approve: "approves", request_changes: "asks for changes", comment: "comments" } as const;

function changeLines(change: ChangeRecord): string[] {
  const { decision, task, commits, reviews, files } = change;
  return [
    `${change.title}: ${change.status}`,
    `  decision   ${decision ? `${short(decision.title, 80)} (${decision.status})  ${decision.id}` : "none"}`,
    `  task       ${short(task.title, 80)} (${task.status})  ${task.id}`,
    `  branch     ${change.branch} -> ${change.base} of ${change.repository}, by ${change.by} for ${change.owner}`,
    `  pull       ${placeOf(change)}  ${change.url ?? ""}`,
    ...commits.map(({ sha, title, by, at }) => `  commit     ${sha.slice(0, 10)}  ${at}  ${by}: ${short(title, 80)}`),
    ...reviews.flatMap(({ by, verdict, commit, body, comments }) => [
      `  review     ${commit.slice(0, 10)}  ${by} ${verdicts[verdict]}: ${short(body, 120)}`,
      ...comments.map((comment) => `             ${comment.path}:${comment.line}  ${short(comment.body, 120)}`),
    ]),
    `  merge      ${change.mergeSha === null ? "not yet" : `${change.mergeSha} by ${change.mergedBy}`}`,
    ...files.flatMap(({ path, status, diff, whole }) => [
      "",
      `${status} ${path}${whole ? "" : " (cut)"}`,
      // As it is, with its indentation: that is part of what a reviewer looks at.
      ...(diff ?? "(not text)").split("\n").map((text) => `  ${text}`),
    ]),
  ];
}
