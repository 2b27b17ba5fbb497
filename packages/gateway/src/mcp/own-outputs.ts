import { Id, Timestamp } from "@aito/protocol";
import { z } from "zod";

/** What every successful answer holds beside its own fields: the call's receipt, null where it could not be written. */
const answer = <S extends z.ZodRawShape>(shape: S): z.ZodObject => z.looseObject({ ...shape, receipt: Id.nullable().optional() });
const texts = z.array(z.string());
const claim = z.looseObject({ metric: z.string(), value: z.string(), unit: z.string() });
const decision = { decision_id: Id, status: z.string() };

/** What each of our own tools answers when it has done what it was asked. */
export const ownOutputs: Readonly<Record<string, z.ZodObject>> = {
  send_message: answer({
    message_id: Id,
    to: z.string(),
    type: z.string(),
    answer_by: Timestamp.optional(),
    note: z.string().optional(),
  }),
  save_state: answer({ key: z.string(), version: z.number() }),
  create_task: answer({ task_id: Id, title: z.string(), status: z.string(), assigned_to: z.string().nullable() }),
  spawn_worker: answer({ task_id: Id, worker: z.string().nullable(), state: z.string().optional(), why: z.string().nullish() }),
  show_task: answer({
    id: Id,
    title: z.string(),
    description: z.string(),
    status: z.string(),
    assigned_to: z.string().nullable(),
    created_by: z.string().nullable(),
    worker_type: z.string().nullable(),
    worker: z.string().nullable(),
    result: z
      .looseObject({ summary: z.string(), text: z.string().nullish(), receipts: texts.optional(), unverified_numbers: texts })
      .nullable(),
  }),
  complete_task: answer({ task_id: Id, status: z.string(), unverified_numbers: texts }),
  save_work: answer({ work_id: Id, task_id: Id, words: z.number(), characters: z.number() }),
  report: answer({ report_id: Id, claims: z.array(claim), unverified_numbers: texts }),
  list_tasks: answer({ tasks: z.array(z.looseObject({ id: Id, title: z.string(), status: z.string() })) }),
  propose_decision: answer({
    ...decision,
    type: z.string(),
    type_reason: z.string().nullable(),
    task_id: Id.nullable(),
    amount_usd: z.string(),
  }),
  cast_vote: answer({ ...decision, round: z.number(), phase: z.string().nullable() }),
  argue: answer({ decision_id: Id, turns_left: z.number() }),
  withdraw_decision: answer(decision),
  list_decisions: answer({
    decisions: z.array(z.looseObject({ id: Id, title: z.string(), type: z.string(), status: z.string() })),
  }),
  propose_idea: answer({
    idea_id: Id,
    status: z.string(),
    score: z.number().nullable(),
    merged_into: Id.nullable(),
    compared_by: z.enum(["meaning", "words"]),
    decision_id: Id.nullable(),
  }),
  record_metric: answer({ metric_id: Id, verified: z.boolean(), why: z.string().optional() }),
  read_figures: answer({ figures: z.array(claim), unverified: z.array(claim) }),
  // Shadow mode says what it would have done, and an approval that is asked about what came of it.
  publish_text: answer({
    publication_id: Id.optional(),
    published: z.boolean().optional(),
    shadow: z.boolean().optional(),
    would_have: z.string().optional(),
    approval_id: Id.optional(),
    status: z.string().optional(),
  }),
};
