import { type AgentSession, type Beat, beatMany } from "@aito/company";
import type { GatewayContext } from "../gateway-context.ts";

/** How long the heartbeat of one who does nothing waits for others; a head's is missed sooner. */
const gatherMs = 3_000;
const headGatherMs = 1_000;
const batchMax = 200;

type Answer = { stop: boolean } | null;
interface Waiting {
  beat: Beat;
  resolve(answer: Answer): void;
}

/**
 * Writes heartbeats together: those who rest wait a little, whoever works takes all that wait along at once. Those who were answered
 * together beat together the next time, so a fleet that rests comes to cost a few statements a minute. Null: ask the long way. `onWritten`
 * hears whose were written at once.
 */
export function gatherBeats(
  context: GatewayContext,
  onWritten: (sessions: AgentSession[]) => void = () => undefined,
): (beat: Beat) => Promise<Answer> {
  const { deps, clock, sessionLife, signal } = context;
  // In one process with its database there is nothing to save, and tests that beat fast want their answers.
  const gathers = deps.db.kind === "postgres" && context.heartbeatMs === undefined;
  const waiting: Waiting[] = [];
  let due: { atMs: number; cancel: () => void } | null = null;

  const flush = async (): Promise<void> => {
    due?.cancel();
    due = null;
    const batch = waiting.splice(0, batchMax);
    if (waiting.length > 0) void flush();
    // Whatever keeps them from being written, each meets it the long way and says so.
    const answers = await beatMany(
      deps,
      batch.map(({ beat }) => beat),
      sessionLife,
    ).catch(() => []);
    for (const [index, { resolve }] of batch.entries()) resolve(answers[index] ?? null);
    const written = batch.filter((_, index) => answers[index]).map(({ beat }) => beat.session);
    if (written.length > 0) onWritten(written);
  };

  signal.addEventListener("abort", () => void (waiting.length > 0 && flush()), { once: true });
  return (beat) =>
    new Promise((resolve) => {
      waiting.push({ beat, resolve });
      if (!gathers || beat.doing !== null || signal.aborted) return void flush();
      const waitMs = beat.session.isHead ? headGatherMs : gatherMs;
      const atMs = clock.now().getTime() + waitMs;
      if (due !== null && due.atMs <= atMs) return;
      due?.cancel();
      due = { atMs, cancel: clock.after(waitMs, () => void flush()) };
    });
}
