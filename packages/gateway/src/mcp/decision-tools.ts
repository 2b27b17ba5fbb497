import { castVote, listDecisions, propose } from "@aito/company";
import { DecisionStatus, DecisionType, Id, Vote } from "@aito/protocol";
import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";

const listedMax = 50;

export const decisionTools: Tool[] = [
  defineTool({
    name: "propose_decision",
    description:
      "Propose something that needs authority: money, commitments, anything hard to undo. Give the full amount in dollars. The " +
      "platform may raise the type; a minor decision is decided at once, others are voted on. An attached task starts when it is approved.",
    risk: "write",
    kinds: ["agent"],
    input: z.object({
      title: z.string().trim().min(1).max(255),
      description: z.string().max(20_000).default(""),
      type: DecisionType.default("minor"),
      kind: z.string().max(255).optional().describe("one of the kinds listed in your profile's Decision Authority"),
      usd: z.number().nonnegative().max(1e9).default(0),
      task: z
        .object({
          title: z.string().trim().min(1).max(255),
          description: z.string().max(20_000).default(""),
          worker_type: z.string().max(60).optional(),
        })
        .optional(),
    }),
    run: async ({ context, session }, input) => {
      const decision = await propose(context.deps, session, {
        title: input.title,
        description: input.description,
        type: input.type,
        kind: input.kind ?? null,
        usd: input.usd,
        task: input.task
          ? { title: input.task.title, description: input.task.description, workerType: input.task.worker_type ?? null }
          : null,
        validUntil: null,
      });
      return {
        decision_id: decision.id,
        type: decision.type,
        type_reason: decision.typeReason,
        status: decision.status,
        task_id: decision.taskId,
      };
    },
  }),
  defineTool({
    name: "cast_vote",
    description: "Cast your one vote in the open round of a decision that waits for you, with your reason.",
    risk: "write",
    kinds: ["agent"],
    input: z.object({ decision_id: Id, vote: Vote, reason: z.string().trim().min(1).max(4_000) }),
    run: async ({ context, session }, input) => {
      const decision = await castVote(context.deps, session, {
        decisionId: input.decision_id,
        vote: input.vote,
        reason: input.reason,
      });
      return { decision_id: decision.id, status: decision.status, round: decision.round, phase: decision.phase };
    },
  }),
  defineTool({
    name: "list_decisions",
    description: "List the company's newest decisions, all or those with a status.",
    risk: "read",
    kinds: ["agent"],
    input: z.object({ status: DecisionStatus.optional(), limit: z.number().int().min(1).max(listedMax).default(20) }),
    run: async ({ context }, input) => {
      const decisions = await listDecisions(context.deps, { status: input.status, limit: input.limit });
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
