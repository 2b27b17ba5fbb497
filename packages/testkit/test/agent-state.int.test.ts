import { newToken, sha256 } from "@aito/base";
import {
  agentState,
  authenticate,
  beginIncarnation,
  hello,
  incarnationLost,
  loadPack,
  registerFleet,
  renewSession,
  sendMessage,
  wakeDue,
} from "@aito/company";
import { AgentState, AgentStatus } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MemoryCompany, openMemoryCompany } from "../src/index.ts";

let it: MemoryCompany;
beforeAll(async () => {
  it = await openMemoryCompany({ rehearsal: true });
  await registerFleet(it.deps, await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname));
});
afterAll(() => it.close());

test("O15 one agent's whole state is told, without a secret, and its status is one of the seed's five whatever happened", async () => {
  const { deps, clock } = it;
  const [token, session, next] = [newToken("run"), newToken("ses"), newToken("ses")];
  const { epoch } = await beginIncarnation(deps, { agent: "ceo", tokenHash: sha256(token) });
  await hello(deps, {
    tokenHash: sha256(token),
    epoch,
    sessionHash: sha256(session),
    redisPasswordHash: sha256("p"),
    containerKey: "key",
  });
  const ceo = await authenticate(deps, sha256(session));
  await clock.advance(1_800_000);
  await renewSession(deps, ceo, {
    askedHash: sha256(session),
    nextHash: sha256(next),
    redisPasswordHash: sha256("q"),
    overlapMs: 60_000,
  });
  await sendMessage(deps, "operator", { type: "direct", to: "ceo", payload: { text: "Hello." } });
  const state = AgentState.parse(await agentState(deps, "ceo"));
  expect(state).toMatchObject({
    name: "ceo",
    desired: "running",
    status: "active",
    epoch: 1,
    loop: { intervalSeconds: 3_600 },
    limits: { memoryMb: 256, cpus: 0.5, pids: 128, runtime: null },
    cost: { modelCalls: 0, unknownCalls: 0 },
  });
  expect(state.queue.length).toBeGreaterThan(0);
  expect(state.nextWakeAt).not.toBeNull();
  expect(state.lastHeartbeat).not.toBeNull();
  expect(state.grants.tools).toContain("argue");
  expect(state.sessions).toMatchObject([{ epoch: 1, boundToContainer: true, busUser: "agent:ceo:1", revokedAt: null }]);
  expect(Date.parse(state.sessions[0]!.renewedAt!) - Date.parse(state.sessions[0]!.helloAt!)).toBe(1_800_000);
  const text = JSON.stringify(state);
  for (const secret of [token, session, next, "p", "q"]) expect(text).not.toContain(sha256(secret));
  expect(text).not.toMatch(/aito_(run|ses|red)_/);

  await incarnationLost(deps, {
    agent: "ceo",
    epoch,
    reason: "quarantined after 5 failures",
    retryAt: null,
    wanted: true,
    failures: 5,
  });
  const lost = await agentState(deps, "ceo");
  expect(AgentStatus.options).toContain(lost.status);
  expect(lost).toMatchObject({ status: "error", quarantined: true, statusReason: "quarantined after 5 failures" });
  expect(lost.sessions[0]!.revokedAt).not.toBeNull();
});

test("O07 a cron line in the profile drives the next wake, and windows that were missed run once", async () => {
  const company = await openMemoryCompany({ slug: "cron", rehearsal: true });
  const { deps, clock } = company;
  try {
    const fleet = structuredClone(await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname));
    fleet.profiles["cfo"]!.profile.loop.cron = { pattern: "0 9 * * *", zone: "Europe/Berlin" };
    await registerFleet(deps, fleet);
    // 2026-03-02 09:00 UTC is 10:00 in Berlin: the next one is tomorrow.
    expect(await agentState(deps, "cfo")).toMatchObject({
      nextWakeAt: "2026-03-03T08:00:00.000Z",
      nextWakeReason: "cron 0 9 * * * Europe/Berlin",
    });
    await clock.advance(30 * 86_400_000);
    await wakeDue(deps);
    await wakeDue(deps);
    const state = await agentState(deps, "cfo");
    expect(state.queue.filter(({ reason }) => reason.startsWith("schedule:"))).toHaveLength(1);
    // Summer time has begun meanwhile: nine o'clock is an hour earlier in UTC.
    const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
      tx.queries.selectFrom("agents").selectAll().where("name", "=", "cfo").execute(),
    );
    expect(new Date(String(rows[0]?.["next_wake_at"])).toISOString()).toBe("2026-04-02T07:00:00.000Z");
  } finally {
    await company.close();
  }
});
