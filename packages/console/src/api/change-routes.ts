import { ChangeRecord, ChangeSummary, Id, operatorApi, pageOf } from "@aito/protocol";
import { z } from "zod";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

/** What agents proposed in git repositories, from the decision to the merge commit. Read only. */
export function changeRoutes(app: Api, { records }: ApiOptions): void {
  app.get(operatorApi.changes, { schema: { querystring: PageQuery, response: { 200: pageOf(ChangeSummary) } } }, (request) =>
    readPage(request.query, (query) => records.changes(query)),
  );
  const params = z.object({ id: Id });
  app.get(`${operatorApi.changes}/:id`, { schema: { params, response: { 200: ChangeRecord } } }, (request) =>
    records.change(request.params.id),
  );
}
