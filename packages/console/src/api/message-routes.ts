import {
  AgentMessage,
  Id,
  MessageDetail,
  operatorApi,
  pageItemsMax,
  pageOf,
  Replayed,
  TalkCut,
  TalkSpan,
  ThreadView,
} from "@aito/protocol";
import { z } from "zod";
import type { Api, ApiOptions } from "./app.ts";
import { Instant, PageQuery, readPage } from "./page-query.ts";

/** What agents said to each other: as it comes, by conversation, and again from a time on. Read only. */
export function messageRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.messages,
    { schema: { querystring: PageQuery.extend(TalkCut.shape), response: { 200: pageOf(AgentMessage) } } },
    (request) => readPage(request.query, (query) => records.messages(query)),
  );

  app.get(
    operatorApi.threads,
    { schema: { querystring: PageQuery.extend({ with: TalkCut.shape.with }), response: { 200: pageOf(ThreadView) } } },
    (request) => readPage(request.query, (query) => records.threads(query)),
  );

  app.get(operatorApi.talkSpan, { schema: { querystring: TalkCut, response: { 200: TalkSpan } } }, (request) =>
    records.talkSpan(request.query),
  );

  const ReplayQuery = TalkCut.extend({
    limit: z.coerce.number().int().min(1).max(pageItemsMax).default(100),
    from: Instant.optional(),
    after: Id.optional(),
  });
  app.get(operatorApi.replay, { schema: { querystring: ReplayQuery, response: { 200: Replayed } } }, (request) =>
    records.replay(request.query),
  );

  app.get(
    `${operatorApi.messages}/:id`,
    { schema: { params: z.object({ id: Id }), response: { 200: MessageDetail } } },
    (request) => records.message(request.params.id),
  );
}
