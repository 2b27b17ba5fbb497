import { operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand } from "./command-kit.ts";

export const LoginLink = z.object({ url: z.string() });

export function addLogin(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "login",
      summary: "print a new one-time link that signs one browser in to the console",
      json: true,
      detail: 'JSON: {"url"}',
    },
    terminal,
    async (run) => {
      const link = await run.console().post(operatorApi.loginLinks, {}, LoginLink);
      if (run.json) return jsonLine(terminal, link);
      line(terminal, link.url);
    },
  );
}
