import type { Pace } from "./pace.ts";

/** Whether it is time for what puts in order what happenings leave behind. */
export interface AfterAStir {
  /** Asked at each pass, for it sees there whether anything happened. */
  isDue(nowMs: number, pace: Pace): boolean;
  done(nowMs: number): void;
}

/** Due `everyMs` after the last time if anything has happened since, else only after `restMs`: bells can be lost. */
export function afterAStir(times: { everyMs: number; restMs: number; doneAt: number | null }): AfterAStir {
  let { doneAt } = times;
  let stirred = false;
  return {
    isDue: (nowMs, pace) => {
      stirred ||= !pace.rests();
      return doneAt === null || Math.abs(nowMs - doneAt) >= (stirred ? times.everyMs : times.restMs);
    },
    done: (nowMs) => {
      doneAt = nowMs;
      stirred = false;
    },
  };
}
