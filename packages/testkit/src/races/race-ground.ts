import { makeNewId, newToken, sha256 } from "@aito/base";
import { type AgentSession, beginIncarnation, type CompanyDeps, hello, loadPack, registerFleet } from "@aito/company";
import type { Database } from "@aito/db";
import type { Fleet } from "@aito/protocol";
import type { TestClock } from "../test-clock.ts";

const agents = ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"] as const;
const pack = new URL("../../../../profiles/aito/fleet.yaml", import.meta.url).pathname;

/** A company whose seven agents have said hello, and whose doorbells are all lost. */
export interface RaceGround {
  deps: CompanyDeps;
  clock: TestClock;
  fleet: Fleet;
  sessions: Map<string, AgentSession>;
}

export async function raceGround(options: {
  db: Database;
  clock: TestClock;
  slug: string;
  councilSize: number;
}): Promise<RaceGround> {
  const { db, clock, slug } = options;
  const newId = makeNewId(() => clock.now());
  const companyId = await db.findOrCreateCompany({ id: newId(), slug, name: slug });
  // Nothing is delivered: whoever waits must find its turn in the records.
  const deliver = (): Promise<void> => Promise.reject(new Error("the bus is away"));
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver, rehearsal: true };
  const fleet = await loadPack(pack);
  fleet.file.council = fleet.file.council.slice(0, options.councilSize);
  await registerFleet(deps, fleet);
  const sessions = new Map<string, AgentSession>();
  for (const agent of agents) {
    const token = newToken("run");
    const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
    const given = { tokenHash: sha256(token), epoch, sessionHash: sha256(newToken("ses")), redisPasswordHash: sha256(token) };
    sessions.set(agent, await hello(deps, given));
  }
  return { deps, clock, fleet, sessions };
}
