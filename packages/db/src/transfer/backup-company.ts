import { AitoError } from "@aito/base";
import pg from "pg";
import type { BackupHeader } from "./backup-header.ts";
import { dumpRows } from "./dump-company.ts";
import type { SqlRunner } from "./sql-runner.ts";

export interface BackupInput {
  /** The company's slug. */
  company: string;
  at: Date;
  /** Lines of the anchors' file, read before the rows: none of them may be ahead of the history in the backup. */
  anchors: string[];
}

/** A running company's rows as of one moment: header, anchors, rows, end. Error: AITO_COMPANY_UNKNOWN. */
export async function* backupPostgres(options: BackupInput & { url: string }): AsyncGenerator<string> {
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    yield* backupCompany(client, options);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The same over an open database of the owner's, in a transaction of its own. */
export async function* backupCompany(runner: SqlRunner, input: BackupInput): AsyncGenerator<string> {
  await runner.query("begin isolation level repeatable read read only");
  try {
    await runner.query("set local row_security = off");
    const found = await runner.query<{ id: string }>("select id from companies where slug = $1", [input.company]);
    const companyId = found.rows[0]?.id;
    if (companyId === undefined) {
      throw new AitoError("AITO_COMPANY_UNKNOWN", `there is no company "${input.company}" in the database`, { fate: "human" });
    }
    const ran = await runner.query<{ name: string }>("select name from schema_migrations order by id");
    const migrations = ran.rows.map(({ name }) => name);
    const header: BackupHeader = {
      aito: "backup",
      v: 1,
      company: input.company,
      companyId,
      at: input.at.toISOString(),
      migrations,
    };
    yield `${JSON.stringify(header)}\n`;
    for (const anchor of input.anchors) yield `${JSON.stringify({ anchor })}\n`;
    yield* dumpRows(runner, companyId);
  } finally {
    await runner.query("rollback").catch(() => undefined);
  }
}
