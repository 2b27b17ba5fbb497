import { errorText } from "@aito/base";
import type { AgentSession } from "@aito/company";
import type { GatewayContext } from "../gateway-context.ts";

/** Three heartbeats of one who rests: a status that is no longer refreshed goes by itself. */
export const statusTtlMs = 45_000;

/** `agent:status:{agent}`: for whoever watches Redis; Postgres has the same, and counts. */
export async function publishStatus(context: GatewayContext, session: AgentSession): Promise<void> {
  const status = {
    status: "active" as const,
    epoch: session.epoch,
    last_heartbeat: context.clock.now().toISOString(),
    container_id: session.containerId ?? "",
  };
  await context.bus
    .setStatus(session.agent, status, statusTtlMs)
    .catch((error: unknown) =>
      context.log.debug({ agent: session.agent, error: errorText(error) }, "the status was not published"),
    );
}
