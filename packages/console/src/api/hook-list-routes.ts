import { HookDelivery, HookView, operatorApi, pageOf } from "@aito/protocol";
import { z } from "zod";
import type { HookSecrets } from "../hooks/hook-secrets.ts";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

/** Webhook intake as operators see it: the fleet file's hooks, and what came in. */
export function hookListRoutes(app: Api, { records }: ApiOptions, secrets: HookSecrets): void {
  app.get(operatorApi.hooks, { schema: { response: { 200: z.object({ items: z.array(HookView) }) } } }, async () => ({
    items: (await records.hooks()).map((hook) => ({ ...hook, secrets: secrets.of(hook.name).length })),
  }));
  app.get(
    operatorApi.hookDeliveries,
    {
      schema: {
        querystring: PageQuery.extend({ hook: z.string().max(100).optional() }),
        response: { 200: pageOf(HookDelivery) },
      },
    },
    (request) => readPage(request.query, (query) => records.hookDeliveries(query)),
  );
}
