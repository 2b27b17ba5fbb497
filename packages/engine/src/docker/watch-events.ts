import { randomInt } from "node:crypto";
import { type Clock, errorText, type Logger } from "@aito/base";
import type Docker from "dockerode";
import type { Closable } from "../engine.ts";
import { labels } from "./create-body.ts";
import { engineCall } from "./docker-call.ts";

const reopenMsMax = 5_000;
const logEveryMs = 10_000;
const eventsHeard = ["create", "start", "die", "oom", "destroy", "pause", "unpause"];

/** Keeps the engine's event stream open for one company, reopening it with backoff. Reads nothing from the events themselves. */
export async function watchEvents(
  docker: Docker,
  options: { company: string; onChange: () => void; clock: Clock; log: Logger },
): Promise<Closable> {
  const { clock, log } = options;
  let closed = false;
  let attempt = 0;
  let quietUntil = 0;
  let cancel = (): void => undefined;
  let stream: (NodeJS.ReadableStream & { destroy?: () => void }) | undefined;

  const ring = (): void => {
    try {
      options.onChange();
    } catch (error) {
      log.error({ error: errorText(error) }, "a handler of engine events failed");
    }
  };

  const lost = (error: unknown): void => {
    if (closed) return;
    stream = undefined;
    attempt += 1;
    const now = clock.now().getTime();
    if (now >= quietUntil) {
      quietUntil = now + logEveryMs;
      log.warn({ error: errorText(error), attempt }, "the engine's events are interrupted");
    }
    cancel = clock.after(Math.min(reopenMsMax, 100 * 2 ** Math.min(attempt, 10)) + randomInt(100), () => void open());
  };

  const open = async (): Promise<void> => {
    try {
      const opened = await engineCall(
        clock,
        "open its events",
        docker.getEvents({
          filters: { type: ["container"], event: eventsHeard, label: [`${labels.company}=${options.company}`] },
        }),
      );
      stream = opened as NodeJS.ReadableStream & { destroy?: () => void };
    } catch (error) {
      lost(error);
      return;
    }
    if (closed) return stream.destroy?.();
    const gap = attempt > 0;
    let over = false;
    const end = (error?: unknown): void => {
      if (over) return;
      over = true;
      lost(error ?? new Error("the stream ended"));
    };
    stream.on("data", () => {
      attempt = 0;
      ring();
    });
    stream.on("error", end);
    stream.on("end", () => end());
    stream.on("close", () => end());
    if (gap) ring();
  };

  await open();
  return {
    close: () => {
      closed = true;
      cancel();
      stream?.destroy?.();
      return Promise.resolve();
    },
  };
}
