import { LoginLink, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";
import { operatorName } from "./operator-commands.ts";

export function addLogin(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { operator?: string }>(
    program,
    {
      usage: "login",
      summary: "print a new one-time link that signs one browser in to the console",
      json: true,
      detail: 'Without a name it lets the first owner in; while nobody has an account, the machine\'s owner.\nJSON: {"url"}',
      build: (command) => command.option("--operator <name>", "whom it lets in"),
    },
    terminal,
    async (run, { operator }) => {
      const body = operator === undefined ? {} : { operator: operatorName(operator) };
      const link = await run.console().post(operatorApi.loginLinks, body, LoginLink);
      if (run.json) return jsonLine(terminal, link);
      line(terminal, link.url);
    },
  );
}
