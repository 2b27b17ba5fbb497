import { type DecisionView, type RunContext, type TaskView, usdToMicro } from "@aito/protocol";
import type { MessagesRequest } from "./api/messages-request.ts";
import { readSituation, type Situation } from "./situation.ts";

/** Builders for this package's tests: a request as an agent sends it, of which each test says only what matters. */
export const at = "2026-01-02T03:04:05.000Z";

export const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const roles = ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"];

export interface Given {
  name?: string;
  role?: string;
  kind?: "agent" | "worker";
  usdLeft?: string;
  /** The profile's critical limit in dollars; null: none named. */
  criticalUsd?: number | null;
  context?: Partial<RunContext>;
}

export function contextOf({
  role = "cmo",
  name = role,
  kind = "agent",
  usdLeft = "20000.00",
  criticalUsd = 1_000,
  context,
}: Given = {}): RunContext {
  const isHead = role === "ceo" || role === "dao";
  return {
    now: at,
    run: id(1),
    agent: { name, role, kind, isHead, isCouncil: kind === "agent" && !isHead },
    wake: [{ kind: "wake", text: "loop" }],
    askModel: true,
    newSinceLastRun: [],
    profile: {
      name: `${role} profile`,
      department: "Department",
      reportsTo: "CEO",
      manages: role === "cmo" ? ["Content Writers", "Social Media"] : [],
      mission: "A mission.",
      responsibilities: [],
      authority: {
        minor: ["Content scheduling"],
        major: ["New marketing campaigns (> $100 budget)"],
        critical: ["Strategic partnerships"],
        majorAboveMicroUsd: "100000000",
        criticalAboveMicroUsd: criticalUsd === null ? null : usdToMicro(criticalUsd).toString(),
      },
      loop: { intervalSeconds: 3_600, actions: [] },
      git: null,
      communicationStyle: [],
      escalationRules: [],
    },
    state: {},
    history: [],
    historyHits: [],
    dueActions: [],
    tasks: [],
    messages: [],
    decisions: [],
    colleagues: roles.filter((each) => each !== role).map((each) => ({ name: each, role: each, department: null })),
    workerTypes: kind === "worker" ? [] : ["content-writer", "code-reviewer", "analyst", "support-bot"],
    budget: { usdTotal: "20000.00", usdLeft },
    ...context,
  };
}

export function decisionOf(usd: number, more: Partial<DecisionView> = {}): DecisionView {
  return {
    id: id(50),
    title: "A proposal",
    description: "",
    type: "major",
    declaredType: "major",
    typeReason: null,
    status: "pending",
    proposedBy: "cmo",
    amountMicroUsd: usdToMicro(usd).toString(),
    round: 1,
    phase: "heads",
    deadlineAt: null,
    rounds: [{ round: 1, phase: "heads", votes: [] }],
    humanDecision: null,
    humanComment: null,
    outcomeReason: null,
    taskId: null,
    createdAt: at,
    resolvedAt: null,
    ...more,
  };
}

export function taskOf(title: string, more: Partial<TaskView> = {}): TaskView {
  return {
    id: id(60),
    title,
    description: "",
    status: "running",
    priority: 5,
    assignedTo: "cmo",
    createdBy: "ceo",
    workerType: null,
    workerAgent: null,
    decisionId: null,
    parentTaskId: null,
    dueDate: null,
    createdAt: at,
    completedAt: null,
    result: null,
    ...more,
  };
}

const toolNames = [
  "argue",
  "propose_idea",
  "record_metric",
  "send_message",
  "publish_text",
  "create_task",
  "spawn_worker",
  "propose_decision",
  "cast_vote",
  "complete_task",
  "save_state",
  "list_tasks",
];

export function requestOf(context: RunContext, more: Partial<MessagesRequest> = {}): MessagesRequest {
  return {
    model: "claude-test",
    max_tokens: 8_192,
    system: [{ type: "text", text: `You are ${context.agent.name}.` }],
    messages: [
      {
        role: "user",
        content: `You were woken.\n\n<context>${JSON.stringify(context).replaceAll("<", String.raw`\u003c`)}</context>`,
      },
    ],
    tools: toolNames.map((name) => ({ name, input_schema: { type: "object" as const } })),
    ...more,
  };
}

export function situationOf(context: RunContext, seed = 1, more: Partial<MessagesRequest> = {}): Situation {
  const read = readSituation(requestOf(context, more), seed);
  if ("situation" in read) return read.situation;
  throw new Error(read.problem);
}
