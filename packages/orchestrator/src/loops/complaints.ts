import { type Clock, errorText, type Logger } from "@aito/base";

const repeatEveryMs = 30_000;

/** Logs a repeating trouble at a bounded rate: the first time, then once in 30 s with a count, and once when it is over. */
export function complaints(
  log: Logger,
  clock: Clock,
): { failed(part: string, error: unknown): void; worked(part: string): void } {
  const open = new Map<string, { since: Date; loggedAt: number; silent: number; text: string }>();
  return {
    failed: (part, error) => {
      const now = clock.now();
      const text = errorText(error);
      const seen = open.get(part);
      if (seen && seen.text === text && now.getTime() - seen.loggedAt < repeatEveryMs) {
        seen.silent += 1;
        return;
      }
      log.warn({ part, error: text, repeated: seen?.silent ?? 0 }, "a control loop failed and will try again");
      open.set(part, { since: seen?.since ?? now, loggedAt: now.getTime(), silent: 0, text });
    },
    worked: (part) => {
      const seen = open.get(part);
      if (!seen) return;
      open.delete(part);
      log.info({ part, troubledSince: seen.since.toISOString() }, "a control loop works again");
    },
  };
}
