import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { AitoError } from "@aito/base";
import { inRepository } from "../repository.ts";
import type { Terminal } from "../terminal.ts";

const defaultPort = 7700;

/** A pack is named by its folder or its fleet.yaml; without a name it is the one that comes with AITO. */
export function fleetFileOf(terminal: Terminal, fleet: string | undefined): string {
  const path = fleet === undefined ? inRepository("profiles/aito") : resolve(terminal.cwd, fleet);
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "fleet.yaml") : path;
  if (existsSync(file)) return file;
  throw new AitoError("AITO_FLEET_INVALID", `there is no fleet file at ${file}`, {
    hint: "name a pack's folder with --fleet",
    fate: "human",
  });
}

/** The console's port: --port, AITO_PORT, 7700. */
export function portOf(terminal: Terminal, option: number | undefined): number {
  const fromEnv = terminal.env["AITO_PORT"];
  if (option !== undefined || !fromEnv) return option ?? defaultPort;
  const port = Number(fromEnv);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new AitoError("AITO_CONFIG_INVALID", `AITO_PORT is not a port: "${fromEnv}"`, {
    hint: "a number from 1 to 65535",
    fate: "human",
  });
}
