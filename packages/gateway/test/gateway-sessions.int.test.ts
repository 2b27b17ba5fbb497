import { newProofKey, newToken, proofHeader, sha256, systemClock } from "@aito/base";
import { incarnationLost } from "@aito/company";
import { HelloResponse, RenewResponse } from "@aito/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGateway, type TestGateway } from "./open-gateway.ts";

const beat = { doing: null, progress: 0 };
const minutes = (count: number): number => count * 60_000;

describe("a day of sessions on a virtual clock", () => {
  let it: TestGateway;
  let nowMs = new Date("2026-03-02T09:00:00Z").getTime();
  beforeAll(async () => {
    it = await openGateway({ clock: { ...systemClock, now: () => new Date(nowMs) } });
  });
  afterAll(() => it.close());
  const works = async (session: string): Promise<number> => (await it.post("/agent/heartbeat", beat, session)).status;
  const renew = async (session: string): Promise<string> =>
    RenewResponse.parse((await it.post("/agent/renew", {}, session)).body).session;

  test("Y03 a session that is not renewed ends with its hour, and so does the right to renew it", async () => {
    const { session, renewAfterMs } = await it.enter("cmo");
    expect(renewAfterMs).toBe(minutes(30));
    nowMs += minutes(60) - 1;
    expect(await works(session)).toBe(200);
    nowMs += 1;
    expect(await works(session)).toBe(401);
    expect((await it.post("/agent/renew", {}, session)).status).toBe(401);
  });

  test("Y03 renewed every half hour it lives on; each replaced one stands for a minute and then is worth nothing", async () => {
    let { session } = await it.enter("cto");
    const seen = new Set([session]);
    for (let round = 0; round < 48; round += 1) {
      nowMs += minutes(30);
      const before = session;
      session = await renew(before);
      seen.add(session);
      nowMs += minutes(1) - 1;
      expect([await works(before), await works(session)]).toEqual([200, 200]);
      nowMs += 1;
      expect([await works(before), await works(session)]).toEqual([401, 200]);
    }
    expect(seen.size).toBe(49);
    const rows = (await it.rows("sessions")).filter((row) => row["redis_user"] === "agent:cto:1");
    expect(JSON.stringify(rows)).not.toContain("aito_ses_");
  });

  test("a renewal whose answer was lost is repeated within the overlap, which is not made longer by it", async () => {
    const { session: first } = await it.enter("cfo");
    const lost = await renew(first);
    nowMs += 30_000;
    const second = await renew(first);
    expect([await works(first), await works(lost), await works(second)]).toEqual([200, 401, 200]);
    nowMs += 30_000;
    expect([await works(first), await works(second)]).toEqual([401, 200]);
    expect((await it.post("/agent/renew", {}, first)).status).toBe(401);
  });
});

describe("a stolen token is worth nothing", () => {
  let it: TestGateway;
  beforeAll(async () => {
    it = await openGateway();
  });
  afterAll(() => it.close());
  const is401 = async (session: string | undefined, path = "/agent/heartbeat", headers: Record<string, string> = {}) => {
    const answer = await it.post(path, beat, session, headers);
    expect([answer.status, answer.body["error"]?.code ?? answer.body["error"]?.type]).toEqual([401, "AITO_AGENT_SESSION"]);
  };
  /** An agent as it really is: with a key that stays in its container. */
  const enterWithKey = async (agent: string) => {
    const key = newProofKey();
    const line = await it.begin(agent);
    const hello = HelloResponse.parse((await it.post("/agent/hello", { ...line, containerKey: key.publicKey })).body);
    const proof = (path: string, session = hello.session, by = key) => ({
      [proofHeader]: by.prove({ method: "POST", path, session }, new Date()),
    });
    return { ...hello, line, proof };
  };

  test("Y03 from another container: without the key of the one that said hello, or with another's, it is 401", async () => {
    const cmo = await enterWithKey("cmo");
    expect((await it.post("/agent/heartbeat", beat, cmo.session, cmo.proof("/agent/heartbeat"))).status).toBe(200);
    await is401(cmo.session);
    await is401(cmo.session, "/agent/heartbeat", cmo.proof("/agent/heartbeat", cmo.session, newProofKey()));
    await is401(cmo.session, "/agent/log", cmo.proof("/agent/heartbeat"));
    const thief = await enterWithKey("cto");
    await is401(cmo.session, "/agent/heartbeat", thief.proof("/agent/heartbeat", cmo.session));
    // The one-time token is spent: neither again nor with a key of the thief's.
    const again = await it.post("/agent/hello", { ...cmo.line, containerKey: newProofKey().publicKey });
    expect([again.status, again.body["error"].code]).toEqual([401, "AITO_AGENT_TOKEN"]);
  });

  test("a key that is none is refused before the one-time token is spent", async () => {
    const line = await it.begin("ceo");
    expect((await it.post("/agent/hello", { ...line, containerKey: "none" })).status).toBe(400);
    expect((await it.post("/agent/hello", line)).status).toBe(200);
  });

  test("Y03 after its container's end", async () => {
    const coo = await enterWithKey("coo");
    await incarnationLost(it.deps, {
      agent: "coo",
      epoch: coo.line.epoch,
      reason: "killed",
      retryAt: null,
      wanted: true,
      failures: 1,
    });
    await is401(coo.session, "/agent/heartbeat", coo.proof("/agent/heartbeat"));
    await is401(coo.session, "/agent/renew", coo.proof("/agent/renew"));
  });

  test("Y03 of another audience: one-time token, bus password, operator's key, and another company's session", async () => {
    const cfo = await it.enter("cfo");
    const { token } = await it.begin("cco");
    for (const other of [token, cfo.redis!.password, newToken("op"), newToken("login"), sha256(cfo.session)]) await is401(other);
    const neighbour = await it.openNeighbour();
    try {
      expect((await neighbour.post("/agent/heartbeat", beat, cfo.session)).status).toBe(401);
      expect((await it.post("/agent/heartbeat", beat, cfo.session)).status).toBe(200);
    } finally {
      await neighbour.close();
    }
  });

  test("Y03 in the URL, as a cookie, or under another scheme it is not even read", async () => {
    const { session } = await it.enter("dao");
    for (const name of ["session", "access_token", "token", "authorization"]) {
      await is401(undefined, `/agent/heartbeat?${name}=${session}`);
    }
    await is401(undefined, "/agent/heartbeat", { cookie: `session=${session}` });
    await is401(undefined, "/agent/heartbeat", { authorization: `Basic ${session}` });
    await is401(undefined, "/agent/heartbeat", { "x-api-key": session });
  });
});
