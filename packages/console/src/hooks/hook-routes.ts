import { AitoError, type Clock, errorText, type Logger } from "@aito/base";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Records } from "../records.ts";
import { checkSignature } from "./check-signature.ts";
import type { HookSecrets } from "./hook-secrets.ts";

const bodyBytesMax = 1024 * 1024;
/** Of one address, whatever it sends; the fleet file bounds what each hook takes in. */
const requestsPerMinute = 600;
/** Refusals that are written down within a minute: nobody fills the records by knocking. */
const refusalsPerMinute = 20;
const minuteMs = 60_000;

interface Hooking {
  records: Pick<Records, "receiveHook" | "refuseHook">;
  secrets: HookSecrets;
  clock: Clock;
  log: Logger;
}

/** The same for whatever is wrong: who cannot sign does not learn which hooks there are. */
const refusal = (): AitoError => new AitoError("AITO_HOOK_REFUSED", "this is not signed by anybody known here", { status: 401 });

/**
 * Where events from outside come in: `POST /hooks/NAME`. The bytes are kept as they came, because that is what was signed; nothing is
 * read of them before the signature holds. Errors: AITO_HOOK_{REFUSED,UNKNOWN,RATE,FAILED}.
 */
export async function hookRoutes(app: FastifyInstance, hooking: Hooking): Promise<void> {
  const noteRefusal = refusalNotes(hooking);
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: bodyBytesMax }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.post<{ Params: { name: string } }>(
      "/hooks/:name",
      { config: { rateLimit: { max: requestsPerMinute, timeWindow: "1 minute" } }, bodyLimit: bodyBytesMax },
      (request, reply) => receive(hooking, noteRefusal, request, reply),
    );
    done();
  });
}

async function receive(
  { records, secrets, clock }: Hooking,
  noteRefusal: (refused: { hook: string; why: string; address: string }) => Promise<void>,
  request: FastifyRequest<{ Params: { name: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { headers, ip: address } = request;
  const hook = request.params.name;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const now = clock.now();
  const checked = await checkSignature({ secrets: secrets.of(hook), headers, body, now });
  if (!checked.ok) {
    await noteRefusal({ hook, why: checked.why, address });
    if (!checked.signed) throw refusal();
    const hint = checked.why === "old timestamp" ? `it is ${now.toISOString()} here` : "send the delivery's id";
    throw new AitoError("AITO_HOOK_REFUSED", `signed, but refused: ${checked.why}`, { status: 401, hint });
  }
  const answer = await records.receiveHook({ hook, body, ...checked });
  return await reply.code(answer.did === "unreadable" ? 400 : 200).send(answer);
}

/** Writes refusals down, so many a minute; the next one says how many were not. */
function refusalNotes({
  records,
  clock,
  log,
}: Hooking): (refused: { hook: string; why: string; address: string }) => Promise<void> {
  let minute = 0;
  let written = 0;
  let unwritten = 0;
  return async (refused) => {
    const at = Math.floor(clock.now().getTime() / minuteMs);
    if (at !== minute) [minute, written] = [at, 0];
    if (written >= refusalsPerMinute) {
      unwritten += 1;
      return;
    }
    written += 1;
    const missed = unwritten;
    unwritten = 0;
    try {
      await records.refuseHook({ ...refused, unwritten: missed });
    } catch (error) {
      unwritten += missed + 1;
      log.warn({ error: errorText(error) }, "a refused webhook was not written down");
    }
  };
}
