import { FleetChange, FleetDiff, FleetDryRun, FleetRevision, FleetTexts, operatorApi } from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";

const listedMax = 100;

/** The fleet's revisions: what each changed, and a change made, tried and deployed by an operator. */
export function revisionRoutes(app: Api, { records }: ApiOptions): void {
  const params = z.object({ revision: z.coerce.number().int().positive() });
  const querystring = z.object({
    limit: z.coerce.number().int().min(1).max(listedMax).default(20),
    before: z.coerce.number().int().positive().optional(),
  });
  app.get(
    operatorApi.fleetRevisions,
    { schema: { querystring, response: { 200: z.object({ items: z.array(FleetRevision) }) } } },
    async ({ query: { limit, before } }) => ({
      items: await records.fleetRevisions({ limit, ...(before === undefined ? {} : { before }) }),
    }),
  );
  app.get(`${operatorApi.fleetRevisions}/:revision`, { schema: { params, response: { 200: FleetTexts } } }, (request) =>
    records.fleetTexts(request.params.revision),
  );
  app.get(`${operatorApi.fleetRevisions}/:revision/diff`, { schema: { params, response: { 200: FleetDiff } } }, (request) =>
    records.fleetRevisionDiff(request.params.revision),
  );
  app.post(operatorApi.fleetDryRun, { schema: { body: FleetChange, response: { 200: FleetDryRun } } }, (request) =>
    records.dryRunFleet(request.body),
  );
  app.post(operatorApi.fleetDeploy, { schema: { body: FleetChange, response: { 200: FleetRevision } } }, (request) =>
    records.deployFleet(request.body, principalOf(request).operator),
  );
}
