import { type LoopAction, type RunContext, usdToMicro } from "@aito/protocol";
import { within } from "../amounts.ts";
import type { Intent } from "../intent.ts";
import { asRecord, type Situation } from "../situation.ts";
import { begin, type Plan, type PlanStep } from "./goal.ts";
import { proposal } from "./propose.ts";
import { managedWorkerType, workerTaskTitle } from "./worker-type.ts";

const ideasKept = 10;
const stepsContinuedMax = 3;

/**
 * A creative action of the loop that is due: an open plan goes on; otherwise one idea is proposed and remembered, and every second idea
 * becomes a small proposal, every third a task. What follows depends on how many ideas there were, never on chance.
 */
export function ideaIntents(situation: Situation): Intent[] {
  const { context } = situation;
  const action = context.dueActions.find((each) => each.creative);
  if (!action || context.agent.kind === "worker") return [];
  const plan = openPlan(context);
  if (plan) return begin(context, plan, stepsContinuedMax);
  const saved = asRecord(context.state["ideas"]);
  const count = Number.isSafeInteger(saved["count"]) ? Number(saved["count"]) : 0;
  const last = Array.isArray(saved["last"]) ? (saved["last"] as unknown[]) : [];
  const idea = makeIdea(situation, action, count);
  const value = { count: count + 1, last: [...last, { at: context.now, action: action.text, idea }].slice(-ideasKept) };
  return [
    {
      tool: "propose_idea",
      input: { title: idea, text: `It came up when this was due: ${action.text}` },
      say: `My idea: ${idea}.`,
    },
    { tool: "save_state", input: { key: "ideas", value }, say: "I keep it in mind, so that the next one is another." },
    ...consequence(context, idea, count),
  ];
}

function openPlan({ state }: RunContext): Plan | null {
  const { goal, goal_id, steps } = asRecord(state["plan"]);
  if (typeof goal !== "string" || typeof goal_id !== "string" || !Array.isArray(steps)) return null;
  const readable = steps.map(asRecord).filter(({ step, owner }) => typeof step === "string" && typeof owner === "string");
  const plan = { goal, goal_id, steps: readable as unknown as PlanStep[] };
  return plan.steps.some(({ status }) => status === "open") ? plan : null;
}

function consequence(context: RunContext, idea: string, count: number): Intent[] {
  if (count % 3 === 1) return smallProposal(context, idea);
  if (count % 3 === 2) return smallTask(context, idea, count);
  return [];
}

/** A fifth of what the agent may spend alone, as long as that is at most 1 % of the budget left. */
function smallProposal(context: RunContext, idea: string): Intent[] {
  const limit = context.profile.authority.majorAboveMicroUsd;
  const amount = limit === null ? 0n : BigInt(limit) / 5n;
  if (amount === 0n || !within(amount, 1, usdToMicro(context.budget.usdLeft))) return [];
  return [proposal(context, { title: `Try out: ${idea}`, why: "A small trial shows whether it is worth more.", amount })];
}

/** A head asks its colleagues in turn; others start a worker that they manage. */
function smallTask(context: RunContext, idea: string, count: number): Intent[] {
  const { agent, colleagues } = context;
  const description = `Look into this idea and write down what it takes: ${idea}`;
  if (agent.isHead) {
    const colleague = colleagues[Math.floor(count / 3) % Math.max(1, colleagues.length)];
    if (!colleague) return [];
    return [
      {
        tool: "create_task",
        input: { title: idea, description, assign_to: colleague.name },
        say: `I ask ${colleague.name} to look into it.`,
      },
    ];
  }
  const workerType = managedWorkerType(context);
  if (!workerType) return [];
  const title = workerTaskTitle(workerType, idea);
  return [
    {
      tool: "spawn_worker",
      input: { title, description, worker_type: workerType },
      say: `I start a ${workerType} for it.`,
    },
  ];
}

const forms = [
  "a weekly series about",
  "a short guide to",
  "a friendly challenge around",
  "a monthly look at",
  "an open hour on",
  "a checklist for",
  "a story about",
  "a survey on",
] as const;
const matters = [
  "how new members find their place",
  "what long-standing members value",
  "the questions asked most this week",
  "what one visitor needs before signing up",
  "the work behind our last decision",
  "small improvements that members noticed",
  "staying safe from scams",
  "sharing the community with a friend",
] as const;

/** "Community: a short guide to staying safe from scams": the department's own field, in another combination each time. */
function makeIdea({ context, choose }: Situation, action: LoopAction, count: number): string {
  const start = choose(
    Array.from({ length: forms.length * matters.length }, (_, at) => at),
    context.agent.role,
    action.text,
  );
  const at = (start + count * 9) % (forms.length * matters.length);
  return `${context.profile.department}: ${forms[at % forms.length]!} ${matters[Math.floor(at / forms.length)]!}`;
}
