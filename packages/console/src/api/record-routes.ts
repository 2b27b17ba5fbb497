import { Readable } from "node:stream";
import {
  AgentName,
  ChainReport,
  EventView,
  Id,
  OperationsView,
  operatorApi,
  pageOf,
  MoveTask,
  SettleTask,
  TaskBranch,
  TaskDigest,
  TaskPriority,
  TaskRequest,
  TaskStatus,
  TaskView,
  WorkerView,
} from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { Instant, PageQuery, readPage } from "./page-query.ts";

const typesMax = 20;
const shared = { shared: true } as const;

/** What was done: tasks, workers, audit events. */
export function recordRoutes(app: Api, options: ApiOptions): void {
  taskRoutes(app, options);
  const { records } = options;
  app.get(operatorApi.workers, { config: shared, schema: { response: { 200: z.array(WorkerView) } } }, () => records.workers());

  app.get(operatorApi.operations, { config: shared, schema: { response: { 200: OperationsView } } }, () => records.operations());

  const EventQuery = PageQuery.extend({
    /** Comma-separated event types, e.g. `decision.opened,decision.closed`. */
    types: z
      .string()
      .max(1_000)
      .regex(/^[\w.]+(,[\w.]+)*$/)
      .transform((text) => text.split(",").slice(0, typesMax))
      .optional(),
    /** Who did it: an agent, an operator, `system`. */
    by: z.string().min(1).max(100).optional(),
    since: Instant.optional(),
    until: Instant.optional(),
  });
  app.get(
    operatorApi.events,
    { config: shared, schema: { querystring: EventQuery, response: { 200: pageOf(EventView) } } },
    (request) => readPage(request.query, (query) => records.events(query)),
  );

  app.get(operatorApi.eventsExport, (_request, reply) =>
    reply.type("application/x-ndjson").send(Readable.from(records.exportEvents())),
  );

  app.get(operatorApi.eventsVerify, { schema: { response: { 200: ChainReport } } }, () => records.verifyEvents());
}

/** Tasks: what operators ask for and change, and what came of it. */
function taskRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.tasks,
    {
      config: shared,
      schema: {
        querystring: PageQuery.extend({ status: TaskStatus.optional(), agent: AgentName.optional() }),
        response: { 200: pageOf(TaskView) },
      },
    },
    (request) => readPage(request.query, (query) => records.tasks(query)),
  );

  app.post(
    operatorApi.tasks,
    { schema: { body: TaskRequest, response: { 200: TaskView, 201: TaskView } } },
    async (request, reply) => {
      const { task, made } = await records.requestTask(request.body, principalOf(request).operator);
      return await reply.code(made ? 201 : 200).send(task);
    },
  );

  app.get(`${operatorApi.tasks}/:id`, { schema: { params: z.object({ id: Id }), response: { 200: TaskView } } }, (request) =>
    records.task(request.params.id),
  );

  const params = z.object({ id: Id });
  app.get(
    `${operatorApi.tasks}/:id/family`,
    { schema: { params, response: { 200: z.object({ items: z.array(TaskBranch) }) } } },
    async (request) => ({ items: await records.taskFamily(request.params.id) }),
  );

  app.get(`${operatorApi.tasks}/:id/digest`, { schema: { params, response: { 200: TaskDigest } } }, (request) =>
    records.taskDigest(request.params.id),
  );

  app.post(`${operatorApi.tasks}/:id/move`, { schema: { params, body: MoveTask, response: { 200: TaskView } } }, (request) =>
    records.moveTask(request.params.id, request.body.to, principalOf(request).operator),
  );

  app.post(
    `${operatorApi.tasks}/:id/priority`,
    { schema: { params, body: TaskPriority, response: { 200: TaskView } } },
    (request) => records.setTaskPriority(request.params.id, request.body.priority, principalOf(request).operator),
  );

  app.post(
    `${operatorApi.tasks}/:id/release`,
    { schema: { params: z.object({ id: Id }), response: { 200: TaskView } } },
    async (request) => {
      await records.releaseTask(request.params.id, principalOf(request).operator);
      return await records.task(request.params.id);
    },
  );

  app.post(`${operatorApi.tasks}/:id/settle`, { schema: { params, body: SettleTask, response: { 200: TaskView } } }, (request) =>
    records.settleTask(request.params.id, request.body, principalOf(request).operator),
  );
}
