import type { DesiredAgent } from "@aito/company";
import { expect, test } from "vitest";
import { environmentOf } from "./container-spec.ts";

const agent: DesiredAgent = {
  id: "0190a0a0-0000-7000-8000-000000000001",
  name: "cmo",
  role: "cmo",
  kind: "agent",
  desired: "running",
  stoppedBy: null,
  status: "starting",
  statusReason: null,
  epoch: 1,
  containerId: null,
  failures: 0,
  unbegun: 0,
  retryAt: null,
  lastHeartbeat: null,
  startedAt: null,
  leaseUntil: null,
  hasSession: true,
  replacing: false,
  changeDigest: null,
  profileDigest: "",
  parentAgent: null,
  taskId: null,
  department: "marketing",
  model: "claude-sonnet-5-5",
  loopIntervalSeconds: 14_400,
  gitRepo: "acme/social",
  gitFilter: "content/*",
};

test("O10 an agent's environment has the seed's names, each with its value, and no other", () => {
  expect(environmentOf(agent)).toEqual({
    AGENT_TYPE: "cmo",
    AGENT_PROFILE: "/tmp/profile.md",
    LOOP_INTERVAL: "14400",
    CLAUDE_MODEL: "claude-sonnet-5-5",
    GIT_REPO: "acme/social",
    GIT_FILTER: "content/*",
    DEPARTMENT: "marketing",
  });
});

test("O10 what an agent does not have is left out, not empty: a head has no repository and no department", () => {
  const head = { ...agent, role: "ceo", department: null, gitRepo: null, gitFilter: null, loopIntervalSeconds: null };
  expect(Object.keys(environmentOf(head)).toSorted()).toEqual(["AGENT_PROFILE", "AGENT_TYPE", "CLAUDE_MODEL"]);
});

test("O10 A13 a worker's environment has the seed's names for workers, and none of an agent's loop or repository", () => {
  const taskId = "0190a0a0-0000-7000-8000-000000000002";
  const worker = {
    ...agent,
    name: "content-writer-1",
    role: "content-writer",
    kind: "worker",
    parentAgent: "cmo",
    taskId,
  } as const;
  expect(environmentOf(worker)).toEqual({
    WORKER_TYPE: "content-writer",
    PARENT_AGENT: "cmo",
    TASK_ID: taskId,
    AUTO_TERMINATE: "true",
    AGENT_PROFILE: "/tmp/profile.md",
    CLAUDE_MODEL: "claude-sonnet-5-5",
    DEPARTMENT: "marketing",
  });
});
