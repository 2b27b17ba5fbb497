import { createReadStream, existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { AitoError, exitCodes } from "@aito/base";
import { ChainReport, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { saveExport } from "../output/save-export.ts";
import { chainDocument } from "../output/documents.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";

/** `aito events export`: the history as a file that can be checked anywhere. */
export function addExport(group: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { file?: string }>(
    group,
    {
      usage: "export",
      summary: "the sealed history with its decisions, votes and anchors, as lines of JSON",
      json: true,
      detail:
        "Without --file it goes to standard output. It holds all that agents and humans said; keep the file as you keep the company's\n" +
        'data.\nJSON: {"file","lines"} with --file; without it the lines are JSON by themselves',
      build: (command) => command.option("--file <path>", "write it there (readable by you alone)"),
    },
    terminal,
    async (run, { file }) => {
      const body = await run.console().stream(operatorApi.eventsExport, terminal.signal);
      const path = file === undefined ? null : resolve(terminal.cwd, file);
      const lines = await saveExport(body, path, (text) => terminal.out(text));
      if (path === null) return;
      if (run.json) jsonLine(terminal, { file: path, lines });
      else line(terminal, `${lines} lines in ${path}; check them anywhere with: aito events verify --file ${file}`);
    },
  );
}

/** `aito events verify`: of the running company, or of an export with no company running. */
export function addVerify(group: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { file?: string; anchors?: string }>(
    group,
    {
      usage: "verify",
      summary: "check the audit chain from its first event to its head, and recompute every tally",
      json: true,
      detail:
        'JSON: {"ok","count","head"}\n' +
        "With --file no company need run. Anchors that stand in an export could have been made anew with it: that its end was cut, or\n" +
        "all of it written again, is sure to be found only against the company's own anchors.ndjson (--anchors).",
      build: (command) =>
        command
          .option("--file <path>", "an export to check, instead of the running company")
          .option("--anchors <path>", "anchors kept apart from the export (anchors.ndjson)"),
    },
    terminal,
    async (run, { file, anchors }) => {
      if (file === undefined && anchors !== undefined) {
        throw new AitoError("AITO_CLI_USAGE", "--anchors goes with --file", { hint: "a running company's console has its own" });
      }
      const report = file === undefined ? await run.console().get(operatorApi.eventsVerify, ChainReport) : null;
      const checked = report ?? (await verifyFile(terminal, file!, anchors));
      if (run.json) jsonLine(terminal, chainDocument(checked));
      else if (checked.ok) line(terminal, `the chain is whole: ${checked.count} events, head ${checked.head ?? "none"}`);
      if (checked.ok) return exitCodes.ok;
      note(terminal, `the chain is broken: ${checked.problem ?? "unknown"}`);
      return exitCodes.failed;
    },
  );
}

async function verifyFile(terminal: Terminal, file: string, anchorFile: string | undefined): Promise<ChainReport> {
  const path = found(terminal, file);
  const { parseAnchors, verifyExport } = await import("@aito/embedded/verify-export");
  const anchors = anchorFile === undefined ? [] : parseAnchors(readFileSync(found(terminal, anchorFile), "utf8"));
  if (anchorFile !== undefined && anchors.length === 0) {
    throw new AitoError("AITO_CLI_USAGE", `there is no anchor in ${anchorFile}`, { hint: "it is a line of JSON an anchor" });
  }
  const report = await verifyExport(createInterface({ input: createReadStream(path, "utf8") }), { anchors });
  const { beside, within } = report.anchors;
  const against = beside > 0 ? `${beside} anchors kept apart` : within > 0 ? `only the ${within} anchors within it` : "no anchor";
  note(terminal, `${report.decisions} decisions recomputed; held against ${against}`);
  return report;
}

function found(terminal: Terminal, file: string): string {
  const path = resolve(terminal.cwd, file);
  if (existsSync(path)) return path;
  throw new AitoError("AITO_CLI_USAGE", `there is no file ${path}`, { hint: "make one with: aito events export --file …" });
}
