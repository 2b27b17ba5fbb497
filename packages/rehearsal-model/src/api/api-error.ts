/** An error in the shape of the Messages API. Thrown inside the server, turned into an answer at its edge. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.type = typeOf(status);
    this.headers = headers;
  }

  body(requestId: string): Record<string, unknown> {
    return { type: "error", error: { type: this.type, message: this.message }, request_id: requestId };
  }
}

function typeOf(status: number): string {
  switch (status) {
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 529:
      return "overloaded_error";
    default:
      return status >= 500 ? "api_error" : "invalid_request_error";
  }
}
