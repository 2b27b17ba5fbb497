import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Row } from "../measure.ts";

const composeFile = new URL("../../../compose/compose.yaml", import.meta.url);
const mainFile = fileURLToPath(new URL("../main.ts", import.meta.url));

/** What `node` is told where the gateway runs in its container. Error: where compose.yaml gives it no command. */
export function gatewayFlags(compose: string = readFileSync(composeFile, "utf8")): string[] {
  const service = /^ {2}gateway:\n(?: {4}.*\n|\n)*/m.exec(compose)?.[0] ?? "";
  const command = /^ {4}command: (\[.*\])$/m.exec(service)?.[1];
  if (command === undefined) throw new Error("compose.yaml says nowhere how the gateway is started");
  return (JSON.parse(command) as string[]).filter((word) => word.startsWith("--"));
}

/** Measures in a process that was started as the gateway is; here, where this is one. */
export async function asTheGatewayRuns(name: string, args: string[], measure: () => Promise<Row[]>): Promise<Row[]> {
  const flags = gatewayFlags();
  if (flags.every((flag) => process.execArgv.includes(flag))) return await measure();
  const child = spawn(process.execPath, [...process.execArgv, ...flags, mainFile, name, "--json", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  if (code !== 0) throw new Error(`the measurement of ${name} ended with ${code}`);
  return JSON.parse(text) as Row[];
}
