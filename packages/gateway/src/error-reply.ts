import { AitoError, errorText, isAitoError, type Logger, redactText } from "@aito/base";
import type { ApiError } from "@aito/protocol";
import { ZodError } from "zod";

/** Any thrown thing as the gateway's own error; what nobody expected is logged here and shown without its text. */
export function toAitoError(error: unknown, log: Logger): AitoError {
  if (isAitoError(error)) return error;
  if (error instanceof ZodError) {
    const problems = error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
    return new AitoError("AITO_REQUEST_INVALID", `the request is not valid: ${problems.join("; ")}`);
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new AitoError(status === 413 ? "AITO_REQUEST_TOO_BIG" : "AITO_REQUEST_INVALID", errorText(error), { status });
  }
  log.error({ error }, "a request failed unexpectedly");
  return new AitoError("AITO_GATEWAY_INTERNAL", "the gateway failed; its log says why", { status: 500, fate: "retry" });
}

export function apiError(error: AitoError): ApiError {
  return {
    error: { code: error.code, message: redactText(error.message), ...(error.hint === undefined ? {} : { hint: error.hint }) },
  };
}
