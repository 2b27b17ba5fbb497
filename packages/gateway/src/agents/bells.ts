import { type Clock, errorText, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { AgentSession } from "@aito/company";
import { channels, channelsOf } from "@aito/protocol";
import { openWhenPossible } from "../open-when-possible.ts";

type Listener = Pick<AgentSession, "agent" | "isHead" | "isCouncil">;

/**
 * The bells of all agents, heard over the gateway's one subscriber connection. A bell only says "look again": what is there to
 * claim stands in Postgres.
 */
export interface Bells {
  /** Starts hearing an agent's own channel; the groups' are always heard. */
  listen(agent: Listener): Promise<void>;
  /** A number that grows when a bell rings for the agent. Read it before looking, so that no ring between is missed. */
  count(agent: Listener): number;
  /** Resolves at the next ring for the agent, at once if its count is no longer `seen`. Call `cancel` when no longer waiting. */
  next(agent: Listener, seen: number): { rung: Promise<void>; cancel: () => void };
  /** Calls `listener` when the bus was away: any bell may have been missed. */
  onReconnect(listener: () => void): void;
  /** Stops hearing agents that are gone. One that is dropped by mistake is heard again from its next poll on. */
  keepOnly(agents: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

const groups = [channels.broadcast, channels.head, channels.clevel];

export async function hearBells(options: { bus: Bus; clock: Clock; log: Logger }): Promise<Bells> {
  const { bus, log } = options;
  const counts = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();
  const own = new Map<string, Promise<{ close(): Promise<void> }>>();
  const ring = (channel: string): void => {
    counts.set(channel, (counts.get(channel) ?? 0) + 1);
    for (const wake of waiting.get(channel) ?? []) wake();
  };
  // After a lost connection any bell may have been missed.
  const listeners: (() => void)[] = [];
  const ringAll = (): void => {
    [...groups, ...[...own.keys()].map((agent) => channels.agent(agent))].forEach(ring);
    for (const listener of listeners) listener();
  };
  const shared = await openWhenPossible("bells", options, () => bus.subscribe(groups, ring, ringAll), ringAll);

  return {
    onReconnect: (listener) => void listeners.push(listener),
    listen: async ({ agent }) => {
      if (!own.has(agent)) own.set(agent, bus.subscribe([channels.agent(agent)], ring));
      try {
        await own.get(agent);
      } catch (error) {
        own.delete(agent);
        log.warn({ agent, error: errorText(error) }, "an agent's bell is not heard; its poll looks every few seconds");
      }
    },
    count: (agent) => heard(agent).reduce((sum, channel) => sum + (counts.get(channel) ?? 0), 0),
    next: (agent, seen) => {
      const of = heard(agent);
      let cancel = (): void => undefined;
      const rung = new Promise<void>((resolve) => {
        for (const channel of of) waiting.set(channel, (waiting.get(channel) ?? new Set()).add(resolve));
        cancel = () => {
          for (const channel of of) {
            waiting.get(channel)?.delete(resolve);
            if (waiting.get(channel)?.size === 0) waiting.delete(channel);
          }
        };
        if (of.reduce((sum, channel) => sum + (counts.get(channel) ?? 0), 0) !== seen) resolve();
      });
      return { rung, cancel };
    },
    keepOnly: async (agents) => {
      for (const [agent, subscription] of [...own].filter(([name]) => !agents.has(name))) {
        own.delete(agent);
        await subscription.then((open) => open.close()).catch(() => undefined);
        // Until then it may still ring. A count that a new poll has read is no longer the same: it looks again.
        counts.delete(channels.agent(agent));
      }
    },
    close: async () => {
      await shared.close();
      for (const subscription of own.values()) await subscription.then((open) => open.close()).catch(() => undefined);
      own.clear();
    },
  };
}

const heard = (agent: Listener): string[] => channelsOf({ name: agent.agent, isHead: agent.isHead, isCouncil: agent.isCouncil });
