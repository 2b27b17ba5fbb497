import { AitoError } from "@aito/base";
import { backNumbers } from "@aito/company";
import {
  type ApprovalAnswered,
  type ApprovalView,
  type BoardView,
  type HookDelivery,
  type HookView,
  type BriefingView,
  type EscalationView,
  type GatewayKeyView,
  type PermissionView,
  type ReceiptDetail,
  switchLabel,
  type SwitchPress,
  type SwitchView,
} from "@aito/protocol";
import type { PageRequest, Records } from "../src/records.ts";
import { fixtureAccounts } from "./fixture-accounts.ts";
import { fixturePins, fixtureTools } from "./fixture-tools.ts";
import { agents, decisions, event, hostileText, id, messages, start, taskFamily, tasks } from "./fixture-data.ts";
import { explained, operations, orgSeats, taskDigest } from "./fixture-roles.ts";
import { fixtureFleet } from "./fixture-fleet.ts";
import { approvals } from "./fixture-approvals.ts";
import { askAnswer, memories, untold } from "./fixture-memory.ts";
import { budgets, costForecast, costs } from "./fixture-costs.ts";
import { change } from "./fixture-changes.ts";
import { acceptance, ideas, notices, publications, receipts } from "./fixture-ideas.ts";

function pageOfRows<T extends { id: string }>(rows: T[], page: PageRequest): T[] {
  const from = page.before ? rows.findIndex((row) => row.id === page.before) + 1 : 0;
  return rows.slice(from, from + page.limit);
}

const hookDelivery: HookDelivery = {
  id: "01939f00-0000-7000-8000-000000000701",
  hook: "shop",
  deliveryId: "msg_1",
  event: "order.paid",
  action: null,
  outcome: "nothing",
  why: null,
  taskId: null,
  receivedAt: "2026-11-21T08:40:00.000Z",
};
const hook: Omit<HookView, "secrets" | "last"> = {
  name: "shop",
  path: "/hooks/shop",
  scheme: "standard",
  perMinute: 60,
  rules: [{ event: "*", wake: "coo" }],
  lastDay: 1,
};
const board: BoardView = {
  repository: null,
  tasks: 0,
  mirrored: 0,
  waiting: 0,
  problems: [],
  syncedAt: null,
  pausedUntil: null,
  lastError: null,
};

const emptyBriefing: BriefingView = {
  company: "AITO",
  from: new Date(start).toISOString(),
  to: new Date(start).toISOString(),
  needsYou: [],
  decisions: [],
  tasks: [],
  ideas: [],
  counts: { needsYou: 0, decisions: 0, tasks: 0, ideas: 0 },
  money: { budgetMicroUsd: "0", leftMicroUsd: "0", approvedMicroUsd: "0", modelMicroUsd: "0", unknownCalls: 0 },
  figures: [],
  unverified: [],
};

function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new AitoError(`AITO_${what}_UNKNOWN`, `there is no such ${what.toLowerCase()}`, { status: 404 });
  return row;
}

const switchView = (press: SwitchPress): SwitchView => ({
  ...press,
  id: "0190b0a0-0000-7000-8000-00000000beef",
  label: switchLabel(press),
  pressedBy: "operator",
  pressedFrom: "operator key, 127.0.0.1",
  pressedAt: new Date(start).toISOString(),
  resumedBy: null,
  resumedFrom: null,
  resumedAt: null,
  resumeReason: null,
  agents: [],
});

/** A company on fixed records: seven agents, a deadlock that waits, finished work. What it was told is in `calls`. */
interface FixtureOptions {
  rehearsal?: boolean;
  /** A company that has just begun. */
  empty?: boolean;
  /** Somebody has an account. */
  people?: boolean;
  /** What links begin with. */
  publicUrl?: () => string;
}

const allOf = (options: FixtureOptions) => ({
  decisions: options.empty ? [] : decisions(),
  tasks: options.empty ? [] : tasks(),
  messages: options.empty ? [] : messages(),
  events: options.empty ? [] : Array.from({ length: 160 }, (_, index) => event(160 - index)),
});
type All = ReturnType<typeof allOf>;
type Note = (name: string, ...args: unknown[]) => void;

const fixtureToken = "aito_esc_fixture-token-of-the-waiting-escalation";

/** One deadlock that waits, and its link; answered once. */
function fixtureEscalation(all: All, options: FixtureOptions, note: Note) {
  const escalation: EscalationView = {
    id: id(0x201),
    decisionId: id(0x105),
    title: "Sponsor the winter developer conference",
    reason: "After round 3 it stands one to one: the CEO approves, the DAO vetoes, the council abstains.",
    url: null,
    expiresAt: new Date(start + 86_000_000).toISOString(),
    status: "waiting",
    answer: null,
    createdAt: new Date(start - 200_000).toISOString(),
  };
  const url = (): string => `${options.publicUrl?.() ?? ""}/e/${fixtureToken}`;
  const view = (): EscalationView => ({ ...escalation, url: escalation.status === "waiting" ? url() : null });
  const answer = (text: string, comment: string) => {
    const first = escalation.status === "waiting";
    const decision = all.decisions.find((item) => item.id === escalation.decisionId)!;
    if (first) {
      const status = text === "approve" ? "approved" : text === "veto" ? "vetoed" : "pending";
      Object.assign(escalation, { status: "answered", answer: text });
      Object.assign(decision, { status, humanDecision: text, humanComment: comment, resolvedAt: new Date(start).toISOString() });
    }
    return { first, escalation: view(), decision };
  };
  const attachedTask = {
    title: "Prepare the booth and the two talks",
    description: `Book the booth, write both abstracts.\n${hostileText}`,
    workerType: "content-writer",
  };
  const records: Pick<Records, "escalations" | "escalation" | "escalationForm" | "answerByLink" | "answerAsOperator"> = {
    escalations: async (page) => (options.empty ? [] : pageOfRows([view()], page)),
    escalation: async (wanted) => ({
      ...found(wanted === escalation.id ? view() : undefined, "ESCALATION"),
      comment: null,
      answeredBy: null,
      answeredAt: null,
      notices: notices(),
    }),
    escalationForm: async (token) => {
      const decision = all.decisions.find((item) => item.id === escalation.decisionId);
      if (!decision || (token !== fixtureToken && token !== "expired")) return null;
      const state = token === "expired" ? "expired" : escalation.status === "waiting" ? "open" : "answered";
      return { state, escalation: view(), decision, attachedTask, receipts: receipts(), rehearsal: options.rehearsal ?? true };
    },
    answerByLink: async (token, given) => {
      note("answerByLink", token, given.decision, given.comment);
      return answer(given.decision, given.comment);
    },
    answerAsOperator: async (escalationId, operator, given) => {
      note("answerAsOperator", escalationId, operator, given.decision, given.comment);
      return answer(given.decision, given.comment);
    },
  };
  return { records, escalationId: escalation.id };
}

/** A company on fixed records: seven agents, a deadlock that waits, finished work. What it was told is in `calls`. */
export function fixtureRecords(options: FixtureOptions = {}) {
  const calls: { name: string; args: unknown[] }[] = [];
  const note: Note = (name, ...args) => void calls.push({ name, args });
  const all = allOf(options);
  const escalation = fixtureEscalation(all, options, note);
  const { accounts, ...people } = fixtureAccounts(note, options.people);
  const records: Records = {
    accounts,
    ...escalation.records,
    status: async () => ({
      fleet: "AITO",
      company: "aito",
      agents: options.empty ? [] : agents(),
      budget: { usdTotal: "20000.00", usdLeft: "14260.00" },
      nextWake: options.empty
        ? null
        : { agent: "cmo", at: new Date(start + 240_000).toISOString(), reason: "Review campaign performance" },
      switches: [],
      openEscalations: (await escalation.records.escalations({ limit: 9 })).filter((item) => item.status === "waiting").length,
    }),
    agent: async (name) =>
      found(
        agents().find((row) => row.name === name),
        "AGENT",
      ),
    agentState: async (name) => ({
      ...found(
        agents().find((row) => row.name === name),
        "AGENT",
      ),
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
      profile: { path: "cmo.md", model: "claude-sonnet-5-5" },
      git: { repository: null, filter: null },
      limits: { memoryMb: 256, cpus: 0.5, pids: 128, runtime: null, runSecondsMax: 600 },
      sessions: [],
      grants: { tools: ["send_message"], autonomy: "supervised", releases: [] },
      cost: { modelCalls: 0, usd: "0.00", unknownCalls: 0 },
    }),
    why: async (name) => ({
      agent: found(
        agents().find((row) => row.name === name),
        "AGENT",
      ),
      wanted: "running",
      switch: null,
      quarantined: false,
      failures: 0,
      retryAt: null,
      replacing: false,
      failedRuns: 0,
      plan: { do: "wait", why: "runs and was heard", since: new Date(start).toISOString() },
      lastAction: null,
      run: null,
      waitingWork: [],
    }),
    ...fixtureFleet(note),
    explain: async (name) => explained(name),
    org: async () => (options.empty ? [] : orgSeats()),
    propose: async (proposal) => {
      note("propose", proposal);
      return decisions()[4]!;
    },
    decisions: async (page) =>
      pageOfRows(
        all.decisions.filter((row) => !page.status || row.status === page.status),
        page,
      ),
    decision: async (wanted) =>
      found(
        all.decisions.find((row) => row.id === wanted),
        "DECISION",
      ),
    override: async (wanted, operator, reason) => {
      note("override", wanted, operator, reason);
      const decision = found(
        all.decisions.find((row) => row.id === wanted),
        "DECISION",
      );
      return { decision: { ...decision, status: "overridden" }, stopped: [], ran: [] };
    },
    approvals: async () => (options.empty ? [] : approvals()),
    approval: async () => found<ApprovalView>(undefined, "APPROVAL"),
    approvalForm: async () => null,
    answerApproval: async (wanted, by, answer) => {
      note("answerApproval", wanted, by, answer);
      return found<ApprovalAnswered>(undefined, "APPROVAL");
    },
    permissions: async () => [],
    tools: async () => (options.empty ? { tools: [], servers: [] } : fixtureTools()),
    signers: async () => ({ items: [] }),
    toolPins: async () => (options.empty ? [] : fixturePins()),
    answerToolPin: async () => {
      throw new Error("no tool waits");
    },
    addPermission: async (input, by) => {
      note("addPermission", input, by);
      return found<PermissionView>(undefined, "PERMISSION");
    },
    revokePermission: async (name, by) => {
      note("revokePermission", name, by);
      return found<PermissionView>(undefined, "PERMISSION");
    },
    ideas: async (page) => (options.empty ? [] : pageOfRows(ideas(), page)),
    promoteIdea: async (wanted) => {
      note("promoteIdea", wanted);
      const idea = found(
        ideas().find((row) => row.id === wanted),
        "IDEA",
      );
      return { ...idea, status: "promoted", decisionId: id(0x104) };
    },
    ask: async (question) => (options.empty || question.includes("elephant") ? untold(question) : askAnswer(question)),
    askRecords: async (question) => (options.empty ? untold(question) : askAnswer(question)),
    searchMemories: async ({ quarantined }) => ({
      by: "meaning",
      told: true,
      items: options.empty ? [] : memories().filter(({ setAside }) => (setAside !== null) === quarantined),
    }),
    memory: async () => ({
      embedder: "use-lite-en",
      total: 1_204,
      embedded: 1_180,
      putOff: 0,
      summaries: { total: 36, embedded: 36 },
      models: [{ model: "use-lite-en", memories: 1_180 }],
    }),
    forgetMemories: async (request, operator) => {
      note("forgetMemories", JSON.stringify(request.which), operator, request.reason);
      return { memories: 0, summaries: 0 };
    },
    acceptance: async () => (options.empty ? [] : acceptance()),
    costs: async ({ by }) => (options.empty ? [] : costs(by)),
    costForecast: async () => costForecast(options.empty),
    calls: async () => [],
    budgets: async () => (options.empty ? [] : budgets()),
    success: async () => [{ name: "cmo", succeeded: 5, failed: 1 }],
    recordings: async () => [],
    recording: () => Promise.reject(new AitoError("AITO_RECORDING_UNKNOWN", "there is no such recording", { status: 404 })),
    publications: async (page) => (options.empty ? [] : pageOfRows(publications(), page)),
    receipts: async () => [],
    receipt: async () => found<ReceiptDetail>(undefined, "RECEIPT"),
    verifyReceipts: async () => ({ ok: true, checked: 0, unsigned: 0, keys: [], problems: [] }),
    briefing: async () => emptyBriefing,
    figures: async () => ({ verified: [], unverified: [] }),
    changes: async (page) => (options.empty ? [] : pageOfRows([change()], page)),
    change: async (of) => found(options.empty || of !== change().id ? undefined : change(), "CHANGE"),
    board: async () => board,
    syncBoard: async () => board,
    hooks: async () => [{ ...hook, last: hookDelivery }],
    hookDeliveries: async () => [hookDelivery],
    receiveHook: async () => ({ did: "nothing", before: false, task: null }),
    refuseHook: async () => undefined,
    numbers: async (texts) => texts.map(({ text }) => backNumbers(text, [])),
    keys: async () => [],
    createKey: async (input) => {
      note("createKey", input);
      throw new AitoError("AITO_KEY_NAME_TAKEN", `there is a key "${input.name}" already`, { status: 409 });
    },
    rotateKey: async ({ name }) => {
      note("rotateKey", name);
      return { key: "aito_key_x", view: found<GatewayKeyView>(undefined, "KEY") };
    },
    revokeKey: async (name) => {
      note("revokeKey", name);
      return found<GatewayKeyView>(undefined, "KEY");
    },
    tasks: async (page) =>
      pageOfRows(
        all.tasks.filter((row) => (!page.status || row.status === page.status) && (!page.agent || row.assignedTo === page.agent)),
        page,
      ),
    releaseTask: () => Promise.resolve(),
    taskDigest: async (wanted) => taskDigest(wanted),
    taskFamily: async () => (options.empty ? [] : taskFamily()),
    moveTask: async (wanted, to, by) => {
      note("moveTask", wanted, to, by);
      const task = found(
        all.tasks.find((row) => row.id === wanted),
        "TASK",
      );
      return Object.assign(task, { status: to });
    },
    setTaskPriority: async (wanted, priority, by) => {
      note("setTaskPriority", wanted, priority, by);
      const task = found(
        all.tasks.find((row) => row.id === wanted),
        "TASK",
      );
      return Object.assign(task, { priority });
    },
    workers: () => Promise.resolve([]),
    operations: async () => operations(options.empty ?? false),
    task: async (wanted) =>
      found(
        all.tasks.find((row) => row.id === wanted),
        "TASK",
      ),
    messages: async (page) => pageOfRows(all.messages, page),
    message: async (wanted) => {
      const message = found(
        all.messages.find((row) => row.id === wanted),
        "MESSAGE",
      );
      return { message, respondedAt: null, readers: [], thread: [message] };
    },
    events: async (page) =>
      pageOfRows(
        all.events.filter((row) => !page.types || page.types.includes(row.type)),
        page,
      ),
    eventsAfter: async (seq, limit) =>
      all.events
        .filter((row) => BigInt(row.seq!) > seq)
        .toReversed()
        .slice(0, limit),
    head: async () => BigInt(all.events[0]?.seq ?? 0),
    exportEvents: async function* () {
      yield await Promise.resolve(`${JSON.stringify({ kind: "export" })}\n`);
    },
    verifyEvents: async () => ({ ok: true, count: all.events.length, head: all.events[0]?.hash ?? null, problem: null }),
    switches: async () => [],
    pressSwitch: async (press, presser) => (note("pressSwitch", press, presser), switchView(press)),
    resumeSwitch: async (resume, presser) => (
      note("resumeSwitch", resume, presser),
      switchView({ ...resume, scope: "company", target: "" })
    ),
    command: async (kind, args, by) => note("command", kind, args, by),
    ping: async () => undefined,
  };
  return { records, calls, ...people, token: fixtureToken, escalationId: escalation.escalationId };
}
