import { AitoError } from "@aito/base";
import type { FastifyRequest } from "fastify";

/** Refuses an address with a NUL in its path or query: no name has one, and Postgres takes no text with it. Error: AITO_CONSOLE_INPUT. */
export function requireAddressText({ raw }: Pick<FastifyRequest, "raw">): void {
  if (raw.url?.includes("%00") !== true) return;
  throw new AitoError("AITO_CONSOLE_INPUT", "the request is not valid: its address holds a NUL (%00)", { status: 400 });
}
