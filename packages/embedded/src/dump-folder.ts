import { join, resolve } from "node:path";
import type { Clock } from "@aito/base";
import { dumpCompany, openPglite } from "@aito/db";
import { lockFolder } from "./folder-lock.ts";

/** All rows of the company in a folder as lines of text, for another database. Holds the folder meanwhile (AITO_EMBEDDED_LOCKED). */
export async function* dumpFolder(folder: string, clock: Clock): AsyncGenerator<string> {
  const place = resolve(folder);
  const lock = lockFolder(place);
  try {
    const database = await openPglite({ folder: join(place, "db"), clock });
    try {
      yield* dumpCompany(database);
    } finally {
      await database.close();
    }
  } finally {
    await lock.close();
  }
}
