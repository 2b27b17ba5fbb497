import { type AitoError, redactText } from "@aito/base";

/** Our errors as the Messages API writes its own, so that every SDK reads them. */
export function anthropicError(error: AitoError): {
  type: "error";
  error: { type: string; message: string; details?: Record<string, unknown> };
} {
  const hint = error.hint === undefined ? "" : ` (${error.hint})`;
  const message = redactText(`${error.code}: ${error.message}${hint}`);
  return { type: "error", error: { type: typeFor(error.status), message, ...detailsOf(error) } };
}

function typeFor(status: number): string {
  if (status === 401 || status === 409) return "authentication_error";
  if (status === 402) return "billing_error";
  if (status === 403) return "permission_error";
  if (status === 404) return "not_found_error";
  if (status === 413) return "request_too_large";
  if (status === 429) return "rate_limit_error";
  if (status === 503 || status === 529) return "overloaded_error";
  return status >= 500 ? "api_error" : "invalid_request_error";
}

/** What an SDK acts on: it goes on without a thread when it reads this. */
const detailsOf = ({ code }: AitoError): { details?: Record<string, unknown> } =>
  code === "AITO_MODEL_THREADS" ? { details: { error_code: "thread_unsupported_request", unsupported: ["thread"] } } : {};
