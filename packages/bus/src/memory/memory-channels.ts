import { errorText, type Logger } from "@aito/base";
import type { Closable, OnMessage } from "../bus.ts";

export interface MemoryChannels {
  publish(channel: string, body: string): void;
  subscribe(channels: string[], onMessage: OnMessage): Closable;
  close(): void;
}

/** Messages arrive in the order of publishing, each in its own microtask. */
export function memoryChannels(log: Logger): MemoryChannels {
  const listeners = new Set<{ channels: Set<string>; onMessage: OnMessage }>();
  return {
    publish: (channel, body) => {
      for (const listener of listeners) {
        if (!listener.channels.has(channel)) continue;
        queueMicrotask(() => {
          if (!listeners.has(listener)) return;
          try {
            listener.onMessage(channel, body);
          } catch (error) {
            log.error({ error: errorText(error) }, "a message handler failed");
          }
        });
      }
    },
    subscribe: (channels, onMessage) => {
      const listener = { channels: new Set(channels), onMessage };
      listeners.add(listener);
      return { close: () => Promise.resolve(void listeners.delete(listener)) };
    },
    close: () => listeners.clear(),
  };
}
