import { errorText } from "@aito/base";
import type { Bell } from "@aito/bus";
import { agentApi, RenewResponse } from "@aito/protocol";
import { isRefused } from "./gateway-link.ts";
import type { Agent } from "./run-agent.ts";

const tryAgainMsMax = 30_000;

/** Renews the session at half its life until the agent ends; a try that fails is repeated while the session still stands. */
export async function keepSession(agent: Agent, bell: Promise<Bell | null>): Promise<void> {
  const { options, link } = agent;
  if (agent.hello.renewAfterMs === undefined) return;
  for (let waitMs = agent.hello.renewAfterMs; ;) {
    await options.clock.sleep(waitMs, options.signal).catch(() => undefined);
    if (options.signal.aborted) return;
    try {
      const next = await link.post(agentApi.renew, {}, RenewResponse, { signal: options.signal });
      link.useSession(next.session);
      if (next.redis) (await bell)?.usePassword(next.redis.password);
      waitMs = next.renewAfterMs;
      options.log.debug({}, "session renewed");
    } catch (error) {
      if (options.signal.aborted) return;
      if (isRefused(error)) return agent.ended.abort(error);
      waitMs = Math.min(tryAgainMsMax, waitMs / 4);
      options.log.warn({ error: errorText(error) }, "the session could not be renewed yet");
    }
  }
}
