import { AitoError } from "@aito/base";
import {
  ApprovalAnswer,
  DecisionStatus,
  HumanAnswer,
  Id,
  OperatorProposal,
  type OperatorScope,
  TaskStatus,
} from "@aito/protocol";
import type { Caller } from "@aito/company";
import { z } from "zod";
import { withLinkFor } from "../api/answer-links.ts";
import type { Records } from "../records.ts";

export interface OperatorTool<S extends z.ZodObject = z.ZodObject> {
  name: string;
  description: string;
  input: S;
  /** What its caller must be allowed; `read` changes nothing. */
  needs: OperatorScope;
  run(records: Records, input: z.infer<S>, caller: Pick<Caller, "operator" | "scopes">): Promise<object>;
}

const define = <S extends z.ZodObject>(tool: OperatorTool<S>): OperatorTool => tool;

/** What an answer to a decision is to a call. */
const callAnswers = { approve: "approve", veto: "deny", send_back: "send_back" } as const satisfies Record<
  HumanAnswer["decision"],
  ApprovalAnswer["answer"]
>;

const Limit = z.number().int().min(1).max(100).default(20);

/**
 * What an operator's own MCP client or script may do: read how the company stands, propose, and answer what waits for a human. Stopping,
 * keys and the fleet file are not here: they stay with the console and the command line, where a person confirms.
 */
export const operatorTools: OperatorTool[] = [
  define({
    name: "status",
    description: "How the company stands: agents and what they do, money, the next wake, what waits for a human.",
    needs: "read",
    input: z.object({}),
    run: (records) => records.status(),
  }),
  define({
    name: "ask",
    description:
      "Ask the records a question in plain words, for example: what did the CTO do today? The answer is evidence with its sources.",
    needs: "read",
    input: z.object({ question: z.string().trim().min(1).max(1_000) }),
    run: (records, { question }) => records.ask(question),
  }),
  define({
    name: "briefing",
    description:
      "What happened in the last hours and what needs a human, from records. Figures are verified and name their receipts; what nothing " +
      "backs stands apart under unverified.",
    needs: "read",
    input: z.object({
      hours: z
        .number()
        .int()
        .min(1)
        .max(24 * 31)
        .default(24),
    }),
    run: (records, { hours }) => records.briefing(hours),
  }),
  define({
    name: "list_decisions",
    description: "The newest decisions with rounds, ballots and reasons, all or those of one status.",
    needs: "read",
    input: z.object({ status: DecisionStatus.optional(), limit: Limit }),
    run: async (records, { status, limit }) => ({ decisions: await records.decisions({ limit, status }) }),
  }),
  define({
    name: "show_decision",
    description: "One decision, whole.",
    needs: "read",
    input: z.object({ decision_id: Id }),
    run: (records, { decision_id }) => records.decision(decision_id),
  }),
  define({
    name: "list_tasks",
    description: "The newest tasks with their results, all or those of one status.",
    needs: "read",
    input: z.object({ status: TaskStatus.optional(), limit: Limit }),
    run: async (records, { status, limit }) => ({ tasks: await records.tasks({ limit, status }) }),
  }),
  define({
    name: "list_waiting",
    description:
      "What waits for a human's answer: decisions, with why each voter voted as they did, and under calls the dangerous calls, each exactly " +
      "as it would run, with the digest that an answer names.",
    needs: "read",
    input: z.object({ limit: Limit }),
    run: async (records, { limit }, { scopes }) => {
      const [waiting, calls] = [
        await records.escalations({ limit, status: "waiting" }),
        await records.approvals({ limit, status: "waiting" }),
      ];
      return {
        waiting: waiting.map((view) => withLinkFor(scopes, view)),
        calls: calls.map((view) => withLinkFor(scopes, view)),
      };
    },
  }),
  define({
    name: "propose",
    description: "Bring a proposal in the name of an agent. The heads and the council decide on it like on any other.",
    needs: "propose",
    input: z.object(OperatorProposal.shape),
    run: (records, proposal) => records.propose(OperatorProposal.parse(proposal)),
  }),
  define({
    name: "answer",
    description:
      "Answer what waits for a human, once: approve, veto, or send_back with a question in the comment. A second answer changes nothing. A " +
      "decision is named by escalation_id; a call by approval_id with the digest that list_waiting showed, and any other digest is refused.",
    needs: "answer",
    input: z.object({
      escalation_id: Id.optional(),
      approval_id: Id.optional(),
      digest: ApprovalAnswer.shape.digest.optional(),
      ...HumanAnswer.shape,
    }),
    run: async (records, { escalation_id, approval_id, digest, ...answer }, { operator }) => {
      if (escalation_id !== undefined && approval_id === undefined && digest === undefined) {
        const { first, decision } = await records.answerAsOperator(escalation_id, operator, HumanAnswer.parse(answer));
        return { counted: first, decision };
      }
      if (escalation_id !== undefined || approval_id === undefined || digest === undefined) {
        throw new AitoError("AITO_ANSWER_INVALID", "name what is answered: escalation_id, or approval_id with its digest", {
          hint: "see both with list_waiting",
          status: 422,
        });
      }
      const given = { digest, answer: callAnswers[answer.decision], comment: answer.comment };
      const { first, approval } = await records.answerApproval(approval_id, operator, given);
      return { counted: first, approval };
    },
  }),
];
