import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { companyUnderTest } from "../../packages/testkit/src/index.ts";
import { row, type Row, timed } from "./measure.ts";

const runs = 3;
const openDatabase = `
const { openPglite } = await import(process.argv[1]);
const db = await openPglite({ folder: process.argv[2], clock: { now: () => new Date(), after: () => () => {} } });
await db.ping(); await db.close();`;

/** `up` to seven active agents in one process, against opening the same embedded database in a bare process. */
export async function benchEmbedded(): Promise<Row[]> {
  const company = await companyUnderTest("bench-embedded");
  const bareFolder = mkdtempSync(join(tmpdir(), "aito-bare-"));
  const module = new URL("../../packages/db/src/index.ts", import.meta.url).href;
  const bare = (): Promise<unknown> =>
    promisify(execFile)(process.execPath, ["--input-type=module", "-e", openDatabase, module, join(bareFolder, "db")], {
      timeout: 60_000,
    });
  const up = (): Promise<unknown> => company.json(["up", "--engine", "embedded", "--detach", "--fleet", company.pack], 120_000);
  const ups: number[] = [];
  const floors: number[] = [];
  try {
    await bare();
    await up();
    for (let index = 0; index < runs; index += 1) {
      await company.run(["down"], 60_000);
      floors.push(await timed(bare));
      ups.push(await timed(up));
    }
    return [row("up-embedded", "ms", ups, floors)];
  } finally {
    await company.run(["down"], 60_000);
    company.remove();
    rmSync(bareFolder, { recursive: true, force: true });
  }
}
