import type { ApiError, OperatorSession } from "@aito/protocol";
import { type Act, addressOfAct } from "../../../src/acts.ts";

/** An answer of the operator API that is not a success; `status` 0 means that the console was not reached. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: number, error: ApiError["error"]) {
    super(error.message);
    this.name = "ApiFailure";
    this.status = status;
    this.code = error.code;
    this.hint = error.hint;
  }
}

/** The code of an answer that only the gateway has, while it does not answer. */
export const gatewayAway = "AITO_GATEWAY_AWAY";

let csrfToken: string | null = null;

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin", redirect: "error" });
  } catch {
    throw new ApiFailure(0, {
      code: "AITO_CONSOLE_UNREACHABLE",
      message: "The console cannot be reached.",
      hint: "Is the company running? ./scripts/aito status tells.",
    });
  }
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return body as T;
  const error = (body as ApiError | null)?.error ?? {
    code: "AITO_CONSOLE_ANSWER",
    message: `The console answered ${response.status}.`,
  };
  throw new ApiFailure(response.status, error);
}

export const get = <T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") search.set(name, String(value));
  return request<T>(search.size > 0 ? `${path}?${search}` : path, { method: "GET" });
};

/** A change, or a question that is too long for an address. The session's CSRF token goes with it; it is fetched once. */
export async function post<T>(act: Act, body?: unknown, names: Readonly<Record<string, string>> = {}): Promise<T> {
  csrfToken ??= (await get<OperatorSession>("/api/v1/session")).csrfToken;
  const headers: Record<string, string> = { "x-csrf-token": csrfToken ?? "" };
  if (body !== undefined) headers["content-type"] = "application/json";
  return await request<T>(addressOfAct(act, names), {
    method: "POST",
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
