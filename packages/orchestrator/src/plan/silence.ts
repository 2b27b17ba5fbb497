import { isOver, isQuarantined, type PlanAgent, type PlanContainer, type PlanSettings, underWay } from "./snapshot.ts";

/**
 * What is known of the time before this look. After a pause (of this process, of its host, of the database) everyone looks silent; the
 * first who is heard must not make hung ones of those whose next heartbeat is still to come.
 */
export interface Watch {
  /** The last look. */
  at: Date;
  /** The world has been looked at since then without a long break. */
  since: Date;
  /** Since then there was no moment at which everyone was silent. */
  heardSince: Date;
}

export const steadyWatch: Watch = { at: new Date(0), since: new Date(0), heardSince: new Date(0) };

/** The watch with one more look at the world, at `now`. The first look takes it for steady, unless everyone is silent. */
export function watchOn(
  before: Watch | null,
  { agents, containers }: { agents: PlanAgent[]; containers: PlanContainer[] },
  now: Date,
  settings: PlanSettings,
): Watch {
  const isBroken = before !== null && now.getTime() - before.at.getTime() > settings.heartbeatTimeoutMs / 2;
  const { everyone } = look(agents, containers, now, settings);
  return {
    at: now,
    since: before === null || isBroken ? now : before.since,
    heardSince: isBroken || everyone ? now : (before?.heardSince ?? steadyWatch.heardSince),
  };
}

export interface Silence {
  /** Who should have been heard and was not. */
  names: Set<string>;
  /** Why nobody is lost for it now; null: who is silent hangs. */
  excuse: string | null;
  /** While everyone is silent: the one whose next incarnation shows whether it is the agents that hang. */
  trial: string | null;
}

/**
 * When everyone is silent, the gateway or the database is more likely away, and nobody is lost for it; nor right after it, before each
 * had time to be heard again. But all may hang: after `busyTimeoutMs` one standing agent without a run is made anew, the youngest, so
 * that it is the same one again while the gateway stays away. If it is heard, the others hang; while it is on its way nobody else is
 * tried.
 */
export function silenceOf(
  agents: PlanAgent[],
  containers: PlanContainer[],
  { now, settings, watch }: { now: Date; settings: PlanSettings; watch: Watch },
): Silence {
  const { silent, everyone, onItsWay, kind } = look(agents, containers, now, settings);
  const names = new Set(silent.map((agent) => agent.name));
  if (!everyone) {
    const isSoon = now.getTime() - watch.heardSince.getTime() <= settings.heartbeatTimeoutMs;
    return {
      names,
      excuse: isSoon ? "silent, but a moment ago so was everyone: it is given time to be heard" : null,
      trial: null,
    };
  }
  const excuse = "silent, but so is everyone: the gateway or the database is more likely down";
  const begun = (agent: PlanAgent): number => agent.startedAt?.getTime() ?? 0;
  const [youngest] = silent
    .filter((agent) => agent.kind === kind && !(agent.leaseUntil && agent.leaseUntil > now))
    .toSorted((a, b) => begun(b) - begun(a));
  const isLong =
    youngest !== undefined &&
    Math.min(silentForMs(youngest, now), now.getTime() - watch.since.getTime()) > settings.busyTimeoutMs;
  return { names, excuse, trial: isLong && !onItsWay ? youngest.name : null };
}

/** `everyone`: not one of those who run is heard, and beside the silent one another one runs or is on its way. */
function look(
  agents: PlanAgent[],
  containers: PlanContainer[],
  now: Date,
  settings: PlanSettings,
): { silent: PlanAgent[]; everyone: boolean; onItsWay: boolean; kind: PlanAgent["kind"] } {
  const running = agents.filter(
    (agent) =>
      agent.desired === "running" &&
      underWay.has(agent.status) &&
      containers.some((container) => container.id === agent.containerId && container.epoch === agent.epoch && !isOver(container)),
  );
  const silent = running.filter((agent) => isSilent(agent, now, settings));
  const kind = running.some((agent) => agent.kind === "agent") ? "agent" : "worker";
  const onItsWay = agents.some(
    (agent) =>
      agent.desired === "running" &&
      !silent.includes(agent) &&
      !isQuarantined(agent, settings) &&
      // Workers say something only where no standing agent runs; one that has not begun may wait for a place as long as others hang.
      (agent.kind === "agent" || (kind === "worker" && agent.status !== "inactive")),
  );
  const isHeard = running.some((agent) => !silent.includes(agent) && wasHeard(agent));
  return { silent, everyone: silent.length > 0 && !isHeard && (running.length > 1 || onItsWay), onItsWay, kind };
}

/** In this life. */
export const wasHeard = (agent: PlanAgent): boolean => (agent.lastHeartbeat?.getTime() ?? 0) >= (agent.startedAt?.getTime() ?? 0);

const silentForMs = (agent: PlanAgent, now: Date): number =>
  now.getTime() - Math.max(agent.startedAt?.getTime() ?? 0, agent.lastHeartbeat?.getTime() ?? 0);

export function isSilent(agent: PlanAgent, now: Date, settings: PlanSettings): boolean {
  return silentForMs(agent, now) > (wasHeard(agent) ? settings.heartbeatTimeoutMs : settings.startGraceMs);
}
