import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import { refuseStopped, runStop, stopsOf } from "../kill-switches/find-stop.ts";
import { type AgentRow, lockSpeaker, selectAgentById } from "./queries.ts";

/** The incarnation on whose behalf something is written, as its session says. */
export interface Speaker {
  agentId: string;
  agent: string;
  epoch: number;
  /** What is written is part of its run: a stop of a task that the run is about counts, too. */
  inRun?: boolean;
  /** The task that it says it is for: a stop of it counts, whatever the run is about. */
  task?: string | null;
}

export const staleError = (agent: string, epoch: number, current: number): AitoError =>
  new AitoError("AITO_AGENT_STALE", `${agent} has a newer incarnation: this is epoch ${epoch}, the current one is ${current}`, {
    hint: "this container must exit",
    status: 409,
  });

/**
 * The speaker's row, locked until this transaction ends, so that its epoch cannot be raised before what it writes is committed. The
 * condition stands in the locking statement itself. Error: AITO_AGENT_STALE when a later incarnation has begun, or when the end of
 * this one is written down; AITO_STOPPED when a kill switch covers it.
 */
export async function holdSpeaker(tx: Tx, speaker: Speaker): Promise<AgentRow> {
  const row = await lockSpeaker(tx, speaker);
  if (row) {
    // Asked after the lock: no press before it is missed.
    refuseStopped(speaker.inRun ? await runStop(tx, row, speaker.task) : (await stopsOf(tx, [row])).get(row.id));
    return row;
  }
  const now = await selectAgentById(tx, speaker.agentId);
  if (now && now.epoch !== speaker.epoch) throw staleError(speaker.agent, speaker.epoch, now.epoch);
  throw new AitoError("AITO_AGENT_STALE", `epoch ${speaker.epoch} of ${speaker.agent} is over`, {
    hint: "this container must exit",
    status: 409,
  });
}
