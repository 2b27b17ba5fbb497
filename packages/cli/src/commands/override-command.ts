import { operatorApi, OverrideReport } from "@aito/protocol";
import type { Command } from "commander";
import { overrideDocument } from "../output/documents.ts";
import { short } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf } from "./command-kit.ts";

export function addOverride(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { reason: string }>(
    program,
    {
      usage: "override <id>",
      summary: "set an open or decided decision aside: its work is stopped, and what had been done is listed",
      json: true,
      detail: 'JSON: {"id","status","stopped":[{"task","title"}],"ran":[{"what","at","undo"}]}; undo null: it cannot be undone',
      build: (command) => command.requiredOption("--reason <text>", "why; the proposer and the record are told"),
    },
    terminal,
    async (run, { reason }, [id]) => {
      const path = `${operatorApi.decisions}/${idOf(id!, "a decision")}/override`;
      const report = await run.console().post(path, { reason }, OverrideReport);
      if (run.json) return jsonLine(terminal, overrideDocument(report));
      line(terminal, `«${short(report.decision.title, 80)}» is overridden`);
      for (const { title } of report.stopped) line(terminal, `stopped: ${title}`);
      for (const { what, undo } of report.ran)
        line(terminal, `had been done: ${what}; ${undo ? `undo: ${undo}` : "cannot be undone"}`);
      if (report.stopped.length + report.ran.length === 0) line(terminal, "no work was attached to it");
    },
  );
}
