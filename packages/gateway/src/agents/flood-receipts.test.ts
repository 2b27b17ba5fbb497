import { AitoError, newProofKey, newToken, proofHeader, sha256, silentLogger, systemClock } from "@aito/base";
import type { AgentSession, CompanyDeps } from "@aito/company";
import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import type { GatewayContext } from "../gateway-context.ts";
import { floodReceipts } from "./flood-receipts.ts";
import { makeKnownSessions } from "./known-sessions.ts";
import { makeLanes } from "./lanes.ts";
import { makeLiveAgents } from "./live-agents.ts";
import type { OpenRuns } from "./open-runs.ts";

const [session, key] = [newToken("ses"), newProofKey()];
const flood = new AitoError("AITO_AGENT_FLOOD", "256 requests of this session wait already", { fate: "retry", status: 429 });

function world() {
  const written: { tool: string; agent: string }[] = [];
  const lanes = makeLanes(systemClock, makeLiveAgents());
  lanes.know(sha256(session), { agent: "cmo", agentId: "cmo", epoch: 1, containerKey: key.publicKey } as AgentSession);
  const context = {
    deps: { newId: () => "01890000-0000-7000-8000-000000000001" } as unknown as CompanyDeps,
    lanes,
    sessions: makeKnownSessions(makeLiveAgents()),
    clock: { ...systemClock, after: () => () => undefined },
    log: silentLogger,
    receipts: {
      write: async (_deps: CompanyDeps, { agent }: AgentSession, { tool }: { tool: string }) =>
        void written.push({ tool, agent }),
    },
  } as unknown as GatewayContext;
  const floods = floodReceipts(context, { of: () => Promise.resolve(null) } as unknown as OpenRuns);
  const send = (url: string, token: string, signed: boolean): Promise<AitoError> => {
    const proof = signed ? { [proofHeader]: key.prove({ method: "POST", path: url, session: token }, new Date()) } : {};
    const headers = { authorization: `Bearer ${token}`, ...proof };
    return floods.refused({ method: "POST", url, headers } as unknown as FastifyRequest, flood);
  };
  return { send, written };
}

test("S06 a refused request is its sender's when its container signed it, and nobody's else", async () => {
  const { send, written } = world();
  expect(await send("/mcp", session, false)).toBe(flood);
  expect(await send("/mcp", newToken("ses"), true)).toBe(flood);
  expect(written).toEqual([]);
  const told = await send("/mcp", session, true);
  expect(told).toMatchObject({ code: "AITO_AGENT_FLOOD", status: 429, fate: "retry" });
  expect(told.message).toBe(`${flood.message}; receipt 01890000-0000-7000-8000-000000000001`);
  expect(written).toEqual([{ tool: "(unread /mcp)", agent: "cmo" }]);
});

test("S06 a path of nobody's making is no name among receipts", async () => {
  const { send, written } = world();
  await send(`/agent/${"x".repeat(200)}?a=b`, session, true);
  expect(written).toEqual([{ tool: "(unread another path)", agent: "cmo" }]);
});
