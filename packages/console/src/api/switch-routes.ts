import { Id, operatorApi, SwitchPress, SwitchResume, SwitchView } from "@aito/protocol";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";

/** Kill switches: pressing one is one request, ending it another that repeats what it stops. Both are on record with their origin. */
export function switchRoutes(app: Api, { records }: ApiOptions): void {
  const query = z.object({ all: z.enum(["0", "1"]).default("0") });
  app.get(
    operatorApi.switches,
    { config: { shared: true }, schema: { querystring: query, response: { 200: z.object({ items: z.array(SwitchView) }) } } },
    async (request) => ({ items: await records.switches({ withResumed: request.query.all === "1" }) }),
  );

  app.post(
    operatorApi.switches,
    { config: { needs: "stop" }, schema: { body: SwitchPress, response: { 200: SwitchView } } },
    (request) => records.pressSwitch(request.body, originOf(request)),
  );

  app.post(
    `${operatorApi.switches}/:id/resume`,
    { schema: { params: z.object({ id: Id }), body: SwitchResume, response: { 200: SwitchView } } },
    (request) => records.resumeSwitch({ id: request.params.id, ...request.body }, originOf(request)),
  );
}

function originOf(request: FastifyRequest): { by: string; from: string } {
  const principal = principalOf(request);
  const how = principal.kind === "key" ? principal.how : "browser session";
  return { by: principal.operator, from: `${how}, ${request.ip}` };
}
