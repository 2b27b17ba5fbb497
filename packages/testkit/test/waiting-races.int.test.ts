import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import {
  type AgentSession,
  beginIncarnation,
  type CompanyDeps,
  hello,
  loadPack,
  registerFleet,
  sendMessage,
} from "@aito/company";
import { connectPostgres } from "@aito/db";
import { expect, test } from "vitest";
import { usePostgres } from "../src/index.ts";

const used = usePostgres();
const rounds = 15;

/** The pack's company with limits that no test of races reaches. */
async function openOn(url: string): Promise<{ deps: CompanyDeps; close(): Promise<void> }> {
  const newId = makeNewId(systemClock.now);
  const db = connectPostgres({ url, clock: systemClock, log: silentLogger });
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: newId(), name: "Acme" });
  const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: () => Promise.resolve(), rehearsal: true };
  const fleet = await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  fleet.file.messages = { perMinute: 10_000, hopsMax: 10_000, turnsMax: 10_000, answerSeconds: 3_600 };
  await registerFleet(deps, fleet);
  return { deps, close: () => db.close() };
}

test.for([
  { circle: ["cmo", "cto"], passes: 1 },
  { circle: ["cmo", "cto", "cfo", "coo"], passes: 3 },
])(
  "Y13 of the questions that close a circle of $circle.length at the same moment, exactly one is refused",
  async ({ circle, passes }, { skip }) => {
    const { database } = used.orSkip(skip);
    const { deps, close } = await openOn(database.controlUrl);
    try {
      const sessions = new Map<string, AgentSession>();
      for (const agent of circle) {
        const tokenHash = sha256(newToken("run"));
        const { epoch } = await beginIncarnation(deps, { agent, tokenHash });
        const secrets = { sessionHash: sha256(newToken("ses")), redisPasswordHash: sha256("x") };
        sessions.set(agent, await hello(deps, { tokenHash, epoch, ...secrets }));
      }
      const write = (from: string, to: string, extra: object) =>
        sendMessage(deps, sessions.get(from)!, { type: "direct", to, payload: { text: "Well?" }, ...extra });
      for (let round = 0; round < rounds; round += 1) {
        const asked = await Promise.allSettled(
          circle.map((from, index) => write(from, circle[(index + 1) % circle.length]!, { requiresResponse: true })),
        );
        const sent = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
        const refused = asked.flatMap((each) => (each.status === "rejected" ? [(each.reason as { code: string }).code] : []));
        expect([sent.length, refused]).toEqual([passes, ["AITO_MESSAGE_CYCLE"]]);
        for (const message of sent) await write(message.to, message.from, { inReplyTo: message.id });
      }
    } finally {
      await close();
    }
  },
);
