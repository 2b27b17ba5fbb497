import type { Bus, OnMessage } from "./bus.ts";

/** What an agent holds of the bus: only a subscription. A ring carries nothing that the agent could not also poll for. */
export interface Bell {
  onRing(handler: OnMessage): void;
  /** What the next connection says; the one that stands stays. */
  usePassword(password: string): void;
  close(): Promise<void>;
}

/** A bell over a bus in the same process (embedded mode). */
export async function bellOver(bus: Pick<Bus, "subscribe">, channels: string[]): Promise<Bell> {
  const handlers = new Set<OnMessage>();
  const subscription = await bus.subscribe(channels, (channel, body) => {
    for (const handler of handlers) handler(channel, body);
  });
  return {
    onRing: (handler) => void handlers.add(handler),
    usePassword: () => undefined,
    close: async () => {
      handlers.clear();
      await subscription.close();
    },
  };
}
