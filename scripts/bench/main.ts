import { parseArgs } from "node:util";
import { benchAgents } from "./agents.ts";
import { benchBoard } from "./board.ts";
import { benchConsole } from "./console.ts";
import { benchDecision } from "./decision.ts";
import { benchEmbedded } from "./embedded.ts";
import { benchGateway } from "./gateway.ts";
import { asTheGatewayRuns } from "./gateway/gateway-flags.ts";
import { benchFleet } from "./fleet.ts";
import { benchFlood } from "./flood.ts";
import { benchHandout } from "./handout.ts";
import { benchHistory } from "./history.ts";
import type { Row } from "./measure.ts";
import { benchMemory } from "./memory.ts";
import { benchMessage } from "./message.ts";
import { benchStop } from "./stop.ts";
import { benchTools } from "./tools.ts";
import { writeTable } from "./write-table.ts";

const help = `pnpm bench [name ...] [--json] [--readme] [--agents N] [--together N] [--idle-seconds N]

Measures against a floor taken in the same run, and prints a table, or with --json
[{"name","unit","p50","p95","p99","floor","ratio","n"}].

  message   agent to agent: gateway, row, doorbell, received (real Postgres and Redis)
            and with 1, 10 and 100 agents writing at once (clients of the gateway, without containers)
  flood     messages of others beside one agent that floods (real Postgres and Redis, the limits of a company)
  handout   a task from its queueing commit to the hands of an agent that waits for work
  decision  a vote to its stored tally; a hundred decisions at once (real Postgres and Redis)
  embedded  up to seven active agents in one process
  memory    --memories N (100000): hybrid search hot, recall against exact search, a filter that keeps one in a thousand, an insert
            (real Postgres; about five minutes on 2 cores); --readme writes its table into README.md
  history   a million sealed events, every hash and column checked (real Postgres)
  agents    a company of --agents N (20): first start, --together N (20) restarted at once and where the time goes, memory of an
            agent, what the idle control plane burns in --idle-seconds N (60), in percent of a core, and what it does: wake-ups,
            transactions, Redis commands
  stop      the kill switch with --agents N (20) under load: the last effect, and until no container runs
  gateway   a model call through the gateway against a direct one and against npm @portkey-ai/gateway; streams held
            (--seconds 30 of load a phase, --streams 50 held for --minutes 10; 0: none); --readme writes its table into README.md
  tools     a policy decision; a tool call through the gateway at 200 a second against the same tool called directly (--seconds 30);
            from a human's press on an approval to its effect (real Postgres and Redis; in a process with the gateway's own flags)
  board     a task to its issue on a local GitHub; the first sync of --issues N (500) tasks, with the gateway ended half way, and how many
            requests it takes; the check of the paths of a change of 1,000 files (real Postgres and Redis)
  console   the console as its image runs it, with 100 agents (at least --agents), --tasks N (10000) and --events N (100000): every list
            over HTTP, tasks made over HTTP one by one and 32 at once, each page in Chromium, memory, and --dashboards N (20) that follow
            a hundred changes a second for --seconds 30 and ask anew as pages do (builds what has changed)
  fleet     up to seven active agents in containers; spawn of a worker; a decision of three rounds; memory
`;

function printTable(rows: Row[]): void {
  const head = ["name", "unit", "p50", "p95", "p99", "floor", "ratio", "n"] as const;
  const cells = [head.map(String), ...rows.map((each) => head.map((key) => String(each[key] ?? "-")))];
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  for (const line of cells)
    console.log(
      line.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("  "),
    );
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    help: { type: "boolean" },
    agents: { type: "string", default: "20" },
    together: { type: "string", default: "20" },
    "idle-seconds": { type: "string", default: "60" },
    seconds: { type: "string", default: "30" },
    minutes: { type: "string", default: "10" },
    streams: { type: "string", default: "50" },
    readme: { type: "boolean" },
    issues: { type: "string", default: "500" },
    tasks: { type: "string", default: "10000" },
    events: { type: "string", default: "100000" },
    dashboards: { type: "string", default: "20" },
    memories: { type: "string", default: "100000" },
  },
});
const benches: Record<string, () => Promise<Row[]>> = {
  message: benchMessage,
  flood: benchFlood,
  handout: benchHandout,
  decision: benchDecision,
  embedded: benchEmbedded,
  agents: () =>
    benchAgents({
      agents: Number(values.agents),
      together: Number(values.together),
      idleSeconds: Number(values["idle-seconds"]),
    }),
  stop: () => benchStop({ agents: Number(values.agents) }),
  board: () => benchBoard({ issues: Number(values.issues) }),
  console: () =>
    benchConsole({
      agents: Math.max(100, Number(values.agents)),
      tasks: Number(values.tasks),
      events: Number(values.events),
      dashboards: Number(values.dashboards),
      seconds: Number(values.seconds),
    }),
  fleet: benchFleet,
  history: benchHistory,
  memory: async () => {
    const rows = await benchMemory({ memories: Number(values.memories) });
    if (values.readme) writeTable("memory", rows);
    return rows;
  },
  gateway: async () => {
    const options = { seconds: Number(values.seconds), minutes: Number(values.minutes), streams: Number(values.streams) };
    const rows = await benchGateway(options);
    if (values.readme) writeTable("gateway", rows);
    return rows;
  },
  tools: () => asTheGatewayRuns("tools", ["--seconds", values.seconds], () => benchTools({ seconds: Number(values.seconds) })),
};

const unknown = positionals.filter((name) => !(name in benches));
if (values.help) console.log(help);
else if (unknown.length > 0) {
  console.error(`there is no benchmark named ${unknown.join(", ")}; there are: ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
} else {
  const rows: Row[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    console.error(`measuring: ${name}`);
    rows.push(...(await benches[name]!()));
  }
  if (values.json) console.log(JSON.stringify(rows));
  else printTable(rows);
}
