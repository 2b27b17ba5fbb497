import { AitoError, errorText, isAitoError, type Logger } from "@aito/base";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { problemPage } from "../pages/login-pages.ts";

/** Anything thrown as an AitoError fit for an answer. What we did not foresee tells nothing about the inside. */
export function toAnswer(error: FastifyError): AitoError {
  if (isAitoError(error)) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(
      (issue) => `${issue.instancePath.slice(1).replaceAll("/", ".") || "body"}: ${issue.message}`,
    );
    return new AitoError("AITO_CONSOLE_INPUT", `the request is not valid: ${problems.join("; ")}`, { status: 400 });
  }
  if (error.statusCode === 429) {
    return new AitoError("AITO_CONSOLE_RATE", "too many attempts", { hint: "wait a minute", fate: "retry", status: 429 });
  }
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
    return new AitoError("AITO_CONSOLE_REQUEST", errorText(error), { status: error.statusCode });
  }
  return new AitoError("AITO_CONSOLE_FAILED", "the console could not answer", {
    hint: "its log has the reason",
    status: 500,
    cause: error,
  });
}

const titles: Record<number, string> = {
  403: "Refused",
  404: "Not found",
  421: "Wrong address",
  429: "Too many attempts",
  503: "Not now",
};

/** Pages are answered with pages, everything else with `{ error: { code, message, hint? } }`. */
export function answerErrors(app: FastifyInstance, log: Logger): void {
  const send = (request: FastifyRequest, reply: FastifyReply, error: AitoError): FastifyReply => {
    const isPage = !request.url.startsWith("/api/") && (request.headers.accept ?? "").includes("text/html");
    if (isPage) {
      return reply
        .code(error.status)
        .type("text/html; charset=utf-8")
        .send(problemPage(titles[error.status] ?? "That did not work", error.message, error.hint));
    }
    return reply
      .code(error.status)
      .type("application/json; charset=utf-8")
      .serializer((value: unknown) => JSON.stringify(value))
      .send({ error: { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) } });
  };
  app.setErrorHandler<FastifyError>((thrown, request, reply) => {
    const error = toAnswer(thrown);
    if (error.status >= 500) log.error({ error: thrown, code: error.code, route: request.routeOptions.url }, "a request failed");
    return send(request, reply, error);
  });
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, new AitoError("AITO_CONSOLE_NOT_FOUND", "there is nothing at this address", { status: 404 })),
  );
}
