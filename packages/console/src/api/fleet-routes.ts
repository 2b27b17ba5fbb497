import {
  AgentName,
  AgentState,
  AgentWhy,
  FleetStatus,
  operatorApi,
  OrgSeat,
  Lesson,
  RoleExplained,
  RunView,
} from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";

const Accepted = z.object({ accepted: z.literal(true) });
const accepted = { accepted: true } as const;
const shared = { shared: true } as const;
const RunsQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });

/** How the fleet is, and orders to it. Orders are rows that the orchestrator carries out: 202, not 200. */
export function fleetRoutes(app: Api, { records, engine, model }: ApiOptions): void {
  app.get(operatorApi.status, { config: shared, schema: { response: { 200: FleetStatus } } }, async () => ({
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

  app.get(
    `${operatorApi.agents}/:name/lessons`,
    { schema: { params, response: { 200: z.object({ items: z.array(Lesson) }) } } },
    async (request) => ({ items: await records.lessons(request.params.name) }),
  );

  app.get(`${operatorApi.agents}/:name/explain`, { schema: { params, response: { 200: RoleExplained } } }, (request) =>
    records.explain(request.params.name),
  );

  app.get(
    operatorApi.org,
    { config: shared, schema: { response: { 200: z.object({ items: z.array(OrgSeat) }) } } },
    async () => ({
      items: await records.org(),
    }),
  );

  app.post(`${operatorApi.agents}/:name/restart`, { schema: { params, response: { 202: Accepted } } }, async (request, reply) => {
    const agent = await records.agent(request.params.name);
    await records.command("agent.restart", { agent: agent.name }, principalOf(request).operator);
    return await reply.code(202).send(accepted);
  });

  for (const [verb, needs] of [
    ["pause", "stop"],
    ["stop", "stop"],
    ["start", "manage"],
  ] as const) {
    app.post(
      `${operatorApi.agents}/:name/${verb}`,
      { config: { needs }, schema: { params, response: { 202: Accepted } } },
      async (request, reply) => {
        const agent = await records.agent(request.params.name);
        await records.command(`agent.${verb}`, { agent: agent.name }, principalOf(request).operator);
        return await reply.code(202).send(accepted);
      },
    );
  }

  app.get(
    `${operatorApi.agents}/:name/runs`,
    { schema: { params, querystring: RunsQuery, response: { 200: z.object({ items: z.array(RunView) }) } } },
    async (request) => ({ items: await records.runs(request.params.name, request.query.limit) }),
  );

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
