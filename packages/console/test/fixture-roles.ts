import type { Lesson, OperationsView, OrgSeat, RoleExplained, RunView, TaskDigest, WorkerView } from "@aito/protocol";
import { hostileText, id, start } from "./fixture-data.ts";

const seat = (role: string, department: string, reportsTo: string | null, more: Partial<OrgSeat> = {}): OrgSeat => ({
  role,
  title: `Chief ${department} Officer (${role.toUpperCase()})`,
  department,
  reportsTo,
  head: false,
  council: reportsTo !== null,
  ...more,
});

export const orgSeats = (): OrgSeat[] => [
  seat("ceo", "Executive", null, { head: true, council: false }),
  seat("dao", "Governance", null, { head: true, council: false }),
  seat("cmo", "Marketing", "ceo"),
  seat("cto", "Technology", "ceo"),
  seat("cfo", "Finance", "ceo"),
  seat("coo", "Operations", "ceo"),
  seat("cco", "Community", "cmo"),
];

export const explained = (role: string): RoleExplained => ({
  role,
  title: "Chief Marketing Officer (CMO)",
  department: "Marketing",
  reportsTo: "CEO",
  kind: "agent",
  model: "claude-sonnet-5-5",
  purpose: "Drive brand awareness, community growth and engagement. Keep the messages of all channels in one voice.",
  does: ["Content strategy: plan and approve all marketing content; keep the calendar", "Social media: answer what is asked"],
  wakes: ["Every 4 hours", "Review social media metrics", "Generate content ideas (asks its model every 8 hours)"],
  tools: ["send_message", "spawn_worker", "report", "propose_decision", "publish_text"],
  limits: ["A run takes at most 10 minutes.", "30 messages a minute, 60 tasks an hour.", "Dangerous tools wait for a human."],
  decides: {
    alone: ["Daily social media posts", "up to $100"],
    withHeads: ["New marketing campaigns", "above $100: ceo and dao vote"],
    withGuardian: ["Major rebrand initiatives", "above $1000: never without dao"],
    never: ["Change its own rights, budgets or profile."],
  },
  lines: 31,
  linesMax: 70,
});

export const runs = (agent: string): RunView[] => [
  {
    id: id(0x901),
    agent,
    epoch: 2,
    status: "running",
    reasons: ["message from ceo: Please have the announcement out before noon"],
    summary: null,
    error: null,
    modelCalls: 2,
    log: "reads 3 messages\nasks its model (2 of 12)\ncalls spawn_worker: content-writer",
    startedAt: new Date(start - 40_000).toISOString(),
    endedAt: null,
  },
  {
    id: id(0x902),
    agent,
    epoch: 2,
    status: "failed",
    reasons: ["its loop is due"],
    summary: null,
    error: `The model answered nothing that could be read. ${hostileText}`,
    modelCalls: 3,
    log: "asks its model (1 of 12)",
    startedAt: new Date(start - 3_640_000).toISOString(),
    endedAt: new Date(start - 3_600_000).toISOString(),
  },
];

const worker = (number: number, state: WorkerView["state"], why: string): WorkerView => ({
  name: `content-writer-${number}f2a`,
  type: "content-writer",
  parent: "cmo",
  depth: 1,
  taskId: id(0x302),
  title: number === 3 ? "Launch announcement" : `Write part ${number} of the guide`,
  priority: 8 - number,
  containers: state === "running" ? 1 : 0,
  budgetMicroUsd: null,
  state,
  why,
  createdAt: new Date(start - number * 60_000).toISOString(),
});

export const operations = (empty: boolean): OperationsView => ({
  workers: empty
    ? []
    : [
        worker(3, "running", "it works"),
        worker(4, "waiting", "waits for a place: it is next; at most 1 workers run at once"),
        worker(5, "retrying", "its container ran out of memory; next try in a minute"),
      ],
  places: { running: empty ? 0 : 1, waiting: empty ? 0 : 2, runningMax: 16, perParentMax: 8, companyMax: 64 },
  queues: empty ? [] : [{ agent: "cfo", waiting: 4, oldestSince: new Date(start - 900_000).toISOString() }],
});

export const taskDigest = (task: string): TaskDigest => ({
  id: task,
  title: "Announce shared workspaces to customers",
  status: "done",
  asked: "Announce shared workspaces: what changes, prices, a quote. 300 words.",
  askedBy: "ceo",
  done: "The announcement, 140 words, with the price table.",
  doneBy: "content-writer-3f2a",
  evidence: { receipts: 4, verifiedClaims: 2, unverifiedClaims: 0, unverifiedNumbers: 1 },
  cost: { calls: 7, microUsd: "81200", unknownCalls: 1 },
  seconds: 5_400,
  closedAt: new Date(start - 1_500_000).toISOString(),
});

export const lessons = (): Lesson[] => [
  {
    kind: "call",
    id: id(0x301),
    title: "publish “Winter offer”",
    outcome: "denied",
    said: `Ask legal first. ${hostileText}`,
    at: new Date(start - 60_000).toISOString(),
  },
  {
    kind: "decision",
    id: id(0x104),
    title: "Double the advertising",
    outcome: "overridden",
    said: "the quarter is not over",
    at: new Date(start - 90_000).toISOString(),
  },
  {
    kind: "task",
    id: id(0x401),
    title: "Write the newsletter",
    outcome: "failed",
    said: "the source was away",
    at: new Date(start - 120_000).toISOString(),
  },
  { kind: "run", id: id(0x402), title: "A run", outcome: "failed", said: "cut off", at: new Date(start - 180_000).toISOString() },
];
