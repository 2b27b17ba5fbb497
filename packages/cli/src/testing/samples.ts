import type { AgentView, DecisionView, EscalationView, EventView, FleetStatus, TaskView } from "@aito/protocol";

const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;
export const ids = { decision: id(1), escalation: id(2), task: id(3), event: id(4) };
const at = "2026-11-20T12:00:00.000Z";

export const ceo: AgentView = {
  name: "ceo",
  role: "ceo",
  kind: "agent",
  department: "executive",
  status: "active",
  statusReason: null,
  doing: null,
  epoch: 2,
  containerId: "c0ffee",
  lastHeartbeat: at,
  restarts: 1,
  parentAgent: null,
  taskId: null,
  nextWakeAt: "2026-11-20T14:00:00.000Z",
  nextWakeReason: "loop: plan",
};

export const status: FleetStatus = {
  fleet: "AITO",
  company: "aito",
  engine: "embedded",
  model: "REHEARSAL",
  agents: [ceo],
  budget: { usdTotal: "20000.00", usdLeft: "19600.00" },
  nextWake: { agent: "ceo", at: "2026-11-20T14:00:00.000Z", reason: "loop: plan" },
  switches: [],
  openEscalations: 1,
};

export const decision: DecisionView = {
  id: ids.decision,
  title: "Launch campaign",
  description: "Three weeks",
  type: "critical",
  declaredType: "major",
  typeReason: "raised to critical: $5000.00 is above the $1000.00 limit",
  status: "pending",
  proposedBy: "cmo",
  amountMicroUsd: "5000000000",
  round: 1,
  phase: "heads",
  deadlineAt: at,
  rounds: [
    { round: 1, phase: "heads", votes: [{ voter: "ceo", vote: "approve", reason: "a quarter of what is left", castAt: at }] },
  ],
  humanDecision: null,
  humanComment: null,
  outcomeReason: null,
  taskId: null,
  createdAt: at,
  resolvedAt: null,
};

export const escalation: EscalationView = {
  id: ids.escalation,
  decisionId: ids.decision,
  title: "Launch campaign",
  reason: "one against one",
  url: "http://127.0.0.1:7700/e/aito_esc_x",
  expiresAt: at,
  status: "waiting",
  answer: null,
  createdAt: at,
};

export const task: TaskView = {
  id: ids.task,
  title: "Write the post",
  description: "",
  status: "done",
  priority: 5,
  assignedTo: "cmo",
  createdBy: "cmo",
  workerType: "content-writer",
  workerAgent: "content-writer-1",
  decisionId: ids.decision,
  parentTaskId: null,
  dueDate: null,
  createdAt: at,
  completedAt: at,
  result: { summary: "written", text: "Hello", receipts: [] },
};

export const event = (change: Partial<EventView> = {}): EventView => ({
  id: ids.event,
  seq: "7",
  type: "agent.active",
  source: "system",
  target: "ceo",
  at,
  payload: { epoch: 2 },
  hash: "ab",
  ...change,
});

/** What `agents show` tells beside the row of the status. */
export const agentRest = {
  desired: "running",
  switch: null,
  quarantined: false,
  failures: 0,
  failedRuns: 0,
  retryAt: null,
  startedAt: null,
  run: null,
  queue: [],
  loop: { intervalSeconds: 3_600 },
  profile: { path: "ceo.md", model: "claude-sonnet-5-5" },
  git: { repository: null, filter: null },
  limits: { memoryMb: 256, cpus: 0.5, pids: 128, runtime: null, runSecondsMax: 600 },
  sessions: [],
  grants: { tools: ["send_message"], autonomy: "supervised", releases: [] },
  cost: { modelCalls: 3, usd: "0.02", unknownCalls: 0 },
};
