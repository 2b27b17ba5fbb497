import { makeNewId, sha256, silentLogger, systemClock } from "@aito/base";
import {
  type CompanyDeps,
  listHookDeliveries,
  listTasks,
  loadPack,
  receiveHook,
  registerFleet,
  type SignedDelivery,
} from "@aito/company";
import { connectPostgres } from "@aito/db";
import { expect, test } from "vitest";
import { usePostgres } from "../src/index.ts";

const used = usePostgres();
const rounds = 10;
const atOnce = 8;

async function openOn(url: string): Promise<{ deps: CompanyDeps; close(): Promise<void> }> {
  const newId = makeNewId(systemClock.now);
  const db = connectPostgres({ url, clock: systemClock, log: silentLogger });
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: newId(), name: "Acme" });
  const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: () => Promise.resolve(), rehearsal: true };
  const fleet = await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  const task = (title: string, assignTo: string) => ({ title, assignTo, priority: 5 });
  fleet.file.hooks = {
    shop: {
      scheme: "standard",
      perMinute: 600,
      rules: [
        { event: "paid", task: task("Ship {order}", "coo") },
        { event: "lost", task: task("Find {order}", "somebody-who-left") },
      ],
    },
  };
  await registerFleet(deps, fleet);
  return { deps, close: () => db.close() };
}

const delivery = (id: string, event: string, proof: string): SignedDelivery => ({
  hook: "shop",
  scheme: "standard",
  deliveryId: id,
  proof: sha256(proof),
  event,
  body: Buffer.from(JSON.stringify({ order: id })),
});

test("X23 one delivery many times at the same moment makes one task, whether its id or its signed bytes are the same", async ({
  skip,
}) => {
  const { database } = used.orSkip(skip);
  const { deps, close } = await openOn(database.url);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const times = Array.from({ length: atOnce }, (_each, at) => at);
      const same = round % 2 === 0;
      const answers = await Promise.all(
        times.map((at) =>
          receiveHook(
            deps,
            same ? delivery(`o${round}`, "paid", `${round} ${at}`) : delivery(`o${round}-${at}`, "paid", `${round}`),
          ),
        ),
      );
      expect(answers.filter(({ before }) => !before)).toHaveLength(1);
      expect(new Set(answers.map(({ did }) => did))).toEqual(new Set(["task"]));
    }
    expect((await listTasks(deps)).filter(({ title }) => title.startsWith("Ship "))).toHaveLength(rounds);
  } finally {
    await close();
  }
});

test("O21 a rule that cannot be followed is told and recorded, and is not tried again by the same delivery", async ({ skip }) => {
  const { database } = used.orSkip(skip);
  const { deps, close } = await openOn(database.url);
  try {
    const lost = delivery("o1", "lost", "o1");
    await expect(receiveHook(deps, lost)).rejects.toMatchObject({ code: "AITO_HOOK_FAILED", status: 422 });
    expect(await listHookDeliveries(deps, { limit: 10 })).toMatchObject([
      { outcome: "failed", why: expect.stringContaining("somebody-who-left"), taskId: null },
    ]);
    expect(await receiveHook(deps, lost)).toEqual({ did: "failed", before: true, task: null });
  } finally {
    await close();
  }
});
