import { existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { docker } from "../engine/docker.ts";
import { services } from "./compose.ts";
import { knownKeyHash } from "./environment.ts";
import { Refusal } from "../steps/refusal.ts";

/** What images, a first database and logs take, with room to spare. */
const freeBytesMin = 2 * 1024 ** 3;

/** Refuses when the engine's storage has less than 2 GB free. */
export function checkDisk(storage: string): void {
  if (!existsSync(storage)) return;
  const { bavail, bsize } = statfsSync(storage);
  const free = bavail * bsize;
  if (free >= freeBytesMin) return;
  const gigabytes = (free / 1024 ** 3).toFixed(1);
  throw new Refusal(
    `only ${gigabytes} GB are free at ${storage}, where Docker stores images and data: AITO needs 2 GB, free some space`,
  );
}

/**
 * Refuses when the company runs already and its console knows another operator's key than this folder's: it was started from
 * another folder, which a start from here would lock out.
 */
export async function checkOwner(company: string, project: string, stateFolder: string): Promise<void> {
  const console = (await services(project)).find(({ service, state }) => service === "console" && state === "running");
  if (!console) return;
  const { stdout } = await docker(["inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", console.id]);
  const hash = /^AITO_OPERATOR_KEY_HASH=(\w+)$/m.exec(stdout)?.[1];
  if (hash === undefined || hash === knownKeyHash(stateFolder)) return;
  const url = /^AITO_PUBLIC_URL=(\S+)$/m.exec(stdout)?.[1];
  throw new Refusal(
    `the company "${company}" already runs${url ? ` (${url})` : ""}, started from another folder than ${stateFolder}: ` +
      `use that folder, stop it with \`node scripts/stack.ts down --company ${company}\`, or give this pack another name`,
  );
}

function canListen(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** Refuses when another program has the port; the console of this very stack may have it. */
export async function checkPort(port: number, project: string): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Refusal(`${port} is not a port: give --port a number from 1 to 65535`);
  const filters = [`label=com.docker.compose.project=${project}`, "label=com.docker.compose.service=console", `publish=${port}`];
  const ours = await docker(["ps", "--quiet", ...filters.flatMap((filter) => ["--filter", filter])]);
  if (ours.stdout.trim() !== "") return;
  const problem = await canListen(port);
  if (problem === "EACCES") throw new Refusal(`port ${port} needs root: choose one above 1023 with --port`);
  if (problem) throw new Refusal(`port ${port} is in use by another program: choose another with --port`);
}
