import { AgentName, AgentState, AgentWhy, FleetStatus, operatorApi, OrgSeat, RoleExplained } from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";

const Accepted = z.object({ accepted: z.literal(true) });
const accepted = { accepted: true } as const;

/** How the fleet is, and orders to it. Orders are rows that the orchestrator carries out: 202, not 200. */
export function fleetRoutes(app: Api, { records, engine, model }: ApiOptions): void {
  app.get(operatorApi.status, { schema: { response: { 200: FleetStatus } } }, async () => ({
    ...(await records.status()),
    engine,
    model,
  }));

  const params = z.object({ name: AgentName });
  app.get(`${operatorApi.agents}/:name`, { schema: { params, response: { 200: AgentState } } }, (request) =>
    records.agentState(request.params.name),
  );

  app.get(`${operatorApi.agents}/:name/why`, { schema: { params, response: { 200: AgentWhy } } }, (request) =>
    records.why(request.params.name),
  );

  app.get(`${operatorApi.agents}/:name/explain`, { schema: { params, response: { 200: RoleExplained } } }, (request) =>
    records.explain(request.params.name),
  );

  app.get(operatorApi.org, { schema: { response: { 200: z.object({ items: z.array(OrgSeat) }) } } }, async () => ({
    items: await records.org(),
  }));

  app.post(`${operatorApi.agents}/:name/restart`, { schema: { params, response: { 202: Accepted } } }, async (request, reply) => {
    const agent = await records.agent(request.params.name);
    await records.command("agent.restart", { agent: agent.name }, principalOf(request).operator);
    return await reply.code(202).send(accepted);
  });

  for (const [path, kind, needs] of [
    [operatorApi.fleetStart, "fleet.start", "manage"],
    [operatorApi.fleetStop, "fleet.stop", "stop"],
  ] as const) {
    app.post(path, { config: { needs }, schema: { response: { 202: Accepted } } }, async (request, reply) => {
      await records.command(kind, {}, principalOf(request).operator);
      return await reply.code(202).send(accepted);
    });
  }
}
