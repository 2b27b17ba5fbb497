import { operatorApi, pageItemsMax, pageOf, SignInView } from "@aito/protocol";
import type { Command } from "commander";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";
import { minute } from "./operator-commands.ts";

/** Browsers that are signed in to the console. */
export function addSessions(program: Command, terminal: Terminal): void {
  const group = program
    .command("sessions")
    .description("browsers that are signed in to the console: who, from where, since when");
  addCommand<BaseOptions & { limit: number; ended?: boolean }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "sessions, newest first",
      json: true,
      detail: "JSON: the sessions",
      build: (command) =>
        command
          .option("--ended", "those that expired or were revoked too")
          .option("--limit <n>", "how many are looked at", wholeNumber(1, pageItemsMax), 50),
    },
    terminal,
    async (run, { limit, ended = false }) => {
      const { items } = await run.console().get(operatorApi.sessions, pageOf(SignInView), { all: "1", limit });
      const shown = items.filter(({ status }) => ended || status === "active");
      if (run.json) return jsonLine(terminal, shown);
      if (shown.length === 0) return line(terminal, "no browser is signed in; print a link with: aito login");
      const rows = shown.map((row) => [
        row.id,
        row.operator,
        row.status,
        `by ${row.how}`,
        row.address,
        minute(row.createdAt),
        minute(row.lastSeenAt),
        short(row.userAgent, 60),
      ]);
      line(terminal, table(["id", "operator", "", "", "from", "since (UTC)", "last seen", "browser"], rows));
    },
  );
  addCommand(
    group,
    { usage: "revoke <id>", summary: "sign a browser out at once", json: true, detail: "JSON: the session" },
    terminal,
    async (run, _options, [id]) => {
      const path = `${operatorApi.sessions}/${idOf(id!, "a session")}/revoke`;
      const session = await run.console().post(path, {}, SignInView);
      if (run.json) return jsonLine(terminal, session);
      line(terminal, `${session.operator} is signed out there`);
    },
  );
}
