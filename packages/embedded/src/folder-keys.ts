import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AitoError, errorText, newToken } from "@aito/base";

/** The keys of an embedded company, each a file that only its owner may read; made at the first start and kept. */
export interface FolderKeys {
  /** Signs the links of escalations. */
  link: string;
  /** Signs receipts of tool calls. */
  receipt: string;
  /** What the CLI shows to the console. Also written to `<folder>/operator-key`. */
  operator: string;
}

export function folderKeys(folder: string): FolderKeys {
  return {
    link: keyFile(join(folder, "keys", "link"), "link"),
    receipt: keyFile(join(folder, "keys", "receipt"), "rcpt"),
    operator: keyFile(join(folder, "operator-key"), "op"),
  };
}

/** Reads a key or makes it; `wx` decides between two makers, and the loser reads the winner's. */
function keyFile(path: string, kind: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${newToken(kind)}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw unusable(path, error);
  }
  try {
    const key = readFileSync(path, "utf8").trim();
    if (key.length >= 32) return key;
  } catch (error) {
    throw unusable(path, error);
  }
  throw unusable(path, new Error("the key in it is damaged"));
}

const unusable = (path: string, cause: unknown): AitoError =>
  new AitoError("AITO_EMBEDDED_FOLDER", `cannot use the key file ${path}: ${errorText(cause)}`, {
    hint: "check who owns the folder, or choose another with --folder",
    fate: "human",
    cause,
  });
