import { Acceptance, Id, IdeaView, operatorApi, pageOf, PublicationView } from "@aito/protocol";
import { z } from "zod";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

/** Ideas of agents, how humans answered what agents proposed, and what was published. */
export function ideaRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.ideas,
    { config: { shared: true }, schema: { querystring: PageQuery, response: { 200: pageOf(IdeaView) } } },
    (request) => readPage(request.query, (query) => records.ideas(query)),
  );

  const params = z.object({ id: Id });
  app.post(
    `${operatorApi.ideas}/:id/promote`,
    { config: { needs: "propose" }, schema: { params, response: { 200: IdeaView } } },
    (request) => records.promoteIdea(request.params.id),
  );

  app.get(operatorApi.acceptance, { schema: { response: { 200: z.object({ items: z.array(Acceptance) }) } } }, async () => ({
    items: await records.acceptance(),
  }));

  app.get(
    operatorApi.publications,
    { schema: { querystring: PageQuery, response: { 200: pageOf(PublicationView) } } },
    (request) => readPage(request.query, (query) => records.publications(query)),
  );
}
