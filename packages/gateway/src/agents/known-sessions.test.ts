import { newProofKey } from "@aito/base";
import type { AgentSession, SessionStamp } from "@aito/company";
import { expect, test } from "vitest";
import { makeKnownSessions } from "./known-sessions.ts";
import { makeLiveAgents } from "./live-agents.ts";

const session = (agentId: string, epoch: number, containerKey: string | null = null) =>
  ({ agentId, epoch, containerKey }) as unknown as AgentSession;
const stamp = (hash: string) => ({ hash }) as SessionStamp;

test("Y03 a session is known as it was last asked about, marked as not asked about this time, until it is over", () => {
  const known = makeKnownSessions(makeLiveAgents());
  expect(known.of("a")).toBeNull();
  known.remember("a", { session: session("cmo", 1), stamp: stamp("a") });
  expect(known.of("a")).toEqual({ ...session("cmo", 1), unasked: stamp("a") });
  known.forget("a");
  expect(known.of("a")).toBeNull();
});

test("S13 while any stop is on nothing is kept of a session, and what was is dropped", () => {
  const known = makeKnownSessions(makeLiveAgents());
  known.remember("a", { session: session("cmo", 1), stamp: stamp("a") });
  known.remember("a", { session: session("cmo", 1), stamp: null });
  expect(known.of("a")).toBeNull();
});

test("Y06 a later incarnation drops the earlier ones of its agent alone", () => {
  const known = makeKnownSessions(makeLiveAgents());
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
  const known = makeKnownSessions(makeLiveAgents());
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

test("Y15 what is known of a session, its key too, goes with it; of the others it stays", () => {
  const live = makeLiveAgents();
  const known = makeKnownSessions(live);
  const [worker, standing] = [newProofKey().publicKey, newProofKey().publicKey];
  known.remember("a", { session: session("worker-1", 1, worker), stamp: stamp("a") });
  known.remember("b", { session: session("cmo", 1, standing), stamp: stamp("b") });
  const keys = [worker, standing].map((each) => known.proofKey(each));
  live.seen({ agents: new Set(["cmo"]), sessions: new Set(["b"]) });
  expect(["a", "b"].map((hash) => known.of(hash)?.agentId)).toEqual([undefined, "cmo"]);
  expect(known.proofKey(standing)).toBe(keys[1]);
  expect(known.proofKey(worker)).not.toBe(keys[0]);
});
