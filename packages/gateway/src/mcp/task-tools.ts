import { AitoError } from "@aito/base";
import { createTask, finishTask, listTasks, listWorkers, saveWork, submitReport, taintFrom, taskView } from "@aito/company";
import { Claim, claimsPerReportMax, Id, Priority, TaskStatus, Timestamp, usdToMicro } from "@aito/protocol";
import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";

const listedMax = 50;
const marksMax = 50;
const claims = z
  .array(Claim)
  .max(claimsPerReportMax)
  .default([])
  .describe(
    "each number or fact of it: metric, value, unit, period and entity as a receipt's facts have them, and the receipts' ids",
  );
const priorityNumber = { low: 3, normal: 5, high: 7, urgent: 9 } as const;

export const taskTools: Tool[] = [
  defineTool({
    name: "create_task",
    description:
      "Create a task for yourself or a colleague (assign_to); a worker is started with spawn_worker. What spends money or is hard to " +
      "undo goes through propose_decision instead.",
    risk: "write",
    kinds: ["agent"],
    input: z.object({
      title: z.string().trim().min(1).max(255),
      description: z.string().max(20_000).default(""),
      assign_to: z.string().max(60).optional().describe("a colleague's name; yourself if left out"),
      priority: Priority.default("normal"),
      due: Timestamp.optional(),
      under_task: Id.optional().describe("the task of yours that it is part of"),
      usd: z.number().nonnegative().max(1e9).optional().describe("what it may spend of under_task's approved budget"),
    }),
    run: async ({ context, session }, input) => {
      const task = await createTask(context.deps, session, {
        title: input.title,
        description: input.description,
        assignTo: input.assign_to,
        priority: priorityNumber[input.priority],
        parentTaskId: input.under_task ?? null,
        budgetMicroUsd: input.usd === undefined ? null : usdToMicro(input.usd),
        dueDate: input.due === undefined ? null : new Date(input.due),
      });
      return { task_id: task.id, title: task.title, status: task.status, assigned_to: task.assignedTo };
    },
  }),
  defineTool({
    name: "spawn_worker",
    description:
      "Start a worker for one task, in a container of its own. Its result comes back to you as a message and wakes you; then it is " +
      "gone. Where all places are taken it waits for one. It spends nothing but what under_task's approved budget gives it.",
    risk: "write",
    hint: ({ workerTypes }) => `Types that you may start: ${workerTypes.join(", ")}.`,
    kinds: ["agent", "worker"],
    offered: ({ workerTypes }) => workerTypes.length > 0,
    input: z.object({
      worker_type: z.string().min(1).max(60).describe("one of workerTypes in your context"),
      title: z.string().trim().min(1).max(255),
      description: z.string().max(20_000).default("").describe("all that it must know: it sees nothing else of yours"),
      priority: Priority.default("normal"),
      under_task: Id.optional().describe("the task of yours that it is part of; a worker's own if left out"),
      usd: z.number().nonnegative().max(1e9).optional().describe("what it may spend of under_task's approved budget"),
      tools: z
        .array(z.string().max(100))
        .max(50)
        .optional()
        .describe("the tools that it may hold at most; its type's if left out"),
    }),
    run: async ({ context, session }, input) => {
      const task = await createTask(context.deps, session, {
        title: input.title,
        description: input.description,
        workerType: input.worker_type,
        tools: input.tools ?? null,
        priority: priorityNumber[input.priority],
        parentTaskId: input.under_task ?? null,
        budgetMicroUsd: input.usd === undefined ? null : usdToMicro(input.usd),
      });
      const mine = (await listWorkers(context.deps)).find((worker) => worker.name === task.workerAgent);
      return { task_id: task.id, worker: task.workerAgent, ...(mine ? { state: mine.state, why: mine.why } : {}) };
    },
  }),
  defineTool({
    name: "show_task",
    description: "Read one task with its whole result and the receipts that back it.",
    risk: "read",
    kinds: ["agent", "worker"],
    input: z.object({ task_id: Id }),
    run: async ({ context, session }, { task_id }) => {
      const task = await taskView(context.deps, task_id);
      if (session.kind === "worker" && task.id !== session.taskId && task.assignedTo !== session.agent) {
        throw new AitoError("AITO_TASK_NOT_YOURS", `task ${task.id} is not ${session.agent}'s`, { status: 403 });
      }
      await taintFrom(context.deps, session, "tasks", [task.id]);
      const { id, title, description, status, assignedTo, createdBy, workerType, workerAgent, result } = task;
      return {
        id,
        title,
        description,
        status,
        assigned_to: assignedTo,
        created_by: createdBy,
        worker_type: workerType,
        worker: workerAgent,
        result: result && {
          summary: result.summary,
          text: result.text,
          receipts: result.receipts,
          claims: result.claims ?? [],
          unverified_numbers: [...(result.marks?.summary ?? []), ...(result.marks?.text ?? [])].map((mark) => mark.text),
        },
      };
    },
  }),
  defineTool({
    name: "complete_task",
    description:
      "Hand in a task that is yours: a summary of one or two sentences, and the finished work as text. It counts as done only if a call " +
      "made for it has succeeded (save_work keeps a finished text). Of what you tried in another system and what did not happen the summary " +
      "names the receipt. State each number as a claim with the receipts that say it: wrong " +
      "claims are refused with the reason, to be mended; numbers in the text without a claim are marked as unverified.",
    risk: "write",
    evidence: false,
    kinds: ["agent", "worker"],
    input: z.object({
      task_id: Id,
      summary: z.string().trim().min(1).max(2_000),
      text: z.string().max(200_000).nullish().describe("the work itself, in Markdown; what was saved with save_work if left out"),
      claims,
      outcome: z.enum(["done", "failed"]).default("done").describe("failed: it cannot be done, and the summary says why"),
    }),
    run: async ({ context, session, receiptId }, input) => {
      const result = { summary: input.summary, text: input.text ?? null, receipts: [] };
      const ending = { id: input.task_id, status: input.outcome, result, claims: input.claims, receiptId };
      const task = await finishTask(context.deps, session, ending);
      const marks = [...(task.result?.marks?.summary ?? []), ...(task.result?.marks?.text ?? [])];
      return { task_id: task.id, status: task.status, unverified_numbers: marks.slice(0, marksMax).map((mark) => mark.text) };
    },
  }),
  defineTool({
    name: "save_work",
    description: "Keep a finished text with a task of yours, before you hand the task in. The newest one is what is handed in.",
    risk: "write",
    kinds: ["agent", "worker"],
    input: z.object({ task_id: Id, text: z.string().trim().min(1).max(200_000).describe("the work itself, in Markdown") }),
    run: async ({ context, session }, input) => {
      const { id, words, characters } = await saveWork(context.deps, session, { task: input.task_id, text: input.text });
      return { work_id: id, task_id: input.task_id, words, characters };
    },
    facts: ({ task_id, words, characters }, now) =>
      Object.entries({ words, characters }).map(([metric, value]) => ({
        metric,
        value: String(value),
        unit: "count",
        period: null,
        entity: String(task_id),
        observedAt: now.toISOString(),
      })),
  }),
  defineTool({
    name: "report",
    description:
      "Report what you found, without ending a task. The answer says of each claim whether its receipts say it, and which numbers of the " +
      "text nothing backs, so that you can mend both. Others read your verified claims only.",
    risk: "write",
    evidence: false,
    kinds: ["agent", "worker"],
    input: z.object({ text: z.string().trim().min(1).max(50_000), claims, task_id: Id.optional() }),
    run: async ({ context, session, receiptId }, input) => {
      const of = input.task_id ?? session.taskId;
      const task = of === null ? null : await taskView(context.deps, of);
      const stored = await submitReport(context.deps, session, {
        task,
        text: input.text,
        claims: input.claims,
        run: null,
        receiptId,
      });
      return {
        report_id: stored.id,
        claims: stored.claims.map(({ metric, value, unit, verified, why }) => ({ metric, value, unit, verified, why })),
        unverified_numbers: stored.marks.slice(0, marksMax).map((mark) => mark.text),
      };
    },
  }),
  defineTool({
    name: "list_tasks",
    description: "List the company's newest tasks, all or those with a status.",
    risk: "read",
    kinds: ["agent"],
    input: z.object({ status: TaskStatus.optional(), limit: z.number().int().min(1).max(listedMax).default(20) }),
    run: async ({ context, session }, input) => {
      const tasks = await listTasks(context.deps, { status: input.status ? [input.status] : undefined, limit: input.limit });
      await taintFrom(
        context.deps,
        session,
        "tasks",
        tasks.map(({ id }) => id),
      );
      return {
        tasks: tasks.map((task) => ({
          id: task.id,
          title: task.title,
          status: task.status,
          assigned_to: task.assignedTo,
          created_by: task.createdBy,
          due: task.dueDate,
          summary: task.result?.summary ?? null,
          unverified_numbers: (task.result?.marks?.summary ?? []).map((mark) => mark.text),
        })),
      };
    },
  }),
];
