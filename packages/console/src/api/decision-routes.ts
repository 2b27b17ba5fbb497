import {
  DecisionStatus,
  DecisionView,
  EscalationDetail,
  EscalationStatus,
  EscalationView,
  HumanAnswer,
  Id,
  operatorApi,
  OperatorProposal,
  OverrideReport,
  OverrideRequest,
  pageOf,
} from "@aito/protocol";
import { z } from "zod";
import { withLinkFor } from "./answer-links.ts";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

const params = z.object({ id: Id });

/** Decisions, what waits for a human, and the human's answer given inside the console. */
export function decisionRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.decisions,
    {
      config: { shared: true },
      schema: { querystring: PageQuery.extend({ status: DecisionStatus.optional() }), response: { 200: pageOf(DecisionView) } },
    },
    (request) => readPage(request.query, (query) => records.decisions(query)),
  );

  app.get(`${operatorApi.decisions}/:id`, { schema: { params, response: { 200: DecisionView } } }, (request) =>
    records.decision(request.params.id),
  );

  app.post(
    `${operatorApi.decisions}/:id/override`,
    { config: { needs: "answer" }, schema: { params, body: OverrideRequest, response: { 200: OverrideReport } } },
    (request) => records.override(request.params.id, principalOf(request).operator, request.body.reason),
  );

  app.post(
    operatorApi.proposals,
    { config: { needs: "propose" }, schema: { body: OperatorProposal, response: { 201: DecisionView } } },
    async (request, reply) => reply.code(201).send(await records.propose(request.body)),
  );

  app.get(
    operatorApi.escalations,
    {
      config: { shared: true },
      schema: {
        querystring: PageQuery.extend({ status: EscalationStatus.optional(), decision: Id.optional() }),
        response: { 200: pageOf(EscalationView) },
      },
    },
    (request) =>
      readPage(request.query, async (query) => {
        const { scopes } = principalOf(request);
        return (await records.escalations(query)).map((view) => withLinkFor(scopes, view));
      }),
  );

  app.get(`${operatorApi.escalations}/:id`, { schema: { params, response: { 200: EscalationDetail } } }, async (request) =>
    withLinkFor(principalOf(request).scopes, await records.escalation(request.params.id)),
  );

  const Answered = z.object({ first: z.boolean(), escalation: EscalationView, decision: DecisionView });
  app.post(
    `${operatorApi.escalations}/:id/answer`,
    { config: { needs: "answer" }, schema: { params, body: HumanAnswer, response: { 200: Answered, 409: Answered } } },
    async (request, reply) => {
      const result = await records.answerAsOperator(request.params.id, principalOf(request).operator, request.body);
      return await reply.code(result.first ? 200 : 409).send(result);
    },
  );
}
