import {
  ApprovalAnswer,
  ApprovalAnswered,
  ApprovalDetail,
  ApprovalStatus,
  ApprovalView,
  EditedCallView,
  Id,
  NewPermission,
  operatorApi,
  pageOf,
  PermissionView,
} from "@aito/protocol";
import { z } from "zod";
import { withLinkFor } from "./answer-links.ts";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

const ApprovalEdit = z.strictObject({ arguments: z.record(z.string(), z.json()) });
const params = z.object({ id: Id });

/** Calls that wait for a human, the answer to them, and what an operator permits beforehand. */
export function approvalRoutes(app: Api, { records }: ApiOptions): void {
  app.get(
    operatorApi.approvals,
    {
      config: { shared: true },
      schema: { querystring: PageQuery.extend({ status: ApprovalStatus.optional() }), response: { 200: pageOf(ApprovalView) } },
    },
    (request) =>
      readPage(request.query, async (query) => {
        const { scopes } = principalOf(request);
        return (await records.approvals(query)).map((view) => withLinkFor(scopes, view));
      }),
  );

  app.get(`${operatorApi.approvals}/:id`, { schema: { params, response: { 200: ApprovalDetail } } }, async (request) =>
    withLinkFor(principalOf(request).scopes, await records.approval(request.params.id)),
  );

  app.post(
    `${operatorApi.approvals}/:id/answer`,
    {
      config: { needs: "answer" },
      schema: { params, body: ApprovalAnswer, response: { 200: ApprovalAnswered, 409: ApprovalAnswered } },
    },
    async (request, reply) => {
      const result = await records.answerApproval(request.params.id, principalOf(request).operator, request.body);
      return await reply.code(result.first ? 200 : 409).send(result);
    },
  );

  app.post(
    `${operatorApi.approvals}/:id/preview`,
    {
      config: { needs: "answer" },
      schema: { params, body: ApprovalEdit, response: { 200: EditedCallView } },
    },
    (request) => records.previewEdit(request.params.id, request.body.arguments),
  );

  app.get(operatorApi.permissions, { schema: { response: { 200: z.object({ items: z.array(PermissionView) }) } } }, async () => ({
    items: await records.permissions(),
  }));

  app.post(
    operatorApi.permissions,
    { schema: { body: NewPermission, response: { 201: PermissionView } } },
    async (request, reply) => reply.code(201).send(await records.addPermission(request.body, principalOf(request).operator)),
  );

  app.post(
    `${operatorApi.permissions}/:name/revoke`,
    { schema: { params: z.object({ name: NewPermission.shape.name }), response: { 200: PermissionView } } },
    (request) => records.revokePermission(request.params.name, principalOf(request).operator),
  );
}
