import { Readable } from "node:stream";
import {
  AgentMessage,
  AgentName,
  ChainReport,
  EventView,
  Id,
  MessageDetail,
  OperationsView,
  operatorApi,
  pageOf,
  MoveTask,
  TaskBranch,
  TaskDigest,
  TaskPriority,
  TaskStatus,
  TaskView,
  WorkerView,
} from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

const typesMax = 20;

/** What was done and said: tasks, messages, audit events. Read only, but for the end of a quarantine. */
export function recordRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.tasks,
    {
      schema: {
        querystring: PageQuery.extend({ status: TaskStatus.optional(), agent: AgentName.optional() }),
        response: { 200: pageOf(TaskView) },
      },
    },
    (request) => readPage(request.query, (query) => records.tasks(query)),
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

  app.get(operatorApi.workers, { schema: { response: { 200: z.array(WorkerView) } } }, () => records.workers());

  app.get(operatorApi.operations, { schema: { response: { 200: OperationsView } } }, () => records.operations());

  app.get(operatorApi.messages, { schema: { querystring: PageQuery, response: { 200: pageOf(AgentMessage) } } }, (request) =>
    readPage(request.query, (query) => records.messages(query)),
  );

  app.get(
    `${operatorApi.messages}/:id`,
    { schema: { params: z.object({ id: Id }), response: { 200: MessageDetail } } },
    (request) => records.message(request.params.id),
  );

  const EventQuery = PageQuery.extend({
    /** Comma-separated event types, e.g. `decision.opened,decision.closed`. */
    types: z
      .string()
      .max(1_000)
      .regex(/^[\w.]+(,[\w.]+)*$/)
      .transform((text) => text.split(",").slice(0, typesMax))
      .optional(),
  });
  app.get(operatorApi.events, { schema: { querystring: EventQuery, response: { 200: pageOf(EventView) } } }, (request) =>
    readPage(request.query, (query) => records.events(query)),
  );

  app.get(operatorApi.eventsExport, (_request, reply) =>
    reply.type("application/x-ndjson").send(Readable.from(records.exportEvents())),
  );

  app.get(operatorApi.eventsVerify, { schema: { response: { 200: ChainReport } } }, () => records.verifyEvents());
}
