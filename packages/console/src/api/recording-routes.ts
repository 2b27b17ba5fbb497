import { Id, operatorApi, pageOf, RecordedCall, RecordingView } from "@aito/protocol";
import { z } from "zod";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

/** What models were asked and answered, where the fleet file says that it is kept. Read only. */
export function recordingRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.recordings,
    { schema: { querystring: PageQuery.extend({ run: Id.optional() }), response: { 200: pageOf(RecordingView) } } },
    (request) => readPage(request.query, (query) => records.recordings(query)),
  );

  const params = z.object({ id: Id });
  app.get(`${operatorApi.recordings}/:id`, { schema: { params, response: { 200: RecordedCall } } }, (request) =>
    records.recording(request.params.id),
  );
}
