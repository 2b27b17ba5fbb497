import { sha256 } from "@aito/base";
import type { AgentMessage, AgentView, DecisionView, EventView, TaskBranch, TaskView } from "@aito/protocol";

export const id = (number: number): string => `01939f00-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
export const start = Date.parse("2026-11-21T09:00:00.000Z");

/** Text that tries everything: for tests of rendering and for the screenshots of hostile content. */
export const hostileText =
  "<script>alert(1)</script><img src=x onerror=alert(2)> \"quoted\" 'single' [click](javascript:alert(3)) \u202Eevorppa\u202C zero\u200Bwidth \u0007bell";

const agent = (name: string, department: string, more: Partial<AgentView> = {}): AgentView => ({
  name,
  role: name,
  kind: "agent",
  department,
  status: "active",
  statusReason: null,
  doing: null,
  epoch: 1,
  containerId: "9f2c1a7be0d4",
  lastHeartbeat: new Date(start - 3_000).toISOString(),
  startedAt: new Date(start - 5 * 3_600_000).toISOString(),
  restarts: 0,
  parentAgent: null,
  taskId: null,
  nextWakeAt: new Date(start + 14 * 60_000).toISOString(),
  nextWakeReason: "its loop is due",
  ...more,
});

export const agents = (): AgentView[] => [
  agent("ceo", "Executive", { doing: "Reading the status reports of five departments", epoch: 2, restarts: 1 }),
  agent("dao", "Governance", { doing: "Weighing “Sponsor the winter developer conference”" }),
  agent("cmo", "Marketing", {
    nextWakeAt: new Date(start + 4 * 60_000).toISOString(),
    nextWakeReason: "Review campaign performance",
  }),
  agent("cto", "Technology"),
  agent("cfo", "Finance", {
    status: "error",
    statusReason: "Its container exited with code 137 (out of memory); it is started again at 09:02.",
    containerId: null,
    restarts: 3,
    epoch: 4,
  }),
  agent("coo", "Operations", { status: "starting", containerId: null, lastHeartbeat: null }),
  agent("cco", "Community", { held: { as: "paused", by: "@ada", at: new Date(start - 900_000).toISOString() } }),
  agent("content-writer-3f2a", "Marketing", {
    role: "content-writer",
    kind: "worker",
    doing: "Writing: Launch announcement",
    parentAgent: "cmo",
    taskId: id(0x302),
    nextWakeAt: null,
    nextWakeReason: null,
  }),
];

const vote = (voter: string, cast: "approve" | "veto" | "abstain" | "no_answer", reason: string) => ({
  voter,
  vote: cast,
  reason,
  castAt: new Date(start - 600_000).toISOString(),
});

const decision = (number: number, more: Partial<DecisionView>): DecisionView => ({
  id: id(0x100 + number),
  title: `Decision ${number}`,
  description: "",
  type: "minor",
  declaredType: "minor",
  typeReason: null,
  status: "approved",
  proposedBy: "cmo",
  amountMicroUsd: "50000000",
  round: 1,
  phase: null,
  deadlineAt: null,
  rounds: [],
  humanDecision: null,
  humanComment: null,
  outcomeReason: "minor: recorded and done",
  taskId: null,
  createdAt: new Date(start - number * 900_000).toISOString(),
  resolvedAt: new Date(start - number * 900_000 + 60_000).toISOString(),
  ...more,
});

const openDecisions = (): DecisionView[] => [
  decision(5, {
    title: "Sponsor the winter developer conference",
    type: "critical",
    declaredType: "major",
    status: "escalated",
    amountMicroUsd: "5000000000",
    typeReason: "raised to critical: $5000.00 is above the $1000.00 limit",
    round: 3,
    outcomeReason: null,
    resolvedAt: null,
    description:
      "A booth, two talks and our name on the programme, 12 to 14 December.\n\nExpected: 400 conversations and about 60 sign-ups. The deposit is not refundable after 1 December.",
    rounds: [
      {
        round: 1,
        phase: "heads",
        votes: [
          vote("ceo", "approve", "25 % of what is left; the audience is ours and the date is fixed."),
          vote("dao", "veto", "Above my limit of $1,000 and more than 20 % of the budget left."),
        ],
      },
      {
        round: 2,
        phase: "analysis",
        votes: [
          vote("cmo", "approve", "My case: the cheapest leads of the quarter."),
          vote("cto", "approve", "Two talks cost us three days."),
          vote("coo", "approve", "Staffing is possible."),
          vote("cfo", "veto", "A tenth of the budget is my line."),
          vote("cco", "no_answer", ""),
        ],
      },
      {
        round: 3,
        phase: "final",
        votes: [
          vote("ceo", "approve", "As in round 1."),
          vote("dao", "veto", "As in round 1."),
          vote("cto", "approve", ""),
          vote("coo", "approve", ""),
          vote("cfo", "veto", ""),
          vote("cco", "no_answer", ""),
        ],
      },
    ],
  }),
  decision(4, {
    title: "Try a second payment provider for subscriptions",
    type: "major",
    declaredType: "major",
    status: "pending",
    amountMicroUsd: "900000000",
    proposedBy: "cfo",
    round: 1,
    phase: "heads",
    deadlineAt: new Date(start + 9 * 60_000).toISOString(),
    outcomeReason: null,
    resolvedAt: null,
    rounds: [{ round: 1, phase: "heads", votes: [vote("ceo", "approve", "Fees fall by 0.4 points.")] }],
  }),
];

const closedDecisions = (): DecisionView[] => [
  decision(3, {
    title: "Write the launch announcement",
    type: "major",
    declaredType: "minor",
    typeReason: "raised to major: $400.00 is above the $100.00 limit",
    amountMicroUsd: "400000000",
    outcomeReason: "both heads approve",
    taskId: id(0x302),
    rounds: [
      {
        round: 1,
        phase: "heads",
        votes: [vote("ceo", "approve", "Small and useful."), vote("dao", "approve", "Within limits.")],
      },
    ],
  }),
  decision(2, {
    title: "Buy a list of 40,000 e-mail addresses",
    type: "critical",
    status: "vetoed",
    amountMicroUsd: "15000000000",
    outcomeReason: "both heads veto",
    rounds: [
      {
        round: 1,
        phase: "heads",
        votes: [
          vote("ceo", "veto", "Three quarters of the month's money."),
          vote("dao", "veto", "Against our rules on consent."),
        ],
      },
    ],
  }),
  decision(1, { title: "Renew the newsletter tool for a month", resolvedAt: new Date(start - 880_000).toISOString() }),
  decision(6, { title: hostileText, description: hostileText, status: "withdrawn", proposedBy: "cco" }),
];

export const decisions = (): DecisionView[] => [...openDecisions(), ...closedDecisions()];

const announcement = `# Opening to teams of ten and more

From today every plan includes **shared workspaces**, so that a team works in one place.

## What changes

- Invitations by link, with roles
- One invoice for everybody
- An export that you can run at any time

| plan | seats | a month |
|---|---:|---:|
| Small | 10 | $90 |
| Medium | 25 | $200 |

> "We moved in an afternoon." — an early customer

Read more at [the guide](https://example.com/guide).`;

const task = (number: number, more: Partial<TaskView>): TaskView => ({
  id: id(0x300 + number),
  title: `Task ${number}`,
  description: "",
  status: "pending",
  priority: 5,
  assignedTo: "cmo",
  createdBy: "ceo",
  workerType: null,
  workerAgent: null,
  decisionId: null,
  parentTaskId: null,
  dueDate: null,
  createdAt: new Date(start - number * 1_200_000).toISOString(),
  completedAt: null,
  result: null,
  ...more,
});

export const tasks = (): TaskView[] => [
  task(1, {
    title: "Prepare the booth and the two talks",
    status: "blocked",
    priority: 8,
    decisionId: id(0x105),
    workerType: "content-writer",
  }),
  task(2, {
    title: "Launch announcement",
    status: "running",
    priority: 8,
    workerType: "content-writer",
    workerAgent: "content-writer-3f2a",
    decisionId: id(0x103),
    description: "Announce shared workspaces: what changes, prices, a quote. 300 words.",
  }),
  task(3, {
    title: "Announce shared workspaces to customers",
    status: "done",
    workerType: "content-writer",
    completedAt: new Date(start - 1_500_000).toISOString(),
    result: { summary: "The announcement, 140 words, with the price table.", text: announcement, receipts: [] },
  }),
  task(4, {
    title: "Compare three payment providers",
    status: "done",
    assignedTo: "cfo",
    completedAt: new Date(start - 2_500_000).toISOString(),
    result: {
      summary: "Provider B saves about $210 a month at today's volume.",
      text: `Provider B saves money.\n\n${hostileText}`,
      receipts: [],
    },
  }),
  task(5, { title: "Find out why two support answers took over a day", assignedTo: "cco", priority: 9 }),
  task(6, {
    title: "Publish the weekly community post",
    status: "failed",
    assignedTo: "cco",
    workerType: "content-writer",
    completedAt: new Date(start - 4_500_000).toISOString(),
    result: { summary: "quarantined: it ended 3 containers of its worker", text: null, receipts: [] },
    quarantine: {
      since: new Date(start - 4_500_000).toISOString(),
      why: `it ended 3 containers of its worker; the last: it ran out of memory ${hostileText}`,
    },
  }),
];

export const taskFamily = (): TaskBranch[] =>
  [0, 1, 2, 1].map((depth, at) => {
    const { title, status, assignedTo, workerAgent } = tasks()[at + 1]!;
    return { id: id(0x302 + at), depth, title, status, assignedTo, workerAgent, parentTaskId: depth === 0 ? null : id(0x302) };
  });

const message = (number: number, more: Partial<AgentMessage>): AgentMessage => ({
  id: id(0x500 + number),
  type: "direct",
  from: "ceo",
  to: "cmo",
  payload: { text: "" },
  priority: "normal",
  timestamp: new Date(start - number * 240_000).toISOString(),
  requires_response: false,
  response_deadline: null,
  in_reply_to: null,
  ...more,
});

export const messages = (): AgentMessage[] => [
  message(1, {
    type: "decision",
    from: "system",
    to: "head",
    payload: { decision_id: id(0x105), title: "Sponsor the winter developer conference", status: "escalated", round: 3 },
    priority: "high",
  }),
  message(2, { payload: { text: "Please have the announcement out before noon; the conference answer may take a day." } }),
  message(3, {
    in_reply_to: message(4, {}).id,
    type: "status_response",
    from: "cfo",
    to: "ceo",
    payload: {
      status: "ok",
      metrics: { invoices_open: 4 },
      pending_tasks: [],
      blockers: ["Waiting for the bank statement of October"],
    },
  }),
  message(4, {
    type: "status_request",
    from: "ceo",
    to: "clevel",
    payload: { include: ["metrics", "pending_tasks", "blockers"] },
    requires_response: true,
    response_deadline: new Date(start + 60_000).toISOString(),
  }),
  message(5, {
    type: "alert",
    from: "cco",
    to: "all",
    priority: "urgent",
    payload: { title: "Two customers waited more than a day", detail: hostileText },
  }),
  message(6, {
    type: "broadcast",
    from: "ceo",
    to: "all",
    payload: { text: "This week: finish the launch, keep spending under $6,000." },
  }),
];

const eventTypes = [
  "agent.lost",
  "decision.escalated",
  "vote.cast",
  "agent.run.finished",
  "task.done",
  "message.sent",
  "agent.started",
  "decision.opened",
];
export const event = (number: number): EventView => ({
  id: id(0x1000 + number),
  seq: String(number),
  type: eventTypes[number % eventTypes.length]!,
  source: ["ceo", "dao", "cmo", "system"][number % 4]!,
  target: number % 3 ? null : "cmo",
  at: new Date(start - (160 - number) * 7_000).toISOString(),
  payload: { id: id(0x105), round: 3, text: number % 25 === 0 ? hostileText : "as recorded" },
  hash: sha256(String(number)),
});
