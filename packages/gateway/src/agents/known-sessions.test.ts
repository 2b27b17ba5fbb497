import { newProofKey } from "@aito/base";
import type { AgentSession, SessionStamp } from "@aito/company";
import { expect, test } from "vitest";
import { makeKnownSessions } from "./known-sessions.ts";

const session = (agentId: string, epoch: number, containerKey: string | null = null) =>
  ({ agentId, epoch, containerKey }) as unknown as AgentSession;
const stamp = (hash: string) => ({ hash }) as SessionStamp;

test("Y03 a session is known as it was last asked about, marked as not asked about this time, until it is over", () => {
  const known = makeKnownSessions();
  expect(known.of("a")).toBeNull();
  known.remember("a", { session: session("cmo", 1), stamp: stamp("a") });
  expect(known.of("a")).toEqual({ ...session("cmo", 1), unasked: stamp("a") });
  known.forget("a");
  expect(known.of("a")).toBeNull();
});

test("S13 while any stop is on nothing is kept of a session, and what was is dropped", () => {
  const known = makeKnownSessions();
  known.remember("a", { session: session("cmo", 1), stamp: stamp("a") });
  known.remember("a", { session: session("cmo", 1), stamp: null });
  expect(known.of("a")).toBeNull();
});

test("Y06 a later incarnation drops the earlier ones of its agent alone", () => {
  const known = makeKnownSessions();
  for (const [hash, agent, epoch] of [
    ["a", "cmo", 1],
    ["b", "cmo", 2],
    ["c", "cto", 1],
    ["d", "cmo", 2],
  ] as const) {
    known.remember(hash, { session: session(agent, epoch), stamp: stamp(hash) });
  }
  expect(["a", "b", "c", "d"].map((hash) => known.of(hash)?.epoch ?? null)).toEqual([null, 2, 1, 2]);
});

test("Y03 a key is read once for as long as its session is known; a text that is none is no key; both are bounded", () => {
  const known = makeKnownSessions();
  const { publicKey } = newProofKey();
  const key = known.proofKey(publicKey);
  expect([key?.asymmetricKeyType, known.proofKey(publicKey) === key, known.proofKey("none")]).toEqual(["ed25519", true, null]);
  known.remember("a", { session: session("cmo", 1, publicKey), stamp: stamp("a") });
  known.forget("a");
  expect(known.proofKey(publicKey) === key).toBe(false);
  for (let at = 0; at < 2_100; at += 1) {
    known.remember(`s${at}`, { session: session(`agent ${at}`, 1), stamp: stamp(`s${at}`) });
  }
  expect([known.of("s0"), known.of("s2099")?.agentId]).toEqual([null, "agent 2099"]);
});
