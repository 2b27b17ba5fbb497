import { AitoError, isAitoError } from "@aito/base";
import { EventView, operatorApi } from "@aito/protocol";
import { note, type Terminal } from "../terminal.ts";
import type { ConsoleClient } from "./console-client.ts";
import { readServerSentEvents } from "./sse.ts";

const retryMs = 1_000;
const patienceMs = 60_000;

/**
 * Hands on each sealed audit event after sequence number `from` (null: from now on), in order and once, across reconnects, until
 * `terminal.signal` aborts. `onQuiet` is called when nothing came for `quietMs`. Error: AITO_CLI_NO_CONSOLE when the console
 * stays away for a minute; a refused key ends it at once.
 */
export async function followEvents(options: {
  client: ConsoleClient;
  terminal: Terminal;
  from: string | null;
  onEvent: (event: EventView) => Promise<void>;
  onQuiet?: () => Promise<void>;
  quietMs?: number;
}): Promise<void> {
  const { client, terminal } = options;
  let last = options.from;
  let heardAt = terminal.clock.now().getTime();
  let away = false;
  while (!terminal.signal.aborted) {
    const quiet = startQuietTimer(options);
    try {
      const body = await client.stream(operatorApi.stream, terminal.signal, last ?? undefined);
      if (away) note(terminal, "the console is back");
      away = false;
      for await (const frame of readServerSentEvents(body)) {
        heardAt = terminal.clock.now().getTime();
        if (frame.event === "reset") note(terminal, "(too much happened meanwhile to tell it all; going on from here)");
        const told = frame.event === "audit" && last !== null && isAtMost(frame.id, last);
        if (frame.id !== null && frame.id !== "") last = told ? last : frame.id;
        if (frame.event !== "audit" || told) continue;
        quiet.restart();
        await options.onEvent(EventView.parse(JSON.parse(frame.data)));
      }
    } catch (error) {
      if (terminal.signal.aborted) return;
      if (isAitoError(error) && (error.status === 401 || error.status === 403)) throw error;
    } finally {
      quiet.stop();
    }
    if (terminal.signal.aborted) return;
    if (terminal.clock.now().getTime() - heardAt > patienceMs) {
      throw new AitoError("AITO_CLI_NO_CONSOLE", `the console at ${client.url} has been away for a minute`, {
        hint: "see: aito status, aito doctor",
      });
    }
    if (!away) note(terminal, "the console is away; waiting for it");
    away = true;
    await terminal.clock.sleep(retryMs, terminal.signal).catch(() => undefined);
  }
}

/** Calls `onQuiet` once for each quiet stretch. */
function startQuietTimer(options: { terminal: Terminal; onQuiet?: () => Promise<void>; quietMs?: number }): {
  restart(): void;
  stop(): void;
} {
  let cancel = (): void => undefined;
  const restart = (): void => {
    cancel();
    if (!options.onQuiet) return;
    cancel = options.terminal.clock.after(options.quietMs ?? 10_000, () => void options.onQuiet!().catch(() => undefined));
  };
  restart();
  return { restart, stop: () => cancel() };
}

const isAtMost = (id: string | null, last: string): boolean =>
  id !== null && /^\d+$/.test(id) && /^\d+$/.test(last) && BigInt(id) <= BigInt(last);
