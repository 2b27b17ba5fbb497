import { isAitoError } from "@aito/base";
import { ApprovalAnswer } from "@aito/protocol";
import type { FastifyInstance, FastifyReply } from "fastify";
import { requireSameOrigin } from "../http/origin.ts";
import type { Records } from "../records.ts";
import { approvalFormPage, approvalResultPage, approvalUnknownPage } from "./approval-pages.ts";

const requestsPerMinute = 60;
const send = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.code(status).type("text/html; charset=utf-8").send(page);

/**
 * `/a/<token>`: the form that answers a call. The signed link itself is the permission, so there is no login; GET shows, POST decides, and
 * only the first POST counts. Fields: `answer` = approve | deny | send_back | edit, `digest` of what was shown, `comment`, `arguments` as JSON.
 */
export function approvalPageRoutes(app: FastifyInstance, options: { records: Records; publicUrl: URL }): void {
  const { records } = options;
  const config = { rateLimit: { max: requestsPerMinute, timeWindow: "1 minute" } };

  app.get<{ Params: { token: string } }>("/a/:token", { config }, async (request, reply) => {
    const form = await records.approvalForm(request.params.token);
    if (!form) return send(reply, 404, approvalUnknownPage());
    return form.approval.status === "waiting"
      ? send(reply, 200, approvalFormPage(form))
      : send(reply, 410, approvalResultPage(form, { first: false, posted: false }));
  });

  app.post<{ Params: { token: string }; Body: unknown }>("/a/:token", { config }, async (request, reply) => {
    requireSameOrigin(request, options.publicUrl, true);
    const form = await records.approvalForm(request.params.token);
    if (!form) return send(reply, 404, approvalUnknownPage());
    const body = (request.body ?? {}) as Record<string, unknown>;
    const text = (name: string): string => (typeof body[name] === "string" ? body[name].replaceAll("\r\n", "\n") : "");
    const given = read({
      answer: text("answer"),
      digest: text("digest"),
      comment: text("comment"),
      arguments: text("arguments"),
    });
    if (!given) return send(reply, 422, approvalFormPage(form, problemOf(text("answer"), text("comment")), text("arguments")));
    try {
      const { first, approval } = await records.answerApproval(form.approval.id, "human", given);
      return send(reply, first ? 200 : 409, approvalResultPage({ ...form, approval }, { first, posted: true }));
    } catch (error) {
      if (!isAitoError(error) || error.status < 400 || error.status >= 500) throw error;
      return send(reply, error.status, approvalFormPage(form, error.message, text("arguments")));
    }
  });
}

const problemOf = (answer: string, comment: string): string =>
  answer === "send_back" && comment.trim() === ""
    ? "Say in the comment what should be different."
    : "Choose an answer; changed arguments are one JSON object.";

function read(fields: { answer: string; digest: string; comment: string; arguments: string }): ApprovalAnswer | null {
  const { answer, digest, comment } = fields;
  if (answer !== "edit") return ApprovalAnswer.safeParse({ answer, digest, comment }).data ?? null;
  try {
    return ApprovalAnswer.safeParse({ answer, digest, comment, arguments: JSON.parse(fields.arguments) as unknown }).data ?? null;
  } catch {
    return null;
  }
}
