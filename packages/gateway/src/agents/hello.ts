import { AitoError, errorText, newToken, readProofKey, sha256 } from "@aito/base";
import { currentFleet, hello, runSeconds, transact } from "@aito/company";
import { channelsOf, type HelloResponse } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import { resolveModel } from "../model/models.ts";
import { heartbeatMs, restBeatMs } from "./beat-times.ts";
import { publishStatuses } from "./publish-status.ts";
import { renewAfterMs } from "./renew.ts";

/** Limits of one run, beside its time. */
export const runLimits = { turnsMax: 16, outputTokensMax: 64_000 } as const;

/** Spends the one-time token and answers with all that the agent needs to live: session, profile, bell, limits. */
export async function sayHello(
  context: GatewayContext,
  input: { token: string; epoch: number; containerKey?: string | undefined },
): Promise<HelloResponse> {
  const { deps, bus, log } = context;
  if (input.containerKey !== undefined && !readProofKey(input.containerKey)) {
    throw new AitoError("AITO_REQUEST_INVALID", "containerKey: no Ed25519 public key (SPKI, base64url)");
  }
  const session = newToken("ses");
  const password = newToken("red");
  const fleet = await transact(deps, (unit) => currentFleet(unit));
  const agent = await hello(deps, {
    tokenHash: sha256(input.token),
    epoch: input.epoch,
    sessionHash: sha256(session),
    redisPasswordHash: sha256(password),
    containerKey: input.containerKey,
  });
  deps.crashPoint?.("hello.after_token");
  const { profileMarkdown, ...speaker } = agent;
  context.lanes.know(sha256(session), { ...speaker, containerKey: input.containerKey ?? null });
  // The incarnation before it is over.
  context.stops.doubt();
  const channels = channelsOf({ name: agent.agent, isHead: agent.isHead, isCouncil: agent.isCouncil });
  await bus.ensureAgentUser({ name: agent.redisUser, passwordHash: sha256(password), channels }).catch((error: unknown) =>
    // The keeper makes it as soon as the bus is back; until then the agent hears through its poll.
    log.warn({ agent: agent.agent, error: errorText(error) }, "the bus user could not be made yet"),
  );
  void publishStatuses(context, [agent]);
  const { id: model, warning } = resolveModel(agent.model);
  if (warning) log.warn({ agent: agent.agent, warning }, "the fleet file names a model by an old id");
  return {
    session,
    agent: {
      name: agent.agent,
      role: agent.role,
      kind: agent.kind,
      isHead: agent.isHead,
      isCouncil: agent.isCouncil,
      taskId: agent.taskId,
    },
    company: { slug: fleet.file.company, name: fleet.file.name },
    profileMarkdown,
    model,
    redis: { username: agent.redisUser, password, channels },
    heartbeatMs: context.heartbeatMs ?? heartbeatMs,
    ...(agent.isHead || context.heartbeatMs !== undefined ? {} : { restBeatMs }),
    renewAfterMs: renewAfterMs(context.sessionLife),
    executor: (agent.kind === "worker" ? fleet.file.workers[agent.role]?.executor : undefined) ?? "loop",
    limits: { ...runLimits, runSecondsMax: runSeconds(fleet.file, { kind: agent.kind, type: agent.role }) },
  };
}
