import { randomInt } from "node:crypto";
import { AitoError, type Clock, errorText, type Logger, togetherMs } from "@aito/base";
import type { Redis, RedisOptions } from "ioredis";
import { commandMsMax } from "../bus.ts";

const reconnectMsMax = 3_000;
const pingEveryMs = 10_000;
const logEveryMs = 10_000;

/** `redis://user:pass@host:port` or `unix://user:pass@/path/redis.sock`. */
export function parseRedisUrl(url: string): RedisOptions {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new AitoError("AITO_BUS_URL", "REDIS_URL is not a URL", { hint: "redis://user:password@host:6379", fate: "human" });
  }
  const credentials = {
    ...(parsed.username ? { username: decodeURIComponent(parsed.username) } : {}),
    ...(parsed.password ? { password: decodeURIComponent(parsed.password) } : {}),
  };
  if (parsed.protocol === "unix:") return { path: decodeURIComponent(parsed.pathname), ...credentials };
  if (parsed.protocol !== "redis:" && parsed.protocol !== "rediss:") {
    throw new AitoError("AITO_BUS_URL", `REDIS_URL has the scheme ${parsed.protocol}`, {
      hint: "use redis://, rediss:// or unix://",
      fate: "human",
    });
  }
  return {
    host: parsed.hostname,
    port: Number(parsed.port || 6379),
    ...credentials,
    ...(parsed.protocol === "rediss:" ? { tls: {} } : {}),
  };
}

/** What every connection has in common: it reconnects for ever, with jitter, and keeps quiet about the client's version. */
export function connectionOptions(): RedisOptions {
  return {
    connectTimeout: commandMsMax,
    retryStrategy: (times) => Math.min(reconnectMsMax, 50 * 2 ** Math.min(times, 10)) + randomInt(200),
    disableClientInfo: true,
    maxRetriesPerRequest: null,
    autoResubscribe: false,
  };
}

export const isRefusal = (text: string): boolean => /^(WRONGPASS|NOAUTH|NOPERM)/.test(text);

/** What the callers see instead of a client library's error. */
export function busError(error: unknown, doing: string): AitoError {
  if (error instanceof AitoError) return error;
  const text = errorText(error);
  if (isRefusal(text)) {
    return new AitoError("AITO_BUS_REFUSED", `Redis refused to ${doing}: ${text}`, {
      hint: "check the user and password in REDIS_URL",
      fate: "human",
      status: 503,
      cause: error,
    });
  }
  return new AitoError("AITO_BUS_UNAVAILABLE", `Redis could not ${doing}: ${text}`, {
    hint: "check that Redis runs and that REDIS_URL is right",
    fate: "retry",
    status: 503,
    cause: error,
  });
}

/** `promise`, or AITO_BUS_UNAVAILABLE when it is not settled within `ms`. */
export async function within<T>(clock: Clock, ms: number, doing: string, promise: Promise<T>): Promise<T> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () => reject(new Error(`no answer within ${ms} ms`)));
  });
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    throw busError(error, doing);
  } finally {
    cancel();
  }
}

/** A reporter that logs the first failure at once and then at most one line in ten seconds, with the number left out. */
export function boundedReport(log: Logger, clock: Clock, message: string): (error: unknown) => void {
  let quietUntil = 0;
  let leftOut = 0;
  return (error) => {
    const now = clock.now().getTime();
    if (now < quietUntil) {
      leftOut += 1;
      return;
    }
    log.warn({ error: errorText(error), leftOut }, message);
    quietUntil = now + logEveryMs;
    leftOut = 0;
  };
}

/**
 * Notices a connection that looks open and is not: pings it every ten seconds, or as often as `everyMs` says, and reconnects when there
 * is no answer within two. Returns how to stop.
 */
export function watchConnection(client: Redis, clock: Clock, everyMs = pingEveryMs): () => void {
  let stopped = false;
  let cancel = (): void => undefined;
  const beat = async (): Promise<void> => {
    if (client.status === "ready") {
      await within(clock, commandMsMax, "answer a ping", client.ping()).catch(() => {
        if (client.status === "ready") client.disconnect(true);
      });
    }
    if (!stopped) cancel = clock.after(togetherMs(everyMs), () => void beat());
  };
  cancel = clock.after(togetherMs(everyMs), () => void beat());
  return () => {
    stopped = true;
    cancel();
  };
}

/** Resolves when the client is ready; throws within `ms`, with the last error that the client saw. */
export async function waitUntilReady(client: Redis, clock: Clock, ms: number): Promise<void> {
  if (client.status === "ready") return;
  let last: unknown = new Error(`no connection within ${ms} ms`);
  const ready = new Promise<void>((resolve, reject) => {
    client.on("error", (error: Error) => {
      last = error;
      if (isRefusal(errorText(error))) reject(error);
    });
    client.once("ready", () => resolve());
  });
  try {
    await within(clock, ms, "be reached", ready);
  } catch (error) {
    const known = busError(error instanceof AitoError && error.code === "AITO_BUS_REFUSED" ? error : last, "be reached");
    throw new AitoError(known.code, known.message, { hint: known.hint ?? "", fate: "human", status: 503, cause: last });
  }
}
