import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { AitoError, errorText } from "@aito/base";
import { identityOf, isAlive, type ProcessIdentity } from "./process-identity.ts";

export interface FolderLock {
  /** Gives the folder back. Removes only what this process wrote. */
  close(): Promise<void>;
}

const lockName = "lock.json";
const triesMax = 20;

/** Who holds the folder, or null when nobody living does. */
export function lockHolder(folder: string): ProcessIdentity | null {
  const held = readLock(join(folder, lockName));
  return held && isAlive(held) ? held : null;
}

/**
 * Takes the folder for this process, before its database is opened: two openers of one PGlite folder destroy its data. The lock
 * file appears complete or not at all (written aside, then linked, which fails when one is there). A lock whose process is dead
 * is moved away by exactly one of those who want it. Error: AITO_EMBEDDED_LOCKED, naming the holder.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, lockName);
  const mine = { ...identityOf(process.pid), nonce: randomUUID() };
  const aside = join(folder, `${lockName}.${mine.nonce}`);
  writeAside(aside, JSON.stringify(mine));
  try {
    for (let attempt = 0; attempt < triesMax; attempt += 1) {
      if (tryLink(aside, path)) return { close: () => Promise.resolve(release(path, mine.nonce)) };
      const holder = readLock(path);
      if (holder && isAlive(holder)) throw lockedBy(folder, holder);
      moveAway(path, `${aside}.stale`, holder);
    }
    throw new AitoError("AITO_EMBEDDED_LOCKED", `the folder ${folder} is being taken by other processes`, { fate: "human" });
  } finally {
    rmSync(aside, { force: true });
  }
}

function writeAside(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw new AitoError("AITO_EMBEDDED_FOLDER", `cannot write in the company's folder: ${errorText(error)}`, {
      hint: "choose a folder that you may write to with --folder",
      fate: "human",
      cause: error,
    });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead process' lock aside and looks what was moved: when it was somebody's fresh one, it is put back. */
function moveAway(path: string, stale: string, seen: (ProcessIdentity & { nonce: string }) | null): void {
  try {
    renameSync(path, stale);
  } catch {
    return;
  }
  const moved = readLock(stale);
  if (moved && moved.nonce !== seen?.nonce && isAlive(moved)) tryLink(stale, path);
  rmSync(stale, { force: true });
}

function release(path: string, nonce: string): void {
  if (readLock(path)?.nonce === nonce) unlinkSync(path);
}

function readLock(path: string): (ProcessIdentity & { nonce: string }) | null {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as Partial<ProcessIdentity & { nonce: string }>;
    if (typeof value.pid !== "number" || typeof value.bootId !== "string") return null;
    return { pid: value.pid, bootId: value.bootId, startTime: value.startTime ?? null, nonce: String(value.nonce) };
  } catch {
    return null;
  }
}

const lockedBy = (folder: string, holder: ProcessIdentity): AitoError =>
  new AitoError("AITO_EMBEDDED_LOCKED", `the company in ${folder} already runs: process ${holder.pid} holds it`, {
    hint: "use that one (aito status), or stop it first with: aito down",
    fate: "human",
    status: 409,
  });
