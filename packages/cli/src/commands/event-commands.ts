import { EventView, FleetStatus, operatorApi, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { followEvents } from "../console/follow-events.ts";
import { nextWakeLine } from "../output/agent-lines.ts";
import { makeStoryteller } from "../output/storyteller.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, type Run, wholeNumber } from "./command-kit.ts";
import { addExport, addVerify } from "./history-commands.ts";

type ListOptions = BaseOptions & { limit: number; follow?: boolean };

const withList = (command: Command): Command =>
  command
    .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50)
    .option("--follow", "go on with what happens from now on");

export function addEvents(program: Command, terminal: Terminal): void {
  const group = program.command("events").description("the audit log: every change of state, chained");
  addCommand<ListOptions>(
    group,
    { usage: "list", isDefault: true, summary: "audit events as they are stored, newest last", json: true, build: withList },
    terminal,
    async (run, { limit, follow }) => {
      const print = (event: EventView): void =>
        run.json && follow ? jsonLine(terminal, event) : line(terminal, eventLine(event));
      const page = await run.console().get(operatorApi.events, pageOf(EventView), { limit });
      if (run.json && !follow) return jsonLine(terminal, page.items.toReversed());
      page.items.toReversed().forEach(print);
      if (follow) await followAfter(run, page.items, (event) => Promise.resolve(print(event)));
    },
  );
  addExport(group, terminal);
  addVerify(group, terminal);
}

const eventLine = (event: EventView): string =>
  `${event.seq ?? "-"}  ${event.at}  ${event.type}  ${event.source}${event.target ? ` -> ${event.target}` : ""}  ${JSON.stringify(event.payload)}`;

export function addLogs(program: Command, terminal: Terminal): void {
  addCommand<ListOptions>(
    program,
    { usage: "logs", summary: "what the company does, in plain sentences", json: true, build: withList },
    terminal,
    async (run, { limit, follow }) => {
      const client = run.console();
      const status = await client.get(operatorApi.status, FleetStatus);
      const tell = makeStoryteller({ client, model: status.model });
      const page = await client.get(operatorApi.events, pageOf(EventView), { limit });
      const print = async (event: EventView): Promise<void> => {
        const sentence = await tell(event);
        if (sentence === null) return;
        if (run.json) jsonLine(terminal, { at: event.at, type: event.type, text: sentence });
        else line(terminal, `${event.at.slice(11, 19)}  ${sentence}`);
      };
      for (const event of page.items.toReversed()) await print(event);
      if (!run.json) line(terminal, nextWakeLine(status.nextWake, terminal.clock.now()));
      if (follow) await followAfter(run, page.items, print);
    },
  );
}

/** Goes on after what a list showed; what was not sealed then is not told twice. */
async function followAfter(run: Run, shown: EventView[], onEvent: (event: EventView) => Promise<void>): Promise<void> {
  const seen = new Set(shown.map((event) => event.id));
  const from = shown.find((event) => event.seq !== null)?.seq ?? "0";
  await followEvents({
    client: run.console(),
    terminal: run.terminal,
    from,
    onEvent: async (event) => {
      if (!seen.delete(event.id)) await onEvent(event);
    },
  });
}
