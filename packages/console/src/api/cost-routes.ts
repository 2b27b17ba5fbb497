import {
  BudgetView,
  CallCut,
  CostCut,
  CostForecast,
  CostRow,
  IdeaView,
  InfraCosts,
  InfraCut,
  ModelCall,
  operatorApi,
  pageOf,
  SavingsView,
  SuccessCut,
  SuccessRow,
  SuggestSaving,
} from "@aito/protocol";
import { z } from "zod";
import type { Api, ApiOptions } from "./app.ts";
import { Instant, PageQuery, readPage, SpanEdge } from "./page-query.ts";

const shared = { shared: true } as const;

/** What model calls and containers cost, the budgets that hold them, what could be saved, and how often agents, tools and tasks succeed. */
export function costRoutes(app: Api, { records }: ApiOptions): void {
  const CostQuery = z.strictObject({ by: CostCut.default("agent"), since: SpanEdge.optional(), until: SpanEdge.optional() });
  app.get(
    operatorApi.costs,
    { config: shared, schema: { querystring: CostQuery, response: { 200: z.object({ items: z.array(CostRow) }) } } },
    async (request) => ({ items: await records.costs(request.query) }),
  );
  app.get(`${operatorApi.costs}/forecast`, { config: shared, schema: { response: { 200: CostForecast } } }, () =>
    records.costForecast(),
  );
  const InfraQuery = z.strictObject({ by: InfraCut.default("agent"), since: SpanEdge.optional(), until: SpanEdge.optional() });
  app.get(`${operatorApi.costs}/infra`, { schema: { querystring: InfraQuery, response: { 200: InfraCosts } } }, (request) =>
    records.infraCosts(request.query),
  );
  app.get(`${operatorApi.costs}/savings`, { schema: { response: { 200: SavingsView } } }, () => records.savings());
  app.post(
    `${operatorApi.costs}/savings/suggest`,
    { config: { needs: "propose" }, schema: { body: SuggestSaving, response: { 200: IdeaView } } },
    (request) => records.suggestSaving(request.body),
  );
  const CallQuery = PageQuery.extend({ ...CallCut.shape, since: SpanEdge.optional() });
  app.get(operatorApi.calls, { schema: { querystring: CallQuery, response: { 200: pageOf(ModelCall) } } }, (request) =>
    readPage(request.query, (query) => records.calls(query)),
  );
  app.get(
    operatorApi.budgets,
    { config: shared, schema: { response: { 200: z.object({ items: z.array(BudgetView) }) } } },
    async () => ({
      items: await records.budgets(),
    }),
  );
  const SuccessQuery = z.strictObject({ by: SuccessCut.default("agent"), since: Instant.optional() });
  app.get(
    operatorApi.success,
    { config: shared, schema: { querystring: SuccessQuery, response: { 200: z.object({ items: z.array(SuccessRow) }) } } },
    async (request) => ({ items: await records.success(request.query) }),
  );
}
