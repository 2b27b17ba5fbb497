import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AitoError, errorText } from "@aito/base";
import { folderOf, readInstance } from "../instance.ts";
import type { Terminal } from "../terminal.ts";
import { type ConsoleClient, makeConsoleClient } from "./console-client.ts";

export interface Where {
  url?: string;
  folder?: string;
}

/** The console that a command talks to: --url, AITO_URL, or what `up` wrote into the company's folder; and the operator key. */
export function locateConsole(terminal: Terminal, where: Where): ConsoleClient {
  const folder = folderOf(terminal, where.folder);
  const instance = readInstance(folder);
  const url = where.url ?? (terminal.env["AITO_URL"] || instance?.console);
  if (!url) {
    const why = instance ? `the company in ${folder} is down` : `no company was started from ${folder}`;
    throw new AitoError("AITO_CLI_NO_CONSOLE", why, { hint: "start it with: aito up   (or name a console with --url)" });
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new AitoError("AITO_CLI_USAGE", `not an http address: "${url}"`, { hint: "for example --url http://127.0.0.1:7700" });
  }
  return makeConsoleClient({ url, key: operatorKey(terminal, folder, instance?.operatorKeyFile), signal: terminal.signal });
}

function operatorKey(terminal: Terminal, folder: string, fromInstance: string | undefined): string {
  const named = terminal.env["AITO_OPERATOR_KEY_FILE"];
  const candidates = [...new Set([fromInstance, join(folder, "operator-key")])].filter((path) => path !== undefined);
  const path = named ? resolve(terminal.cwd, named) : candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new AitoError("AITO_CLI_NO_KEY", `there is no operator key in ${folder}`, {
      hint: "name the file that holds it in AITO_OPERATOR_KEY_FILE",
      status: 401,
    });
  }
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new AitoError("AITO_CLI_NO_KEY", `cannot read the operator key: ${errorText(error)}`, {
      hint: "name the file that holds it in AITO_OPERATOR_KEY_FILE",
      status: 401,
      cause: error,
    });
  }
}
