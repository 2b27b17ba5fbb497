import { accessSync, chmodSync, constants, existsSync, mkdirSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { AitoError, errorText } from "@aito/base";

/** An empty embedded database takes about 40 MB and its log grows; below this nothing is begun. */
export const freeBytesMin = 200 * 1024 * 1024;

/** Makes the folder if it is missing and refuses one that cannot be written or has no room. Error: AITO_EMBEDDED_FOLDER. */
export function checkFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AitoError("AITO_EMBEDDED_FOLDER", `cannot write to the folder ${folder}: ${errorText(error)}`, {
      hint: "choose a folder that you may write to with --folder",
      fate: "human",
      cause: error,
    });
  }
  const disk = statfsSync(folder);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes < freeBytesMin) {
    throw new AitoError(
      "AITO_EMBEDDED_DISK",
      `only ${megabytes(freeBytes)} MB are free under ${folder}, ${megabytes(freeBytesMin)} MB are needed`,
      {
        hint: "free some space, or choose a folder on another disk with --folder",
        fate: "human",
      },
    );
  }
}

/** A folder in it that only its owner may enter: the database makes its files readable and writable for everybody. */
export function ownFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}

const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);

/** Folder by folder: Node's own recursive mkdir never returns where a file system takes no new folders (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another starter may have made it meanwhile.
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  }
}
