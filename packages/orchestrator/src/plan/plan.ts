import { type PlaceSeeker, queueForPlaces, waitsForPlace } from "@aito/company";
import type { Action } from "./action.ts";
import { afterFailure, afterLoss, afterTrial, type Loss } from "./failure.ts";
import { isSilent, type Silence, silenceOf, steadyWatch, wasHeard, type Watch } from "./silence.ts";
import { isOver, isQuarantined, type PlanAgent, type PlanContainer, type PlanSettings, underWay } from "./snapshot.ts";

/**
 * What to do next so that every wanted agent has exactly one running container of its current epoch, and nothing else runs.
 * Pure and level-triggered: it looks at what is, not at what happened. One step per agent and pass (several for containers
 * that must go), so that a crash between two steps resumes. A start is planned only when no container of the agent is left.
 * `busy`: agents for which a step is under way, or was when the world was looked at; of them nothing is known for sure, and nothing
 * is planned for them. `watch`: how long the world has been looked at and somebody was heard; silence from before proves nothing.
 */
export function plan(
  agents: PlanAgent[],
  containers: PlanContainer[],
  now: Date,
  settings: PlanSettings,
  busy: ReadonlySet<string> = new Set(),
  watch: Watch = steadyWatch,
): Action[] {
  const known = new Set(agents.map((agent) => agent.name));
  const silent = silenceOf(agents, containers, { now, settings, watch });
  const rollout = rolloutOf(agents, containers, { now, settings });
  const actions = [
    ...containers
      .filter((container) => !known.has(container.agent) && !busy.has(container.agent))
      .map((container): Action => remove(container, "no agent of this name is known")),
    ...agents
      .filter((agent) => !busy.has(agent.name))
      .flatMap((agent) =>
        planOne(
          agent,
          containers.filter((container) => container.agent === agent.name),
          { now, settings, silent, rollout },
        ),
      ),
  ];
  const held = new Set([...containers.map((container) => container.agent), ...busy]);
  return withinSteps(withinWorkers(actions, agents, held, settings), settings);
}

/** What ends and clears goes before what begins: a pass with many starts must not keep a lost agent waiting. */
const order = ["lose", "retire", "remove", "adopt", "keep", "replace", "start", "wait"] as const satisfies Action["do"][];

/** At most `stepsMax` steps in a pass, so that the next look at the world is never far; the others say that their turn comes. */
function withinSteps(actions: Action[], { stepsMax }: PlanSettings): Action[] {
  const steps = actions.filter((action) => action.do !== "wait");
  const now = new Set(steps.toSorted((a, b) => order.indexOf(a.do) - order.indexOf(b.do)).slice(0, stepsMax));
  return actions.map((action) => {
    if (action.do === "wait" || now.has(action)) return action;
    return { do: "wait", agent: action.agent, why: `its turn to ${action.do} comes right after this pass: ${action.why}` };
  });
}

/** Whoever may ask for workers could ask for any number: more than `workersMax` wait for a place, and are told how many are before. */
function withinWorkers(actions: Action[], agents: PlanAgent[], taken: Set<string>, settings: PlanSettings): Action[] {
  const workers = new Map(agents.filter((agent) => agent.kind === "worker").map((agent) => [agent.name, seekerOf(agent)]));
  const held = [...taken].filter((name) => workers.has(name));
  const starting = actions.filter((action) => action.do === "start" && workers.has(action.agent));
  const { waits } = queueForPlaces(
    held.map((name) => workers.get(name)!),
    starting.map((action) => workers.get(action.agent)!),
    { max: settings.workersMax, depthMax: settings.workersDepthMax },
  );
  return actions.map((action) => {
    const before = action.do === "start" ? waits.indexOf(action.agent) : -1;
    if (before < 0) return action;
    return { do: "wait", agent: action.agent, why: waitsForPlace(before, settings.workersMax) };
  });
}

const seekerOf = ({ name, place }: PlanAgent): PlaceSeeker => ({
  ...(place ?? { root: name, depth: 1, priority: 5, since: new Date(0) }),
  name,
});

interface View {
  now: Date;
  settings: PlanSettings;
  silent: Silence;
  rollout: Rollout;
}

function planOne(agent: PlanAgent, containers: PlanContainer[], view: View): Action[] {
  if (agent.desired !== "running") return planEnd(agent, containers, view.settings);
  if (!underWay.has(agent.status)) return planRest(agent, containers, view);
  const current = pickCurrent(agent, containers);
  const others = containers
    .filter((container) => container !== current)
    .map((container) =>
      remove(container, container.epoch === agent.epoch ? "a second container" : `epoch ${container.epoch} is over`),
    );
  return [...others, ...planLife(agent, current, containers.length - (current ? 1 : 0), view)];
}

/**
 * Wanted stopped or gone: containers first, then the record. A kill switch ends no quarantine: who resumes the company has said nothing of
 * the agent that kept crashing.
 */
function planEnd(agent: PlanAgent, containers: PlanContainer[], settings: PlanSettings): Action[] {
  const wanted = agent.desired === "gone" ? "its task is over" : (agent.stoppedBy ?? "it is wanted stopped");
  if (containers.length > 0) return containers.map((container) => remove(container, wanted));
  if (agent.desired === "stopped" && agent.stoppedBy != null && isQuarantined(agent, settings))
    return [{ do: "wait", agent: agent.name, why: `${agent.stoppedBy}; ${quarantinedText(agent)}` }];
  if (agent.status === "inactive" && agent.containerId === null)
    return [{ do: "wait", agent: agent.name, why: agent.stoppedBy ?? `stopped: ${wanted}` }];
  return [{ do: "retire", agent: agent.name, epoch: agent.epoch, gone: agent.desired === "gone", why: wanted }];
}

const quarantinedText = ({ failures }: PlanAgent): string =>
  `quarantined after ${failures} failures in a row: restart it by hand`;

/** Wanted running, no incarnation under way: clear what is left of the last one, then start, unless it is not time yet. */
function planRest(agent: PlanAgent, containers: PlanContainer[], { now, settings }: View): Action[] {
  if (containers.length > 0) return containers.map((container) => remove(container, "left from an incarnation that is over"));
  if (isQuarantined(agent, settings)) {
    return [{ do: "wait", agent: agent.name, why: quarantinedText(agent) }];
  }
  if (agent.retryAt !== null && agent.retryAt.getTime() > now.getTime()) {
    return [{ do: "wait", agent: agent.name, why: `waits until ${agent.retryAt.toISOString()} before the next try` }];
  }
  return [{ do: "start", agent: agent.name, why: agent.epoch === 0 ? "first start" : `epoch ${agent.epoch} is over` }];
}

/** An incarnation is under way according to the record. */
function planLife(agent: PlanAgent, current: PlanContainer | null, leftovers: number, view: View): Action[] {
  const { now, settings, silent, rollout } = view;
  const lose = (loss: Loss): Action[] => [
    { do: "lose", agent: agent.name, containerId: current?.id ?? null, epoch: agent.epoch, ...loss },
  ];
  if (current === null) {
    if (agent.containerId !== null) return lose(afterLoss(agent, null, now, settings));
    // The token was stored but no container was made (a crash in between). A token is never sent twice: next epoch.
    if (leftovers > 0) return [];
    return [{ do: "start", agent: agent.name, why: `no container was made for epoch ${agent.epoch}` }];
  }
  if (isOver(current)) return lose(afterLoss(agent, current, now, settings));
  if (current.state === "created") {
    // Made but never started: nobody knows whether its token was sent, so it is made anew.
    return [remove(current, "it was made but never started")];
  }
  if (agent.containerId !== current.id) {
    return [
      { do: "adopt", agent: agent.name, containerId: current.id, epoch: agent.epoch, why: "it runs with the current epoch" },
    ];
  }
  if (agent.hasSession === false) {
    return lose(afterFailure(agent, { cause: "hung", text: "its run made no progress, or was too long" }, now, settings));
  }
  if (!silent.names.has(agent.name)) return planHeard(agent, current, rollout);
  if (silent.trial === agent.name) return lose(afterTrial(agent, now, settings));
  if (silent.excuse !== null) return [{ do: "wait", agent: agent.name, why: silent.excuse }];
  const { lastHeartbeat, leaseUntil } = agent;
  if (leaseUntil && leaseUntil > now && lastHeartbeat && now.getTime() - lastHeartbeat.getTime() <= settings.busyTimeoutMs) {
    return [{ do: "wait", agent: agent.name, why: `busy: not heard, but its run has a lease until ${leaseUntil.toISOString()}` }];
  }
  return lose(
    afterFailure(
      agent,
      { cause: "hung", text: `it hangs: no heartbeat for ${settings.heartbeatTimeoutMs / 1_000} s` },
      now,
      settings,
    ),
  );
}

/** Nothing is wrong with it; but it may run what is configured no longer. */
function planHeard(agent: PlanAgent, current: PlanContainer, rollout: Rollout): Action[] {
  const keep = (why: string): Action[] => [{ do: "keep", agent: agent.name, epoch: agent.epoch, why }];
  if (!rollout.changed.has(agent.name)) {
    if (agent.replacing) return keep("it is not to be replaced any more: it is what is configured");
    return [{ do: "wait", agent: agent.name, why: "runs and was heard" }];
  }
  if (rollout.next === agent.name) {
    const why = "its image or configuration changed: it is replaced when its run has ended";
    return [{ do: "replace", agent: agent.name, containerId: current.id, epoch: agent.epoch, digest: agent.digest!, why }];
  }
  const before = rollout.next ?? rollout.unwell;
  const changed = "its image or configuration changed";
  const why = rollout.failed
    ? `${changed}, but the rollout stopped: ${rollout.failed} did not survive this change (mend it, or: aito agents restart ${rollout.failed})`
    : `${changed}: it is replaced after ${before} is well`;
  // Who waits for others works meanwhile.
  return agent.replacing ? keep(why) : [{ do: "wait", agent: agent.name, why }];
}

/** The one container that may live: of the current epoch, the attached one before others, a living one before a dead one. */
function pickCurrent(agent: PlanAgent, containers: PlanContainer[]): PlanContainer | null {
  const mine = containers.filter((container) => container.epoch === agent.epoch);
  return (
    mine.find((container) => container.id === agent.containerId) ??
    mine.find((container) => !isOver(container)) ??
    mine[0] ??
    null
  );
}

const remove = (container: PlanContainer, why: string): Action => ({
  do: "remove",
  agent: container.agent,
  containerId: container.id,
  epoch: container.epoch,
  why,
});

interface Rollout {
  /** Standing agents whose container is not made of what is configured now. */
  changed: Set<string>;
  /** The one whose turn it is; null while another one is not well yet, and when one did not survive the change. */
  next: string | null;
  unwell: string | null;
  failed: string | null;
}

/**
 * A change of image or configuration replaces one agent at a time: the next one only when all others that are wanted have come up
 * and were heard. One that is quarantined with what it was replaced for stops the rollout until it is restarted or something else is
 * configured; one that is quarantined for another reason is not waited for. Workers are left to end.
 */
function rolloutOf(agents: PlanAgent[], containers: PlanContainer[], { now, settings }: Pick<View, "now" | "settings">): Rollout {
  const standing = agents.filter((agent) => agent.kind === "agent" && agent.desired === "running");
  const changed = standing.filter((agent) => {
    const current = containers.find((container) => container.id === agent.containerId && !isOver(container));
    return (
      current?.epoch === agent.epoch && agent.digest != null && current.digest !== undefined && current.digest !== agent.digest
    );
  });
  const names = new Set(changed.map((agent) => agent.name));
  if (changed.length === 0) return { changed: names, next: null, unwell: null, failed: null };
  const failed = standing.find((agent) => isQuarantined(agent, settings) && isOfChange(agent));
  if (failed) return { changed: names, next: null, unwell: null, failed: failed.name };
  const next = changed.find((agent) => agent.replacing) ?? changed[0]!;
  const unwell = standing.find((agent) => agent !== next && !isWell(agent, now, settings) && !isQuarantined(agent, settings));
  return { changed: names, next: unwell ? null : next.name, unwell: unwell?.name ?? null, failed: null };
}

/** What is configured for it is what it was last replaced for, and no life under it was a good one yet. */
const isOfChange = (agent: PlanAgent): boolean => agent.digest != null && agent.changeDigest === agent.digest;

const isWell = (agent: PlanAgent, now: Date, settings: PlanSettings): boolean =>
  underWay.has(agent.status) &&
  agent.containerId !== null &&
  wasHeard(agent) &&
  !isSilent(agent, now, settings) &&
  !isOnTrial(agent, now, settings);

/** It was ended at least once since it was replaced: until it has lived well, it is not known whether it survives the change. */
const isOnTrial = (agent: PlanAgent, now: Date, settings: PlanSettings): boolean =>
  isOfChange(agent) && agent.failures > 0 && now.getTime() - (agent.startedAt?.getTime() ?? 0) < settings.goodLifeMs;
