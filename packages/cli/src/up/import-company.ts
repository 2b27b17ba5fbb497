import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AitoError } from "@aito/base";
import { hasEmbeddedCompany } from "../instance.ts";
import { note, type Terminal } from "../terminal.ts";
import { stackScript } from "./stack-script.ts";

/**
 * Moves an embedded company into the containers' Postgres, before its orchestrator starts there: every row of every table as it
 * is, so that the audit chain still verifies. The embedded company stays as it was. Errors: AITO_EMBEDDED_LOCKED while it runs;
 * the script refuses when the containers hold a company of this name already.
 */
export async function importCompany(terminal: Terminal, options: { from: string; args: string[] }): Promise<void> {
  const { from } = options;
  if (!hasEmbeddedCompany(from)) {
    throw new AitoError("AITO_CLI_IMPORT", `there is no embedded company in ${from}`, {
      hint: "name its folder: --import .aito",
      fate: "human",
    });
  }
  const { dumpFolder } = await import("@aito/embedded");
  const place = mkdtempSync(join(tmpdir(), "aito-import-"));
  const file = join(place, "company.ndjson");
  try {
    note(terminal, `reading the company in ${from}`);
    await pipeline(Readable.from(dumpFolder(from, terminal.clock)), createWriteStream(file, { mode: 0o600 }));
    await stackScript(terminal, ["import", "--file", file, ...options.args]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
