import { AitoError } from "@aito/base";
import { requireCompanyRuns, requireCurrent } from "@aito/company";
import type { FastifyInstance } from "fastify";
import { clientGone } from "../agents/client-gone.ts";
import { toAitoError } from "../error-reply.ts";
import { anthropicError } from "./anthropic-error.ts";
import { askUpstreams } from "./ask-upstreams.ts";
import { priorities } from "./admission.ts";
import { messageCall } from "./message-call.ts";
import type { ModelService } from "./model-service.ts";
import { models, resolveModel } from "./models.ts";
import { readModelRequest } from "./model-request.ts";
import { showHeaders } from "./pass-through.ts";
import { replaceTopLevelString } from "./top-level-string.ts";

export const modelBodyBytesMax = 32 * 1024 * 1024;

/** `/v1/*`: the Anthropic Messages API as it is, behind the caller's token. Errors have that API's shape. */
export function modelRoutes(app: FastifyInstance, service: ModelService): void {
  // Claude Code asks whether anybody is there before it has said who it is.
  app.head("/", async (_request, reply) => await reply.status(200).send());
  void app.register(async (v1) => {
    v1.setErrorHandler((error, _request, reply) => {
      const known = toAitoError(error, service.log);
      if (known.status !== 429) void reply.header("x-should-retry", "false");
      void reply.status(known.status).send(anthropicError(known));
    });
    // Before the body is read: nobody unknown sends 32 MB.
    v1.addHook("onRequest", async (request) => void (await service.authenticator.of(request)));
    // Bodies are passed on byte for byte where possible, so they are kept as they came.
    v1.removeAllContentTypeParsers();
    v1.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: modelBodyBytesMax }, (_request, body, done) => done(null, body));
    v1.post("/v1/messages", async (request, reply) => await messageCall(service, request, reply));
    countTokensRoute(v1, service);
    v1.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url: "/v1/*",
      handler: (request) => {
        const path = request.url.split("?")[0]!.slice(0, 100);
        throw new AitoError("AITO_MODEL_UNSERVED", `there is no ${request.method} ${path} here`, {
          hint: "messages, messages/count_tokens and models are served; a batch's cost could not be held while it runs",
          status: 404,
        });
      },
    });
    v1.get("/v1/models", async (request) => {
      const caller = await service.authenticator.of(request, { fresh: true });
      const data = caller.models.map(modelView);
      return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    });
    v1.get<{ Params: { id: string } }>("/v1/models/:id", async (request) => {
      const caller = await service.authenticator.of(request, { fresh: true });
      const { id } = resolveModel(request.params.id);
      if (caller.models.includes(id)) return modelView(id);
      throw new AitoError("AITO_MODEL_NOT_ALLOWED", `${caller.name} has no model ${request.params.id.slice(0, 100)}`, {
        status: 404,
      });
    });
  });
}

const modelView = (id: string) => ({ type: "model", id, display_name: id, created_at: `${models.date}T00:00:00Z` });

/** Counting is free; it goes the way of a call, without a reservation. */
function countTokensRoute(v1: FastifyInstance, service: ModelService): void {
  v1.post("/v1/messages/count_tokens", async (request, reply) => {
    const caller = await service.authenticator.of(request, { fresh: true });
    const asked = readModelRequest(request.body, caller);
    if (caller.kind === "agent") await requireCurrent(service.deps, caller.session);
    else await requireCompanyRuns(service.deps);
    if (asked.warning) void reply.header("x-aito-warning", asked.warning);
    const { answer, ticket } = await askUpstreams(service, {
      routes: (await service.routes.of(asked.model)).slice(0, 1),
      request: ({ model }) => ({
        method: "POST",
        path: request.url,
        headers: request.headers,
        body: model === asked.asked ? asked.body : replaceTopLevelString(asked.body, "model", model),
        model,
      }),
      caller: caller.name,
      priority: priorities.agent,
      signal: AbortSignal.any([clientGone(reply), service.signal]),
    });
    try {
      const parts: Buffer[] = [];
      for await (const part of answer.body as AsyncIterable<Buffer>) parts.push(part);
      return await showHeaders(reply, answer).send(Buffer.concat(parts));
    } finally {
      ticket.leave();
    }
  });
}
