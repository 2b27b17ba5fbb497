import { readFileSync, statSync } from "node:fs";
import { AitoError, errorText } from "@aito/base";
import type { Fleet } from "@aito/protocol";
import { markdownBytesMax } from "./parse-markdown.ts";
import { parsePack } from "./parse-pack.ts";

/** Reads a pack from disk. Throws AITO_FLEET_INVALID; also for a file that is there and cannot be read. */
export async function loadPack(fleetPath: string): Promise<Fleet> {
  return parsePack(readText, fleetPath);
}

function readText(path: string): string | null {
  try {
    const { size } = statSync(path);
    if (size > 4 * markdownBytesMax) throw new Error(`${size} bytes are more than a pack's file may have`);
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new AitoError("AITO_FLEET_INVALID", `${path}:1: expected a readable file, found ${errorText(error)}`, {
      hint: "check the path and its permissions",
      fate: "human",
      cause: error,
    });
  }
}
