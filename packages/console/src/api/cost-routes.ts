import {
  BudgetView,
  CostCut,
  CostForecast,
  CostRow,
  Id,
  ModelCall,
  operatorApi,
  pageOf,
  SuccessCut,
  SuccessRow,
} from "@aito/protocol";
import { z } from "zod";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

const When = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional();

/** What model calls cost, the budgets that hold them, and how often agents, tools and tasks succeed. Read only. */
export function costRoutes(app: Api, { records }: ApiOptions): void {
  const CostQuery = z.strictObject({ by: CostCut.default("agent"), since: When, until: When });
  app.get(
    operatorApi.costs,
    { schema: { querystring: CostQuery, response: { 200: z.object({ items: z.array(CostRow) }) } } },
    async (request) => ({ items: await records.costs(request.query) }),
  );
  app.get(`${operatorApi.costs}/forecast`, { schema: { response: { 200: CostForecast } } }, () => records.costForecast());
  const CallQuery = PageQuery.extend({ agent: z.string().min(1).max(100).optional(), task: Id.optional() });
  app.get(operatorApi.calls, { schema: { querystring: CallQuery, response: { 200: pageOf(ModelCall) } } }, (request) =>
    readPage(request.query, (query) => records.calls(query)),
  );
  app.get(operatorApi.budgets, { schema: { response: { 200: z.object({ items: z.array(BudgetView) }) } } }, async () => ({
    items: await records.budgets(),
  }));
  const SuccessQuery = z.strictObject({ by: SuccessCut.default("agent"), since: When });
  app.get(
    operatorApi.success,
    { schema: { querystring: SuccessQuery, response: { 200: z.object({ items: z.array(SuccessRow) }) } } },
    async (request) => ({ items: await records.success(request.query) }),
  );
}
