import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeNewId, silentLogger, systemClock } from "@aito/base";
import { type CompanyDeps, listEvents, loadPack, registerFleet } from "@aito/company";
import { connectPostgres } from "@aito/db";
import { expect, test } from "vitest";
import { playApprovalKills, usePostgres } from "../src/index.ts";

const used = usePostgres();
const packFile = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const lifetimeMs = 180_000;

test(
  "F22 S01 Y05 Y10 a process that is killed anywhere between journal, effect and record does nothing twice, what nobody can know is unknown, and each has its receipt",
  { timeout: lifetimeMs },
  async ({ skip }) => {
    const { database } = used.orSkip(skip);
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
    const db = connectPostgres({ url: database.url, clock, log: silentLogger });
    const folder = await mkdtemp(join(tmpdir(), "aito-approval-kills-"));
    try {
      const newId = makeNewId(clock.now);
      const companyId = await db.findOrCreateCompany({ id: newId(), slug: "approvalkills", name: "Acme" });
      const deps: CompanyDeps = { db, companyId, clock, newId, deliver: () => Promise.resolve(), rehearsal: true };
      await registerFleet(deps, await loadPack(packFile));
      const afterLease = (): void => void (aheadMs += 120_000);
      const random = { count: 0, delay: () => 0 };
      const report = await playApprovalKills({
        deps,
        databaseUrl: database.url,
        folder,
        rounds: 1,
        jobs: 4,
        random,
        afterLease,
      });
      expect(report.problems).toEqual([]);
      expect(report.kills).toBe(10);
      const unknown = await listEvents(deps, { types: ["approval.unknown"], limit: 20 });
      expect(unknown).toHaveLength(4);
    } finally {
      await db.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
