import { errorText } from "@aito/base";
import type { AgentSession } from "@aito/company";
import type { GatewayContext } from "../gateway-context.ts";
import { restBeatMs } from "./beat-times.ts";
import { dropOver } from "./live-agents.ts";

type Heard = Pick<GatewayContext, "bus" | "clock" | "log">;

/** Three heartbeats of one who rests: a status that is no longer refreshed goes by itself. */
export const statusTtlMs = 3 * restBeatMs;
/** Whoever beats more often than one at rest is told of there hardly more often. */
const againMs = restBeatMs - 5_000;
const knownMax = 1_000;

/** `agent:status:{agent}`: for whoever watches Redis; Postgres has the same, and counts. False: it could not be told. */
export async function publishStatuses({ bus, clock, log }: Heard, sessions: readonly AgentSession[]): Promise<boolean> {
  const last_heartbeat = clock.now().toISOString();
  const statuses = sessions.map(
    ({ agent, epoch, containerId }) =>
      [agent, { status: "active" as const, epoch, last_heartbeat, container_id: containerId ?? "" }] as const,
  );
  try {
    await bus.setStatuses(new Map(statuses), statusTtlMs);
    return true;
  } catch (error) {
    log.debug({ agents: sessions.map(({ agent }) => agent), error: errorText(error) }, "a status was not published");
    return false;
  }
}

/** The same at each beat, without those of which nothing else was told a moment ago. */
export function publishBeats(
  context: Heard,
  /** By agent, the longest untold first. */
  told = new Map<string, { of: string; atMs: number }>(),
): (sessions: readonly AgentSession[]) => Promise<void> {
  return async (sessions) => {
    const nowMs = context.clock.now().getTime();
    // Whoever is due is told of anyway: workers that have ended would stay.
    dropOver(told, ({ atMs }) => Math.abs(nowMs - atMs) >= againMs);
    const due = sessions
      .map((session) => ({ session, of: `${session.epoch} ${session.containerId}` }))
      .filter(({ session, of }) => {
        const last = told.get(session.agent);
        return last?.of !== of || Math.abs(nowMs - last.atMs) >= againMs;
      });
    if (due.length === 0) return;
    if (told.size >= knownMax) told.clear();
    for (const { session, of } of due) {
      told.delete(session.agent);
      told.set(session.agent, { of, atMs: nowMs });
    }
    const sessionsDue = due.map(({ session }) => session);
    if (!(await publishStatuses(context, sessionsDue))) for (const { agent } of sessionsDue) told.delete(agent);
  };
}
