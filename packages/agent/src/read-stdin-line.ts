import type { Readable } from "node:stream";
import type { Clock } from "@aito/base";
import { StdinLine } from "@aito/protocol";

export const stdinWaitMs = 10_000;
const lineBytesMax = 4_096;

/** The one line `{token, epoch}` that the orchestrator writes; null when none comes in time, or it is not that. */
export async function readStdinLine(input: Readable, clock: Clock, waitMs = stdinWaitMs): Promise<StdinLine | null> {
  const text = await new Promise<string>((resolve) => {
    let seen = "";
    const finish = (): void => {
      cancel();
      input.removeAllListeners("data").removeAllListeners("end").pause();
      resolve(seen.split("\n", 1)[0]!);
    };
    const cancel = clock.after(waitMs, finish);
    input.on("data", (chunk: Buffer) => {
      seen += chunk.toString("utf8");
      if (seen.includes("\n") || seen.length > lineBytesMax) finish();
    });
    input.on("end", finish);
  });
  try {
    return StdinLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
