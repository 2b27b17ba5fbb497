import type { FastifyReply } from "fastify";

/** Aborts when the client's connection closes before the reply was written. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) gone.abort(new Error("the client has gone"));
  });
  return gone.signal;
}
