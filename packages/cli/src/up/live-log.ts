import { FleetStatus, operatorApi } from "@aito/protocol";
import type { ConsoleClient } from "../console/console-client.ts";
import { followEvents } from "../console/follow-events.ts";
import { clockTime, nextWakeLine } from "../output/agent-lines.ts";
import { makeStoryteller } from "../output/storyteller.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";

const quietMs = 10_000;

/** Tells what the company does until Ctrl-C; when nothing happens, what happens next. `from`: the event number to begin after. */
export async function liveLog(
  terminal: Terminal,
  options: { client: ConsoleClient; model: string; from: string | null; json: boolean },
): Promise<void> {
  const { client, json } = options;
  const tell = makeStoryteller({ client, model: options.model });
  let lastSaid = "";
  await followEvents({
    client,
    terminal,
    from: options.from,
    quietMs,
    onEvent: async (event) => {
      const sentence = await tell(event);
      if (sentence === null) return;
      lastSaid = "";
      if (json) jsonLine(terminal, { at: event.at, type: event.type, text: sentence });
      else line(terminal, `${clockTime(event.at)}:${event.at.slice(17, 19)}  ${sentence}`);
    },
    onQuiet: async () => {
      const status = await client.get(operatorApi.status, FleetStatus);
      const waiting = status.openEscalations > 0 ? `${status.openEscalations} decision(s) wait for you (aito escalations); ` : "";
      const said = `${waiting}${nextWakeLine(status.nextWake, terminal.clock.now())}`;
      if (!json && said !== lastSaid) line(terminal, `          ${said}`);
      lastSaid = said;
    },
  });
}
