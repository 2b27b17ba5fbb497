import { type AitoError, isAitoError } from "@aito/base";
import { HumanAnswer } from "@aito/protocol";
import type { FastifyInstance, FastifyReply } from "fastify";
import { requireSameOrigin } from "../http/origin.ts";
import type { Records } from "../records.ts";
import {
  type EscalationForm,
  escalationFormPage,
  escalationGonePage,
  escalationResultPage,
  escalationUnknownPage,
} from "./escalation-pages.ts";

const requestsPerMinute = 60;
const send = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.code(status).type("text/html; charset=utf-8").send(page);

/** The page for a link that shows no form: 410 for used, expired and closed ones. */
function told(reply: FastifyReply, form: EscalationForm, posted: boolean): FastifyReply {
  if (form.state === "answered") return send(reply, posted ? 409 : 410, escalationResultPage(form, { first: false, posted }));
  return send(reply, 410, escalationGonePage(form));
}

/**
 * `/e/<token>`: the form that a human answers. The link itself is the permission, so there is no login; GET shows, POST
 * decides, and only the first POST counts. Fields: `decision` = approve | veto | send_back, `comment`.
 */
export function escalationRoutes(app: FastifyInstance, options: { records: Records; publicUrl: URL }): void {
  const { records } = options;
  const config = { rateLimit: { max: requestsPerMinute, timeWindow: "1 minute" } };

  app.get<{ Params: { token: string } }>("/e/:token", { config }, async (request, reply) => {
    const form = await records.escalationForm(request.params.token);
    if (!form) return send(reply, 404, escalationUnknownPage());
    return form.state === "open" ? send(reply, 200, escalationFormPage(form)) : told(reply, form, false);
  });

  app.post<{ Params: { token: string }; Body: unknown }>("/e/:token", { config }, async (request, reply) => {
    requireSameOrigin(request, options.publicUrl, true);
    const form = await records.escalationForm(request.params.token);
    if (!form) return send(reply, 404, escalationUnknownPage());
    if (form.state !== "open") return told(reply, form, true);
    const body = (request.body ?? {}) as Record<string, unknown>;
    const comment = typeof body["comment"] === "string" ? body["comment"].replaceAll("\r\n", "\n").trim() : "";
    const answer = HumanAnswer.safeParse({ decision: body["decision"], comment });
    if (!answer.success)
      return send(
        reply,
        422,
        escalationFormPage(form, "Choose approve, veto or send back; a comment has at most 4,000 characters.", comment),
      );
    if (answer.data.decision === "send_back" && comment === "") {
      return send(reply, 422, escalationFormPage(form, "To send it back, write the question that the company should answer."));
    }
    try {
      const result = await records.answerByLink(request.params.token, answer.data);
      const page = escalationResultPage({ ...result, rehearsal: form.rehearsal }, { first: result.first, posted: true });
      return send(reply, result.first ? 200 : 409, page);
    } catch (error) {
      // A refusal by the rules (sending back twice, for one) is told on the form; what is broken goes on to the error page.
      if (!isRefusal(error)) throw error;
      return send(reply, error.status, escalationFormPage(form, error.message, comment));
    }
  });
}

const isRefusal = (error: unknown): error is AitoError => isAitoError(error) && error.status >= 400 && error.status < 500;
