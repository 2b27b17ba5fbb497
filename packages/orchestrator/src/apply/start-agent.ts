import { alsoAbout, errorText, inSpan, newToken, sha256 } from "@aito/base";
import { attachContainer, beginIncarnation, type DesiredAgent, incarnationLost } from "@aito/company";
import { keys } from "@aito/protocol";
import { afterFailure } from "../plan/failure.ts";
import { containerSpec, specDigest } from "./container-spec.ts";
import { dropBusUser } from "./drop-bus-user.ts";
import type { World } from "./world.ts";

/** No longer than a leader's lease: what a starter that died leaves behind must not keep the next one waiting. */
const startLockMs = 8_000;
const statusTtlMs = 60_000;
/** A bus that does not answer at once costs no more than this. */
const lockWaitMs = 250;

/**
 * One incarnation: the hash of a fresh one-time token is stored with the next epoch, then the container is made and the token
 * written to its stdin, then the container is recorded. A crash in between leaves a token that nobody has, or a running
 * container to adopt. Returns false when another orchestrator holds the agent's lock.
 */
export const startAgent = (world: World, agent: DesiredAgent): Promise<boolean> =>
  inSpan("agent.start", {}, () => startTraced(world, agent));

async function startTraced(world: World, agent: DesiredAgent): Promise<boolean> {
  const { bus, deps, engine, log } = world;
  const lock = keys.containerLock(agent.name);
  // The lock only avoids wasted work (the epoch and the fixed name fence): a bus that is down must not keep an agent down.
  const asked = bus.tryLock(lock, world.holder, startLockMs).catch(() => true);
  const locked = await Promise.race([asked, world.clock.sleep(lockWaitMs).then(() => true)]);
  if (!locked) return false;
  try {
    const token = newToken("run");
    deps.crashPoint?.("start.before_epoch");
    const { epoch } = await beginIncarnation(deps, { agent: agent.name, tokenHash: sha256(token) });
    deps.crashPoint?.("start.after_epoch");
    alsoAbout({ epoch });
    const dropped = epoch > 1 ? dropBusUser(world, agent.name, epoch - 1) : undefined;
    try {
      const spec = containerSpec(world, agent, epoch);
      const imageId = await world.engine.imageId(spec.image);
      const digest = imageId === null ? {} : { digest: specDigest(world, agent, imageId) };
      const { id } = await engine.start({ ...spec, ...digest }, JSON.stringify({ token, epoch }));
      deps.crashPoint?.("start.after_line");
      await attachContainer(deps, { agent: agent.name, epoch, containerId: id });
      deps.crashPoint?.("start.after_attach");
      log.info({ agent: agent.name, epoch, container: id }, "agent started");
      // For whoever watches the bus: nobody waits for it.
      void showStarting(world, agent.name, epoch, id);
    } catch (error) {
      await startFailed(world, agent, { epoch, error });
    }
    await dropped;
  } finally {
    void bus.unlock(lock, world.holder).catch(() => undefined);
  }
  return true;
}

/** The agent's status hash in Redis says `starting` until its own heartbeats take over. */
async function showStarting(world: World, agent: string, epoch: number, containerId: string): Promise<void> {
  const seen = await world.bus.getStatus(agent).catch(() => null);
  if (seen && seen.epoch >= epoch) return;
  const status = { status: "starting" as const, epoch, last_heartbeat: "", container_id: containerId };
  await world.bus.setStatus(agent, status, statusTtlMs).catch(() => undefined);
}

/** An engine that refuses (no image, no room) is nobody's crash loop: the delay grows, but no quarantine follows from it. */
async function startFailed(world: World, agent: DesiredAgent, failed: { epoch: number; error: unknown }): Promise<void> {
  const { settings } = world;
  const what = `could not be started: ${errorText(failed.error)}`;
  const capped = { ...agent, startedAt: world.clock.now(), failures: Math.min(agent.failures, settings.failuresMax - 2) };
  const loss = afterFailure(capped, { cause: "not_started", text: what }, world.clock.now(), settings);
  world.log.warn({ agent: agent.name, epoch: failed.epoch, error: errorText(failed.error) }, "agent could not be started");
  await incarnationLost(world.deps, {
    agent: agent.name,
    epoch: failed.epoch,
    reason: loss.why,
    retryAt: loss.retryAt,
    failures: loss.failures,
    wanted: true,
    outside: true,
    lived: false,
    cause: loss.cause,
  });
}
