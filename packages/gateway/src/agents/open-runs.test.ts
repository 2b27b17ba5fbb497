import type { AgentSession, CompanyDeps } from "@aito/company";
import { expect, test } from "vitest";
import { makeLiveAgents } from "./live-agents.ts";
import { makeOpenRuns } from "./open-runs.ts";

test("Y15 the run of one who is gone is not remembered, that of another is", async () => {
  let asked = 0;
  const transaction = async (): Promise<unknown[]> => {
    asked += 1;
    return [];
  };
  const live = makeLiveAgents();
  const runs = makeOpenRuns({ companyId: "c", db: { transaction } } as unknown as CompanyDeps, live);
  const [worker, cmo] = ["worker", "cmo"].map((agentId) => ({ agentId, epoch: 1 }) as AgentSession);
  runs.started(worker!, { id: "run-1", reasons: [] });
  runs.started(cmo!, { id: "run-2", reasons: [] });
  expect(await runs.of(worker!)).toBe("run-1");
  live.seen({ agents: new Set(["cmo"]), sessions: new Set() });
  expect([await runs.of(cmo!), asked]).toEqual(["run-2", 0]);
  expect([await runs.of(worker!), asked]).toEqual([null, 1]);
});
