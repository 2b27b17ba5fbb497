import type { AgentMessage, RunContext } from "@aito/protocol";
import { amountIn } from "../amounts.ts";
import type { Intent } from "../intent.ts";
import { asRecord, type Situation, textOr } from "../situation.ts";
import { proposal } from "./propose.ts";
import { titleCharsMax } from "./worker-type.ts";

export interface PlanStep {
  step: string;
  owner: string;
  /** `given`: a task for its owner; `proposed`: waits for a decision; `open`: not yet begun. */
  status: "given" | "proposed" | "open";
}
export interface Plan {
  goal: string;
  goal_id: string;
  steps: PlanStep[];
}

/** Steps begun in one run; the plan itself is one more call. */
export const stepsAtOnceMax = 5;

/** A goal becomes a plan: steps in the order given, each a task for its owner or a proposal of its own. */
export function goalIntents({ context }: Situation): Intent[] {
  const known = asRecord(context.state["plan"])["goal_id"];
  const message = context.messages.find((each) => each.type === "direct" && each.payload["goal"] === true && each.id !== known);
  if (!message || context.agent.kind === "worker") return [];
  const plan = readPlan(context, message);
  return begin(context, plan, stepsAtOnceMax);
}

/** Begins the open steps of a plan, at most `count`, and saves the plan last: only then is its goal done with. */
export function begin(context: RunContext, plan: Plan, count: number): Intent[] {
  const chosen = plan.steps.filter((step) => step.status === "open").slice(0, count);
  const begun = chosen.map((step) => ({ step, intent: stepIntent(context, step, plan.goal) }));
  const steps = plan.steps.map((step): PlanStep => {
    const intent = begun.find((each) => each.step === step)?.intent;
    if (intent === undefined) return step;
    // A step of the lead's own that costs nothing is done by following the plan.
    return { ...step, status: intent?.tool === "propose_decision" ? "proposed" : "given" };
  });
  const save: Intent = {
    tool: "save_state",
    input: { key: "plan", value: { ...plan, steps } },
    say: planText({ ...plan, steps }),
  };
  return [...begun.flatMap(({ intent }) => intent ?? []), save];
}

function stepIntent(context: RunContext, { step, owner }: PlanStep, goal: string): Intent | null {
  const why = `${step}\n\nPart of the goal: ${goal}`;
  if (owner === context.agent.name) {
    const amount = amountIn(step);
    return amount === null ? null : proposal(context, { title: withoutStop(step), why, amount });
  }
  return {
    tool: "create_task",
    input: { title: withoutStop(step).slice(0, titleCharsMax), description: why, assign_to: owner, priority: "high" },
    say: `I give ${owner} the task: ${withoutStop(step)}.`,
  };
}

function readPlan(context: RunContext, message: AgentMessage): Plan {
  const lines = textOr(message.payload["text"])
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const bullet = /^(?:[-*•]|\d+[.)])\s+/;
  const listed = lines.filter((line) => bullet.test(line)).map((line) => line.replace(bullet, ""));
  const prose = lines.filter((line) => !bullet.test(line)).join(" ");
  const sentences = prose.split(/(?<=[.!?])\s+/).filter((sentence) => sentence !== "");
  const texts = listed.length > 0 ? listed : sentences.length > 1 ? sentences.slice(1) : sentences;
  return {
    goal: (sentences[0] ?? texts[0] ?? "").slice(0, 300),
    goal_id: message.id,
    steps: texts.map((text) => ({ ...ownedStep(context, text), status: "open" as const })),
  };
}

/** "CMO: run a campaign" belongs to the CMO; so does a sentence that names the CMO first among the members; else to this agent. */
function ownedStep({ agent, colleagues }: RunContext, text: string): { step: string; owner: string } {
  const members = [...colleagues, { name: agent.name, role: agent.role }];
  const named = (word: string): string | undefined =>
    members.find(({ name, role }) => [name, role].includes(word.toLowerCase()))?.name;
  const label = /^([A-Za-z][\w-]*)\s*:\s*(.+)$/s.exec(text);
  const owner = label && named(label[1]!);
  if (owner) return { step: label[2]!, owner };
  const words = text.match(/[A-Za-z][\w-]*/g) ?? [];
  return { step: text, owner: words.map(named).find((name) => name !== undefined) ?? agent.name };
}

function planText(plan: Plan): string {
  const steps = plan.steps.map(({ step, owner, status }, at) => `${at + 1}. ${owner}: ${withoutStop(step)} (${status})`);
  return [`My plan for "${withoutStop(plan.goal)}":`, ...steps].join("\n");
}

const withoutStop = (text: string): string => text.replace(/[.\s]+$/, "");
