import { appendFileSync, writeSync } from "node:fs";
import { crashPointAt, makeNewId, silentLogger, systemClock } from "@aito/base";
import { connectPostgres } from "@aito/db";
import { approvalGround } from "./approval-ground.ts";

/**
 * Runs one approved call and ends; dies at AITO_CRASH_AT. An effect outside the database is a line in the file AITO_LEDGER, which
 * outlives this process as a parcel on its way would. Says "ready" on stdout when it is about to begin.
 */
const env = (name: string): string => process.env[name] ?? "";
const db = connectPostgres({ url: env("POSTGRES_URL"), clock: systemClock, log: silentLogger, connectionsMax: 2 });
const deps = {
  db,
  companyId: env("AITO_COMPANY_ID"),
  clock: systemClock,
  newId: makeNewId(systemClock.now),
  deliver: () => Promise.resolve(),
  rehearsal: true,
};
const ground = approvalGround(deps, {
  outside: env("AITO_OUTSIDE") === "yes",
  effect: (key) => appendFileSync(env("AITO_LEDGER"), `${key}\n`),
});
// A connection first: what is measured begins with the call.
await ground.view(env("AITO_APPROVAL"));
writeSync(1, "ready\n");
await ground.run(env("AITO_APPROVAL"), { ...deps, crashPoint: crashPointAt(process.env["AITO_CRASH_AT"]) });
await db.close();
