import { AitoError } from "@aito/base";
import {
  argue,
  argumentTurnsMax,
  castVote,
  heldGrants,
  listDecisions,
  propose,
  taintFrom,
  withdraw,
  withheld,
} from "@aito/company";
import { type AttachedAction, DecisionStatus, DecisionType, Id, microToUsd, ReleasedTool, Vote } from "@aito/protocol";
import { z } from "zod";
import { dangerousTools } from "./dangerous-tools.ts";
import { actionArguments } from "./run-gated.ts";
import { classOf, defineTool, isGated, type Kinds, type Tool, type ToolCall } from "./tool.ts";

const listedMax = 50;

const Action = z.object({
  tool: ReleasedTool.describe("a dangerous tool of yours; an outside one too"),
  arguments: z.record(z.string(), z.json()).optional().describe("the call's exact arguments; without them any call of the tool"),
  usd: z.number().nonnegative().max(1e9).default(0).describe("what all its calls may cost"),
  times: z.number().int().min(1).max(100).default(1),
});

/** What a decision releases is a tool that its proposer holds; its arguments are stored as the tool reads them, and cost what they say. */
async function attachedAction(
  { context, session }: ToolCall,
  { tool: name, arguments: given, usd, times }: z.infer<typeof Action>,
): Promise<AttachedAction> {
  const tool = [...dangerousTools, ...context.moreTools()].find((each) => each.name === name);
  const held = tool !== undefined && isGated(tool) && tool.kinds.includes(session.kind);
  if (!held || withheld(await heldGrants(context.deps, session), { name, dataClass: classOf(tool) })) {
    throw new AitoError("AITO_PROPOSAL_INVALID", `${name} is no tool of yours that a decision could release`, {
      hint: "name a dangerous tool that you are offered",
      status: 422,
    });
  }
  if (!given) return { tool: name, arguments: null, usd, timesMax: times };
  const own = actionArguments(tool.input.parse(given));
  const cost = Number(microToUsd(tool.costMicroUsd(own)));
  return { tool: name, arguments: own as AttachedAction["arguments"], usd: Math.max(usd, cost), timesMax: times };
}

function kindsHint(kinds: Kinds): string {
  const list = (names: string[]): string => names.map((name) => `"${name}"`).join(", ") || "none";
  return `Kinds of your profile: minor ${list(kinds.minor)}; major ${list(kinds.major)}; critical ${list(kinds.critical)}. Any other kind counts as major.`;
}

export const decisionTools: Tool[] = [
  defineTool({
    name: "propose_decision",
    description:
      "Propose something that needs authority: money, commitments, anything hard to undo. Give the full amount in dollars. The " +
      "platform may raise the type; a minor decision is decided at once, others are voted on. An attached task starts when it is approved; " +
      "its model calls and actions are paid from the amount.",
    risk: "write",
    hint: kindsHint,
    kinds: ["agent"],
    input: z.object({
      title: z.string().trim().min(1).max(255),
      description: z.string().max(20_000).default(""),
      type: DecisionType.default("minor"),
      kind: z
        .string()
        .max(255)
        .optional()
        .describe("one of the kinds listed in your profile's Decision Authority, word for word"),
      usd: z.number().nonnegative().max(1e9).default(0),
      task: z
        .object({
          title: z.string().trim().min(1).max(255),
          description: z.string().max(20_000).default(""),
          worker_type: z.string().max(60).optional(),
          usd: z.number().nonnegative().max(1e9).optional().describe("what it may spend; the whole amount if left out"),
        })
        .optional(),
      action: Action.optional().describe("a dangerous tool that the approval releases, in an autonomous role"),
      under_task: Id.optional().describe("the task of yours whose approved budget pays for it"),
      emergency: z.boolean().optional().describe("heads only: the heads decide within minutes"),
    }),
    run: async (call, input) => {
      const { context, session } = call;
      const decision = await propose(context.deps, session, {
        title: input.title,
        description: input.description,
        type: input.type,
        kind: input.kind ?? null,
        usd: input.usd,
        task: input.task
          ? {
              title: input.task.title,
              description: input.task.description,
              workerType: input.task.worker_type ?? null,
              usd: input.task.usd,
            }
          : null,
        action: input.action ? await attachedAction(call, input.action) : null,
        underTask: input.under_task ?? null,
        emergency: input.emergency ?? false,
        validUntil: null,
      });
      return {
        decision_id: decision.id,
        type: decision.type,
        type_reason: decision.typeReason,
        status: decision.status,
        task_id: decision.taskId,
        amount_usd: microToUsd(decision.amountMicroUsd),
      };
    },
    facts: ({ decision_id, amount_usd }, now) => [
      {
        metric: "proposed_amount",
        value: String(amount_usd),
        unit: "USD",
        period: null,
        entity: String(decision_id),
        observedAt: now.toISOString(),
      },
    ],
  }),
  defineTool({
    name: "cast_vote",
    description: "Cast your one vote in the open round of a decision that waits for you, with your reason.",
    risk: "write",
    kinds: ["agent"],
    input: z.object({
      decision_id: Id,
      vote: Vote,
      reason: z.string().trim().min(1).max(4_000),
      round: z.int().min(1).max(1_000).optional().describe("The round you answer, as the decision shows it."),
    }),
    run: async ({ context, session }, input) => {
      const decision = await castVote(context.deps, session, {
        decisionId: input.decision_id,
        vote: input.vote,
        reason: input.reason,
        round: input.round,
      });
      return { decision_id: decision.id, status: decision.status, round: decision.round, phase: decision.phase };
    },
  }),
  defineTool({
    name: "argue",
    description:
      `Tell the other head your argument on a decision before round 1 closes; at most ${argumentTurnsMax} times each. ` +
      "What was said is in the decision's exchange. It is no ballot.",
    risk: "write",
    kinds: ["agent"],
    headsOnly: true,
    input: z.object({ decision_id: Id, text: z.string().trim().min(1).max(4_000) }),
    run: async ({ context, session }, input) => {
      const { exchange = [] } = await argue(context.deps, session, { decisionId: input.decision_id, text: input.text });
      return {
        decision_id: input.decision_id,
        turns_left: argumentTurnsMax - exchange.filter(({ by }) => by === session.agent).length,
      };
    },
  }),
  defineTool({
    name: "withdraw_decision",
    description: "Take back a decision that you proposed and that is still open. Its attached task is cancelled.",
    risk: "write",
    kinds: ["agent"],
    input: z.object({ decision_id: Id }),
    run: async ({ context, session }, input) => {
      const decision = await withdraw(context.deps, session, input.decision_id);
      return { decision_id: decision.id, status: decision.status };
    },
  }),
  defineTool({
    name: "list_decisions",
    description: "List the company's newest decisions, all or those with a status.",
    risk: "read",
    kinds: ["agent"],
    input: z.object({ status: DecisionStatus.optional(), limit: z.number().int().min(1).max(listedMax).default(20) }),
    run: async ({ context, session }, input) => {
      const decisions = await listDecisions(context.deps, { status: input.status, limit: input.limit });
      await taintFrom(
        context.deps,
        session,
        "decisions",
        decisions.map(({ id }) => id),
      );
      return {
        decisions: decisions.map((decision) => ({
          id: decision.id,
          title: decision.title,
          type: decision.type,
          status: decision.status,
          proposed_by: decision.proposedBy,
          amount_micro_usd: decision.amountMicroUsd,
          round: decision.round,
          outcome: decision.outcomeReason,
        })),
      };
    },
  }),
];
