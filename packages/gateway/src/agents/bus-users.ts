import { errorText, togetherMs } from "@aito/base";
import { busRefusalsKnownTo, liveRedisUsers, recordBusRefusals } from "@aito/company";
import { channelsOf } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import type { Bells } from "./bells.ts";

type LiveUser = Awaited<ReturnType<typeof liveRedisUsers>>[number];

/** A bus server that was restarted cuts its connections: the bells' reconnect begins a round at once, and this is for what it misses. */
export const keepEveryMs = 15_000;
const retryMs = 2_000;

/**
 * Keeps the agents' bus users as Postgres says: when the bus server was restarted all live ones are made again, and now and then
 * those without a live session are removed, their bells too. Runs until the gateway closes.
 */
export async function keepBusUsers(context: GatewayContext, bells: Pick<Bells, "keepOnly" | "onReconnect">): Promise<void> {
  const { clock, log, signal } = context;
  const refusals = makeRefusalKeeper(context);
  let runId: string | null = null;
  let failing = false;
  let rest = new AbortController();
  bells.onReconnect(() => rest.abort());
  while (!signal.aborted) {
    rest = new AbortController();
    try {
      runId = await keepOnce(context, runId, bells);
      await refusals();
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ error: errorText(error) }, "the bus users could not be checked");
      failing = true;
    }
    await clock.sleep(failing ? retryMs : togetherMs(keepEveryMs), AbortSignal.any([signal, rest.signal])).catch(() => undefined);
  }
}

/**
 * What the bus server refused goes on record, once: what is there already is known by its time, also after a restart of this program.
 * Nothing that is written here asks the bus for what it could refuse.
 */
export function makeRefusalKeeper({ bus, deps }: Pick<GatewayContext, "bus" | "deps">): () => Promise<void> {
  let knownTo: number | null = null;
  return async () => {
    const since = (knownTo ??= await busRefusalsKnownTo(deps));
    const fresh = (await bus.refusals()).filter(({ atMs }) => atMs > since);
    await recordBusRefusals(deps, fresh);
    knownTo = Math.max(since, ...fresh.map(({ atMs }) => atMs));
  };
}

const makeUser = (bus: GatewayContext["bus"], user: LiveUser): Promise<void> =>
  bus.ensureAgentUser({
    name: user.name,
    passwordHash: user.passwordHash,
    channels: channelsOf({ name: user.agent, isHead: user.isHead, isCouncil: user.isCouncil }),
  });

/** One round. Returns the bus server's run id, to be given to the next. */
export async function keepOnce(
  context: GatewayContext,
  lastRunId: string | null,
  bells: Pick<Bells, "keepOnly">,
): Promise<string> {
  const { bus, deps, log } = context;
  const runId = await bus.serverRunId();
  // Read before Postgres: a user that is made in between has its session there already, and stays.
  const there = new Set(await bus.agentUsers());
  const live = await liveRedisUsers(deps);
  const names = new Set(live.map((user) => user.name));
  for (const name of there) if (!names.has(name)) await bus.removeAgentUser(name);
  const restarted = runId !== lastRunId;
  // Whoever said hello while the bus was frozen or away has none yet, though the server is the same one.
  for (const user of live) if (restarted || !there.has(user.name)) await makeUser(bus, user);
  if (restarted && lastRunId !== null)
    log.info({ users: live.length }, "the bus server was restarted; its users were made again");
  await bells.keepOnly(new Set(live.map((user) => user.agent)));
  context.live.seen({
    agents: new Set(live.map((user) => user.agentId)),
    sessions: new Set(live.flatMap((user) => [user.sessionHash, ...(user.previousHash === null ? [] : [user.previousHash])])),
  });
  return runId;
}
