import { errorText, newToken, sha256 } from "@aito/base";
import { type AgentSession, type CompanyDeps, renewSession, type SessionLife } from "@aito/company";
import { channelsOf, type RenewResponse } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";

/** Half its life: an answer that is lost, or a gateway that is away for a while, leaves time for many more tries. */
export const renewAfterMs = (life: SessionLife): number => Math.floor(life.lifeMs / 2);

/** The next session and the next password of the bus user. A connection of the bus user that stands stays. */
export async function renew(
  context: GatewayContext,
  { session, deps }: { session: AgentSession; deps: CompanyDeps },
  askedHash: string,
): Promise<RenewResponse> {
  const next = newToken("ses");
  const password = newToken("red");
  const { overlapMs } = context.sessionLife;
  await renewSession(deps, session, { askedHash, nextHash: sha256(next), redisPasswordHash: sha256(password), overlapMs });
  context.lanes.know(sha256(next), session);
  const channels = channelsOf({ name: session.agent, isHead: session.isHead, isCouncil: session.isCouncil });
  const username = `agent:${session.agent}:${session.epoch}`;
  await context.bus
    .ensureAgentUser({ name: username, passwordHash: sha256(password), channels })
    .catch((error: unknown) =>
      context.log.warn(
        { agent: session.agent, epoch: session.epoch, error: errorText(error) },
        "the bus user keeps its password",
      ),
    );
  return { session: next, redis: { username, password, channels }, renewAfterMs: renewAfterMs(context.sessionLife) };
}
