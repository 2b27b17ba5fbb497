import { type AitoError, redactText } from "@aito/base";

/** Our errors as the Messages API writes its own, so that every SDK reads them. */
export function anthropicError(error: AitoError): { type: "error"; error: { type: string; message: string } } {
  const hint = error.hint === undefined ? "" : ` (${error.hint})`;
  return { type: "error", error: { type: typeFor(error.status), message: redactText(`${error.code}: ${error.message}${hint}`) } };
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
