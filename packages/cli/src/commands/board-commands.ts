import { BoardView, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { short } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand } from "./command-kit.ts";

const shape =
  'JSON: {"repository","tasks","mirrored","waiting","problems":[{"task","number","error"}],"syncedAt","pausedUntil","lastError"}';

/** `aito board`: the tasks as GitHub issues. */
export function addBoard(program: Command, terminal: Terminal): void {
  const group = program.command("board").description("the tasks as GitHub issues: how far they are mirrored");
  addCommand(
    group,
    { usage: "status", isDefault: true, summary: "how far the board shows the tasks", json: true, detail: shape },
    terminal,
    async (run) => {
      const view = await run.console().get(operatorApi.board, BoardView);
      if (run.json) return jsonLine(terminal, view);
      for (const text of boardLines(view)) line(terminal, text);
    },
  );
  addCommand(
    group,
    { usage: "sync", summary: "ask GitHub for changes now", json: true, detail: shape },
    terminal,
    async (run) => {
      const view = await run.console().post(operatorApi.boardSync, {}, BoardView);
      if (run.json) return jsonLine(terminal, view);
      line(terminal, "asked; follow it with: aito board status");
    },
  );
}

function boardLines(view: BoardView): string[] {
  if (view.repository === null) {
    return ["there is no board: name one in the fleet file (board: { repository: owner/name }) and set AITO_GITHUB_TOKEN"];
  }
  return [
    `${view.repository}: ${view.mirrored} of ${view.tasks} tasks have their issue, ${view.waiting} wait to be told`,
    `last read through: ${view.syncedAt ?? "not yet"}`,
    ...(view.pausedUntil === null ? [] : [`waits until ${view.pausedUntil}`]),
    ...(view.lastError === null ? [] : [`last error: ${short(view.lastError, 200)}`]),
    ...view.problems.map(
      ({ task, number, error }) => `  ${number === null ? "(no issue)" : `#${number}`}  ${short(error, 120)}  [${task}]`,
    ),
  ];
}
