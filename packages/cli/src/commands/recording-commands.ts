import { Id, operatorApi, pageOf, RecordedCall, RecordingView } from "@aito/protocol";
import { AitoError } from "@aito/base";
import type { Command } from "commander";
import { table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, wholeNumber } from "./command-kit.ts";

/** `aito recordings`: what models were asked and answered, where the fleet file says `recording`. */
export function addRecordings(program: Command, terminal: Terminal): void {
  const group = program
    .command("recordings")
    .description("what models were asked and answered, where the fleet file keeps it (recording:)");
  addCommand<BaseOptions & { limit: number; run?: string; before?: string }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "recorded calls, newest first",
      json: true,
      detail:
        'JSON: [{"id","createdAt","agent","run","model","status","whole","requestSha256","responseSha256"}]; id is the usage row\'s',
      build: (command) =>
        command
          .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50)
          .option("--run <id>", "only calls of this run")
          .option("--before <id>", "only calls older than this one"),
    },
    terminal,
    async (run, { limit, run: ofRun, before }) => {
      const query = { limit, ...(ofRun && { run: idOf(ofRun) }), ...(before && { before: idOf(before) }) };
      const page = await run.console().get(operatorApi.recordings, pageOf(RecordingView), query);
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0)
        return line(terminal, "nothing is recorded; the fleet file keeps calls with `recording: { days: 7 }`");
      const rows = page.items.map((call) => [
        call.id,
        call.createdAt.slice(0, 19).replace("T", " "),
        call.agent ?? "-",
        call.model ?? "-",
        `${call.status ?? "-"}${call.whole ? "" : " (cut off)"}`,
      ]);
      line(terminal, table(["id", "at (UTC)", "agent", "model", "status"], rows));
    },
  );
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one call: the body that was asked, and the answer as it came",
      json: true,
      detail: 'JSON: the record with "request" and "response", as text',
    },
    terminal,
    async (run, _options, [id]) => {
      const call = await run.console().get(`${operatorApi.recordings}/${idOf(id!)}`, RecordedCall);
      if (run.json) return jsonLine(terminal, call);
      line(terminal, call.request);
      line(terminal, call.response);
    },
  );
}

function idOf(text: string): string {
  if (Id.safeParse(text).success) return text;
  throw new AitoError("AITO_CLI_USAGE", `not an id: "${text.slice(0, 60)}"`, { hint: "see them with: aito recordings" });
}
