import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Collected } from "./flat.ts";

const mb = 1024 * 1024;
const source = readFileSync(new URL("memory-after-collection.ts", import.meta.url));
const answerWithinMs = 120_000;

/** Collects all rubbish of the program in a container, and tells what is left. */
export async function collect(container: string): Promise<Collected> {
  const node = ["node", "--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "-"];
  const child = spawn("docker", ["exec", "-i", container, ...node], {
    stdio: ["pipe", "pipe", "inherit"],
    timeout: answerWithinMs,
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(source);
  const said = await text(child.stdout);
  const exit = await ended;
  if (exit !== 0) throw new Error(`asking container ${container.slice(0, 12)} for its memory ended with ${exit ?? "a signal"}`);
  const { heapUsed, external, rss, code } = JSON.parse(said) as NodeJS.MemoryUsage & { code: number };
  return { at: Date.now(), live: (heapUsed + external - code) / mb, code: code / mb, all: rss / mb };
}
