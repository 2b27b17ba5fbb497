import type { Clock, Logger } from "@aito/base";
import { Redis } from "ioredis";
import type { Bell } from "../bell.ts";
import { commandMsMax, type OnMessage } from "../bus.ts";
import { boundedReport, connectionOptions, watchConnection, within } from "./redis-connection.ts";

/**
 * Seldom, for there are as many bells as agents, and an idle company pays for them all: the gateway hears the same channels for the agent's
 * poll, and watches its own connection closely.
 */
const pingEveryMs = 60_000;

export interface BellOptions {
  socketPath: string;
  username: string;
  password: string;
  channels: string[];
  log: Logger;
  clock: Clock;
}

/**
 * An agent's bell: one connection over Redis' unix socket, under the agent's own user, which may only subscribe. Resolves when
 * subscribed, or after two seconds without Redis: it then goes on trying, and the agent's poll finds the work meanwhile.
 */
export async function connectBell(options: BellOptions): Promise<Bell> {
  const { channels, clock, log } = options;
  const handlers = new Set<OnMessage>();
  const report = boundedReport(log, clock, "the bell has no connection");
  const client = new Redis({
    ...connectionOptions(),
    path: options.socketPath,
    username: options.username,
    password: options.password,
    enableReadyCheck: false,
    commandTimeout: commandMsMax,
  });
  client.on("error", report);
  client.on("message", (channel: string, body: string) => {
    for (const handler of handlers) handler(channel, body);
  });
  const subscribed = new Promise<void>((resolve) => {
    client.on("ready", () => {
      client.subscribe(...channels).then(
        () => resolve(),
        (error: unknown) => {
          report(error);
          if (client.status === "ready") client.disconnect(true);
        },
      );
    });
  });
  const stopWatching = watchConnection(client, clock, pingEveryMs);
  await within(clock, commandMsMax, "subscribe", subscribed).catch(report);
  return {
    onRing: (handler) => void handlers.add(handler),
    usePassword: (password) => void (client.options.password = password),
    close: () => {
      stopWatching();
      handlers.clear();
      client.disconnect();
      return Promise.resolve();
    },
  };
}
