import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AitoError, errorText } from "@aito/base";
import type { Terminal } from "./terminal.ts";

export type EngineName = "docker" | "embedded";

/** `<folder>/instance.json`: which company this folder stands for, and where it answers. Kept after `down`, without `console`. */
export interface Instance {
  engine: EngineName;
  company: string;
  /** Null while it is down. */
  console: string | null;
  model: string | null;
  /** Of the embedded process. */
  pid: number | null;
  operatorKeyFile: string;
  startedAt: string;
  /** The systemd unit that started it; none by hand. */
  unit?: string | null;
}

export function folderOf(terminal: Terminal, option?: string): string {
  if (option?.trim() === "")
    throw new AitoError("AITO_CLI_USAGE", "--folder names no folder", { hint: "leave it out for .aito" });
  return resolve(terminal.cwd, option ?? (terminal.env["AITO_FOLDER"] || ".aito"));
}

const pathOf = (folder: string): string => join(folder, "instance.json");

export function readInstance(folder: string): Instance | null {
  if (!existsSync(pathOf(folder))) return null;
  try {
    const value = JSON.parse(readFileSync(pathOf(folder), "utf8")) as Instance;
    if (value.engine === "docker" || value.engine === "embedded") return value;
  } catch (error) {
    throw damaged(folder, errorText(error), (error as { code?: string }).code === "EACCES");
  }
  throw damaged(folder, "it names no engine");
}

const damaged = (folder: string, why: string, foreign = false): AitoError =>
  new AitoError("AITO_CLI_INSTANCE", `${pathOf(folder)} cannot be read: ${why}`, {
    hint: foreign ? "run this as the user who started the company" : "remove the file, or name the console with --url",
    fate: "human",
  });

/** Replaces the file in one step, so that a reader never sees half of it. */
export function writeInstance(folder: string, instance: Instance): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = `${pathOf(folder)}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, pathOf(folder));
}

/** Whether the folder holds an embedded company's database. */
export const hasEmbeddedCompany = (folder: string): boolean => existsSync(join(folder, "db", "PG_VERSION"));
