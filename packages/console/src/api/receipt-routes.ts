import {
  BriefingView,
  ContradictionReopened,
  ContradictionSettled,
  ContradictionView,
  FiguresView,
  Id,
  NumbersRequest,
  NumbersView,
  operatorApi,
  pageOf,
  ReceiptDetail,
  ReceiptsReport,
  ReceiptView,
  ReopenContradiction,
  SettleContradiction,
  SettlementView,
} from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

const params = z.object({ id: Id });
const Name = z.string().min(1).max(100).optional();
const Query = PageQuery.extend({ task: Id.optional(), run: Id.optional(), agent: Name, tool: Name });

/** Signed records of tool calls, their check, and the figures that lead to them. */
export function receiptRoutes(app: Api, options: ApiOptions): void {
  contradictionRoutes(app, options);
  const { records } = options;
  app.get(operatorApi.receipts, { schema: { querystring: Query, response: { 200: pageOf(ReceiptView) } } }, (request) =>
    readPage(request.query, (query) => records.receipts(query)),
  );
  app.get(`${operatorApi.receipts}/verify`, { schema: { response: { 200: ReceiptsReport } } }, () => records.verifyReceipts());
  app.get(`${operatorApi.receipts}/:id`, { schema: { params, response: { 200: ReceiptDetail } } }, (request) =>
    records.receipt(request.params.id),
  );
  app.post(
    operatorApi.numbers,
    { config: { needs: "read" }, schema: { body: NumbersRequest, response: { 200: NumbersView } } },
    async (request) => ({
      items: await records.numbers(request.body.texts),
    }),
  );
  const Hours = z.strictObject({
    hours: z.coerce
      .number()
      .int()
      .min(1)
      .max(24 * 31)
      .default(24),
  });
  app.get(
    operatorApi.briefing,
    { config: { shared: true }, schema: { querystring: Hours, response: { 200: BriefingView } } },
    (request) => records.briefing(request.query.hours),
  );
  app.get(operatorApi.figures, { config: { shared: true }, schema: { response: { 200: FiguresView } } }, () => records.figures());
}

/** Figures that cannot all be right, and the word of a human on which of them is. */
function contradictionRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.contradictions,
    { config: { shared: true }, schema: { response: { 200: z.object({ items: z.array(ContradictionView) }) } } },
    async () => ({ items: await records.contradictions() }),
  );
  app.post(
    `${operatorApi.contradictions}/:id/settle`,
    { config: { needs: "answer" }, schema: { params, body: SettleContradiction, response: { 200: ContradictionSettled } } },
    (request) => records.settleContradiction(request.params.id, request.body, principalOf(request).operator),
  );
  app.get(
    `${operatorApi.contradictions}/settled`,
    { config: { shared: true }, schema: { response: { 200: z.object({ items: z.array(SettlementView) }) } } },
    async () => ({ items: await records.settlements() }),
  );
  app.post(
    `${operatorApi.contradictions}/:id/reopen`,
    { config: { needs: "answer" }, schema: { params, body: ReopenContradiction, response: { 200: ContradictionReopened } } },
    (request) => records.reopenContradiction(request.params.id, request.body.reason, principalOf(request).operator),
  );
}
