import { type Clock, errorText, type Logger } from "@aito/base";
import type { Redis } from "ioredis";
import { type Closable, commandMsMax, type OnMessage } from "../bus.ts";
import { boundedReport, watchConnection, within } from "./redis-connection.ts";

interface Listener {
  channels: Set<string>;
  onMessage: OnMessage;
  onReconnect: (() => void) | undefined;
}

export interface Subscriptions {
  /** Resolves when Redis has confirmed all channels. */
  add(channels: string[], onMessage: OnMessage, onReconnect?: () => void): Promise<Closable>;
  close(): void;
}

/**
 * All subscriptions of a process over one connection. It keeps the list itself and subscribes anew on every connect, so that a
 * connection that could subscribe to only some of it is dropped and tried again.
 */
export function subscriptionsOver(client: Redis, options: { log: Logger; clock: Clock }): Subscriptions {
  const { clock, log } = options;
  const listeners = new Set<Listener>();
  const report = boundedReport(log, clock, "the Redis subscription failed");
  const stopWatching = watchConnection(client, clock);
  const wanted = (): string[] => [...new Set([...listeners].flatMap((listener) => [...listener.channels]))];
  let wasReady = client.status === "ready";

  const call = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      log.error({ error: errorText(error) }, "a message handler failed");
    }
  };

  const resubscribe = async (): Promise<void> => {
    const again = wasReady;
    wasReady = true;
    try {
      const channels = wanted();
      if (channels.length > 0) await within(clock, commandMsMax, "subscribe", client.subscribe(...channels));
    } catch (error) {
      report(error);
      if (client.status === "ready") client.disconnect(true);
      return;
    }
    if (!again) return;
    for (const listener of listeners) if (listener.onReconnect) call(listener.onReconnect);
  };

  client.on("error", report);
  client.on("ready", () => void resubscribe());
  client.on("message", (channel: string, body: string) => {
    for (const listener of listeners) if (listener.channels.has(channel)) call(() => listener.onMessage(channel, body));
  });

  return {
    add: async (channels, onMessage, onReconnect) => {
      const listener: Listener = { channels: new Set(channels), onMessage, onReconnect };
      listeners.add(listener);
      try {
        await within(clock, commandMsMax, "subscribe", client.subscribe(...channels));
      } catch (error) {
        listeners.delete(listener);
        throw error;
      }
      return {
        close: async () => {
          listeners.delete(listener);
          const still = new Set(wanted());
          const unused = channels.filter((channel) => !still.has(channel));
          if (unused.length === 0 || client.status !== "ready") return;
          await within(clock, commandMsMax, "unsubscribe", client.unsubscribe(...unused)).catch(report);
        },
      };
    },
    close: () => {
      stopWatching();
      listeners.clear();
      client.disconnect();
    },
  };
}
