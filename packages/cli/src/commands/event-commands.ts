import { EventView, FleetStatus, operatorApi, pageItemsMax, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { followEvents } from "../console/follow-events.ts";
import { nextWakeLine } from "../output/agent-lines.ts";
import { makeStoryteller } from "../output/storyteller.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, type Run, when, wholeNumber } from "./command-kit.ts";
import { addExport, addVerify } from "./history-commands.ts";

type ListOptions = BaseOptions & { limit: number; follow?: boolean };

const withList = (command: Command): Command =>
  command
    .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50)
    .option("--follow", "go on with what happens from now on");

/** Which events, as the API takes it. */
interface EventCut {
  types?: string | undefined;
  by?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

const withCut = (command: Command): Command =>
  withList(command)
    .option("--types <types>", "only of these types, comma-separated")
    .option("--by <name>", "only what this agent or operator did; system: the platform")
    .option("--since <when>", "only from then on", when)
    .option("--until <when>", "only before", when);

/** Whether an event that came later belongs to it, too. */
const isInCut = ({ types, by, since, until }: EventCut, { type, source, at }: EventView): boolean =>
  (types === undefined || types.split(",").includes(type)) &&
  (by ?? source) === source &&
  (since === undefined || at >= since) &&
  (until === undefined || at < until);

export function addEvents(program: Command, terminal: Terminal): void {
  const group = program.command("events").description("the audit log: every change of state, chained");
  addCommand<ListOptions & EventCut>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "audit events as they are stored, newest last",
      json: true,
      detail: 'JSON: [{"id","seq","type","source","target","at","payload","hash"}]; with --follow one on each line',
      build: withCut,
    },
    terminal,
    async (run, { limit, follow, types, by, since, until }) => {
      const cut = { types, by, since, until };
      const print = (event: EventView): void =>
        run.json && follow ? jsonLine(terminal, event) : line(terminal, eventLine(event));
      const from = follow ? await headNow(run) : null;
      const page = await run.console().get(operatorApi.events, pageOf(EventView), { limit, ...cut });
      if (run.json && !follow) return jsonLine(terminal, page.items.toReversed());
      page.items.toReversed().forEach(print);
      if (from === null) return;
      await followAfter(run, { from, shown: page.items }, async (event) => {
        if (isInCut(cut, event)) print(event);
      });
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
    {
      usage: "logs",
      summary: "what the company does, in plain sentences",
      json: true,
      detail: 'JSON: {"at","type","text"} on each line',
      build: withList,
    },
    terminal,
    async (run, { limit, follow }) => {
      const client = run.console();
      const status = await client.get(operatorApi.status, FleetStatus);
      const tell = makeStoryteller({ client, model: status.model });
      const from = follow ? await headNow(run) : null;
      const page = await client.get(operatorApi.events, pageOf(EventView), { limit });
      const print = async (event: EventView): Promise<void> => {
        const sentence = await tell(event);
        if (sentence === null) return;
        if (run.json) jsonLine(terminal, { at: event.at, type: event.type, text: sentence });
        else line(terminal, `${event.at.slice(11, 19)}  ${sentence}`);
      };
      for (const event of page.items.toReversed()) await print(event);
      if (!run.json) line(terminal, nextWakeLine(status.nextWake, terminal.clock.now()));
      if (from !== null) await followAfter(run, { from, shown: page.items }, print);
    },
  );
}

/** The newest sealed event, of any type and source: read before a list, so that nothing falls between the list and what follows it. */
async function headNow(run: Run): Promise<string> {
  const { items } = await run.console().get(operatorApi.events, pageOf(EventView), { limit: pageItemsMax });
  return items.find((event) => event.seq !== null)?.seq ?? "0";
}

/** Goes on after `from`; what a list read since then has shown is not told twice. */
async function followAfter(
  run: Run,
  { from, shown }: { from: string; shown: EventView[] },
  onEvent: (event: EventView) => Promise<void>,
): Promise<void> {
  const seen = new Set(shown.map((event) => event.id));
  await followEvents({
    client: run.console(),
    terminal: run.terminal,
    from,
    onEvent: async (event) => {
      if (!seen.delete(event.id)) await onEvent(event);
    },
  });
}
