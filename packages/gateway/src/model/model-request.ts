import { AitoError } from "@aito/base";
import type { Caller, PlatformCaller } from "./caller.ts";
import { requireNoReach } from "./model-reach.ts";
import { resolveModel } from "./models.ts";

/** What the gateway must know of a request's body; everything else in it is the vendor's and passes untouched. */
export interface ModelRequest {
  /** As it came. */
  body: Buffer;
  parsed: Record<string, unknown>;
  asked: string;
  /** The current name of what was asked for. */
  model: string;
  /** Why `model` differs from `asked`. */
  warning: string | null;
  stream: boolean;
}

/** Parses, and refuses a model that is not the caller's. What a thread holds is not in the body, and so could not be set aside for: threads are
 * refused. Errors: AITO_REQUEST_INVALID, AITO_MODEL_THREADS, AITO_MODEL_NOT_ALLOWED (403), and for agents AITO_MODEL_REACH (403). */
export function readModelRequest(raw: unknown, caller: Caller | PlatformCaller): ModelRequest {
  const body = Buffer.isBuffer(raw) ? raw : Buffer.alloc(0);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw new AitoError("AITO_REQUEST_INVALID", "the body is not JSON");
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) {
    throw new AitoError("AITO_REQUEST_INVALID", "the body is not a JSON object");
  }
  const fields = parsed as Record<string, unknown>;
  const asked = fields["model"];
  if (typeof asked !== "string" || asked === "") throw new AitoError("AITO_REQUEST_INVALID", "model: a model's name is required");
  if (fields["thread"] !== undefined) {
    throw new AitoError(
      "AITO_MODEL_THREADS",
      "conversations that the vendor keeps (thread) are not taken here: their cost cannot be held",
      {
        hint: "send the messages with each request; the official SDK does so by itself after this answer",
      },
    );
  }
  if (caller.kind === "agent") requireNoReach(fields);
  const { id, warning } = resolveModel(asked);
  if (!caller.models.includes(id)) {
    const shown = asked.slice(0, 100);
    throw new AitoError("AITO_MODEL_NOT_ALLOWED", `${caller.name} may use ${caller.models.join(", ")}, not ${shown}`, {
      hint:
        caller.kind === "agent"
          ? "the fleet file says which model a role uses (models, or roles.<role>.model)"
          : "the key was made for these models",
      status: 403,
    });
  }
  return { body, parsed: fields, asked, model: id, warning, stream: fields["stream"] === true };
}
