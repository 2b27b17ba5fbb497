import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AitoError, type Clock, type Logger, makeNewId } from "@aito/base";
import { settleRestored } from "@aito/company";
import { backupCompany, loadRows, migratePglite, openPglite } from "@aito/db";
import { checkFolder } from "./check-folder.ts";
import { folderKeys } from "./folder-keys.ts";
import { lockFolder } from "./folder-lock.ts";

/** What signs the company's links and receipts. */
export interface BackupKeys {
  link: string;
  receipt: string;
}

const anchorsOf = (folder: string): string => join(folder, "anchors.ndjson");

/**
 * The company in a folder as lines for a backup, and its keys. It must not run: the folder is held meanwhile
 * (AITO_EMBEDDED_LOCKED).
 */
export function backupFolder(folder: string, company: string, clock: Clock): { keys: BackupKeys; lines: AsyncGenerator<string> } {
  const place = resolve(folder);
  const { link, receipt } = folderKeys(place);
  async function* lines(): AsyncGenerator<string> {
    const lock = lockFolder(place);
    try {
      const database = await openPglite({ folder: join(place, "db"), clock });
      try {
        const file = anchorsOf(place);
        const anchors = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
        yield* backupCompany(database.pglite, { company, at: clock.now(), anchors });
      } finally {
        await database.close();
      }
    } finally {
      await lock.close();
    }
  }
  return { keys: { link, receipt }, lines: lines() };
}

/**
 * A backup's company in a folder that holds none yet (AITO_RESTORE_NOT_EMPTY). The database takes its place only when it is whole; a
 * restore that failed or was killed leaves none.
 */
export async function restoreFolder(options: {
  folder: string;
  company: string;
  lines: AsyncIterable<string>;
  keys: BackupKeys;
  migrations: string;
  clock: Clock;
  log: Logger;
}): Promise<Record<string, number>> {
  const { company, clock, log } = options;
  const place = resolve(options.folder);
  checkFolder(place);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const lock = lockFolder(place);
  const aside = join(place, "db.restoring");
  try {
    refuseFull(place);
    rmSync(aside, { recursive: true, force: true });
    const database = await openPglite({ folder: aside, clock });
    let rows: Record<string, number>;
    let anchors: string[];
    try {
      await migratePglite({ database, folder: options.migrations, log });
      const loaded = await loadRows(database.pglite, options.lines, async (runner, { header }) => {
        if (header.company !== company) throw otherCompany(header.company, company);
        await settleRestored(runner, header, { now: clock.now(), newId: makeNewId(clock.now) });
      });
      ({ rows, anchors } = loaded);
    } finally {
      await database.close();
    }
    for (const [name, key] of Object.entries({ link: options.keys.link, receipt: options.keys.receipt })) {
      const path = join(place, "keys", name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, `${key}\n`, { mode: 0o600 });
    }
    if (anchors.length > 0) writeFileSync(anchorsOf(place), `${anchors.join("\n")}\n`);
    renameSync(aside, join(place, "db"));
    return rows;
  } finally {
    rmSync(aside, { recursive: true, force: true });
    await lock.close();
  }
}

function refuseFull(place: string): void {
  if (!existsSync(join(place, "db"))) return;
  throw new AitoError("AITO_RESTORE_NOT_EMPTY", `${place} holds a company already; nothing was changed`, {
    hint: "restore into another folder with --folder",
    fate: "human",
  });
}

const otherCompany = (seen: string, wanted: string): AitoError =>
  new AitoError("AITO_BACKUP_INVALID", `the backup is of the company "${seen}", not of "${wanted}"; nothing was changed`, {
    hint: "name its pack with --fleet",
    fate: "human",
  });
