import { CreatedGatewayKey, GatewayKeyName, GatewayKeyView, NewGatewayKey, operatorApi, RotateGatewayKey } from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";

/** Keys with which outside tools call models through the gateway. */
export function keyRoutes(app: Api, { records, modelUrl }: ApiOptions): void {
  app.get(operatorApi.keys, { schema: { response: { 200: z.object({ items: z.array(GatewayKeyView) }) } } }, async () => ({
    items: await records.keys(),
  }));

  app.post(
    operatorApi.keys,
    { schema: { body: NewGatewayKey, response: { 201: CreatedGatewayKey } } },
    async (request, reply) => {
      const { key, view } = await records.createKey(request.body, principalOf(request).operator);
      return await reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ ...view, key, baseUrl: modelUrl() });
    },
  );

  const params = z.object({ name: GatewayKeyName });
  app.post(
    `${operatorApi.keys}/:name/rotate`,
    { schema: { params, body: RotateGatewayKey, response: { 200: CreatedGatewayKey } } },
    async (request, reply) => {
      const { key, view } = await records.rotateKey({ ...request.params, ...request.body }, principalOf(request).operator);
      return await reply.header("cache-control", "no-store").send({ ...view, key, baseUrl: modelUrl() });
    },
  );
  app.post(`${operatorApi.keys}/:name/revoke`, { schema: { params, response: { 200: GatewayKeyView } } }, (request) =>
    records.revokeKey(request.params.name, principalOf(request).operator),
  );
}
