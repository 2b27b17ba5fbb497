import { errorText, monotonicMs, wellFormedDeep } from "@aito/base";
import { type AgentSession, argumentsDigest, speakingFor } from "@aito/company";
import type { OpenRuns } from "../agents/open-runs.ts";
import type { GatewayContext } from "../gateway-context.ts";

/** What a tool may be called; anything else that is asked for is no name. */
const nameLike = /^[A-Za-z0-9_-]{1,100}$/;

export const nameOnRecord = (name: string): string => (nameLike.test(name) ? name : "(not a tool's name)");

/**
 * The receipt of a call of a tool that does not exist for its caller: what an agent was talked into trying is on record, too. The caller is
 * told by the protocol, and of the receipt nothing.
 */
export async function recordNotOffered(
  context: Pick<GatewayContext, "deps" | "receipts" | "log">,
  session: AgentSession,
  body: unknown,
  openRuns: OpenRuns,
): Promise<void> {
  const startedMs = monotonicMs();
  const { name, arguments: args } = (body as { params: { name: string; arguments?: unknown } }).params;
  const run = await openRuns.of(session).catch(() => null);
  try {
    await context.receipts.write(speakingFor(context.deps, session, { inRun: true }), session, {
      tool: nameOnRecord(name),
      argumentsDigest: argumentsDigest(wellFormedDeep(args ?? {})),
      ok: false,
      status: "refused",
      result: { code: "AITO_TOOL_NOT_GRANTED", message: "there is no such tool for this agent" },
      durationMs: monotonicMs() - startedMs,
      run,
    });
  } catch (error) {
    // It is refused all the same; a session that is over, or stopped, leaves nothing.
    context.log.warn({ agent: session.agent, error: errorText(error) }, "a refused call was not recorded");
  }
}
