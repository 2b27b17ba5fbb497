import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import Docker from "dockerode";
import { companyUnderTest, type CompanyUnderTest } from "../../packages/testkit/src/index.ts";
import { containerMemory } from "./container-memory.ts";
import type { Collected } from "./flat.ts";
import { collect } from "./live-heap.ts";
import { broken, ours, programs, report, type Sample, type Soak } from "./soak-report.ts";

const help = `pnpm soak [--minutes 60] [--agents 20] [--idle] [--keep NAME] [--json]

Runs a company in containers for a while and watches it from outside: memory and CPU of each program by its control group (memory: the
programs' own pages; those of files, which come and go with what the machine reads, are told apart as usedMbMax), open files by /proc, database
connections, event rows, and model calls by the model's own count. With load: a proposal with a worker's task every ten seconds. A time of
warming up comes before the minutes (ten of them, at most half as long as they are; idle: two): programs reach their size in it, and the gateway loads what embeds memories.
Memory is flat when what a program keeps, told after a forced collection at both ends, grows by at most 1 % of the program an hour, when the
code that V8 compiles of its functions comes ever slower (codeMb: at both ends and in the middle; it is not among what is kept), and its process comes no higher in the last third than in the one before. The line through its memory (memoryPercentPerHour) is told, and proves nothing: V8 collects when it sees fit.
Keeps the figures under scripts/bench/results/. Exit 1: a promise is broken (orchestrator over 256 MB, a program's memory not flat in half an hour or more,
connections left behind; idle: a model call, or the control plane over 1 % of a core).
`;
const results = new URL("results/", import.meta.url).pathname;
/** Two kinds of soak may run beside each other. */
const slug = process.argv.includes("--idle") ? "soak-idle" : "soak";
const sampleEveryMs = 10_000;
const idleWarmUpMs = 120_000;
/** Under load a program's heap takes minutes to reach its size. */
const warmUpMsMax = 600_000;
const taskEveryMs = 10_000;
const docker = new Docker();

async function containers(): Promise<Map<string, Docker.ContainerInfo>> {
  const list = await docker.listContainers({ filters: { label: [`aito.company=${slug}`] } });
  return new Map(list.map((each) => [each.Labels["com.docker.compose.service"] ?? each.Labels["aito.agent"] ?? each.Id, each]));
}

const inside = (id: string, ...args: string[]): string =>
  execFileSync("docker", ["exec", id, ...args], { encoding: "utf8", timeout: 20_000 }).trim();

/** Open files of all processes in a container. */
async function filesOf(id: string): Promise<number> {
  const top = (await docker.getContainer(id).top()) as { Titles: string[]; Processes: string[][] };
  const column = top.Titles.indexOf("PID");
  const count = (pid: string): number => {
    try {
      return readdirSync(`/proc/${pid}/fd`).length;
    } catch {
      return 0;
    }
  };
  return top.Processes.reduce((sum, line) => sum + count(line[column]!), 0);
}

type Asked = Pick<Sample, "backends" | "events" | "modelCalls">;

/** Asks inside the containers, at their expense. */
async function ask(): Promise<Asked> {
  const found = await containers();
  const query = (text: string): number => Number(inside(found.get("postgres")!.Id, "psql", "-U", "aito", "-At", "-c", text));
  const count = "fetch('http://127.0.0.1:8090/rehearsal/ledger').then(async(r)=>console.log((await r.json()).calls))";
  return {
    backends: query("select count(*) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'psql'"),
    events: query("select count(*) from events"),
    modelCalls: Number(inside(found.get("rehearsal")!.Id, "node", "-e", count)),
  };
}

/** Looks from outside, which costs the company nothing. */
async function look(asked: Asked): Promise<Sample> {
  const found = await containers();
  const taken: Sample = { at: Date.now(), memory: {}, used: {}, cpu: {}, files: {}, ...asked };
  for (const name of programs) {
    const { Id } = found.get(name)!;
    const stats = await docker.getContainer(Id).stats({ stream: false, "one-shot": true });
    const { own, used } = containerMemory(stats.memory_stats);
    taken.memory[name] = own;
    taken.used[name] = used;
    taken.cpu[name] = stats.cpu_stats.cpu_usage.total_usage;
    taken.files[name] = await filesOf(Id);
  }
  return taken;
}

/** The pack without its opening goal, and with as many members as asked for. */
async function preparePack(company: CompanyUnderTest, agents: number): Promise<void> {
  const file = join(company.pack, "fleet.yaml");
  const names = Array.from({ length: Math.max(0, agents - 7) }, (_, index) => `  hand-${index + 1}: { profile: coo.md }`);
  const text = (await readFile(file, "utf8"))
    .replace(/^kickoff:[^]*$/m, "")
    .replace(/^ {2}cco: .*$/m, (line) => [line, ...names].join("\n"));
  await writeFile(file, text);
}

async function propose(company: CompanyUnderTest, index: number): Promise<void> {
  const title = `Soak note ${index}`;
  const task = ["--task-title", title, "--worker", "analyst"];
  await company.run(["propose", "--by", "cmo", "--type", "minor", "--title", title, ...task]);
}

async function collectAll(): Promise<Map<string, Collected>> {
  const found = await containers();
  const all = new Map<string, Collected>();
  for (const name of ours) all.set(name, await collect(found.get(name)!.Id));
  return all;
}

async function run(minutes: number, agents: number, idle: boolean): Promise<Soak> {
  const company = await companyUnderTest(slug);
  try {
    await preparePack(company, agents);
    process.stderr.write(`bringing ${agents} agents up\n`);
    await company.json(["up", "--engine", "docker", "--detach", "--fleet", company.pack], 900_000);
    const work = idle ? (until: number) => pause(until - Date.now()) : proposer(company);
    const warmUpMs = idle ? idleWarmUpMs : Math.min(warmUpMsMax, minutes * 30_000);
    for (const until = Date.now() + warmUpMs; Date.now() < until;) await work(Math.min(Date.now() + sampleEveryMs, until));
    // A question by meaning: the embedder's model is loaded by now, whatever was remembered.
    if (!idle) await company.run(["memory", "search", "what was done"]);
    // The rest of an idle company is not disturbed.
    const collected: Map<string, Collected>[] = idle ? [] : [await collectAll()];
    const samples: Sample[] = [];
    const until = Date.now() + minutes * 60_000;
    const middle = Date.now() + minutes * 30_000;
    // What an idle company burns must not be what asking it burns: it is asked before and afterwards.
    let answers = await ask();
    while (Date.now() < until || samples.length < 2) {
      if (collected.length === 1 && Date.now() >= middle) collected.push(await collectAll());
      // A machine that is busy may answer too late; the next look asks again.
      if (!idle) answers = await ask().catch(() => answers);
      const taken = await look(answers);
      samples.push(taken);
      const { memory, modelCalls, events } = taken;
      process.stderr.write(
        `orchestrator ${memory["orchestrator"]!.toFixed(0)} MB, ${events} events, ${modelCalls} model calls\n`,
      );
      await work(taken.at + sampleEveryMs);
    }
    Object.assign(samples.at(-1)!, await ask());
    if (!idle) collected.push(await collectAll());
    const [first, between, last] = collected;
    if (!first || !between || !last) return { samples, collected: new Map() };
    return { samples, collected: new Map(ours.map((name) => [name, [first.get(name)!, between.get(name)!, last.get(name)!]])) };
  } finally {
    await company.run(["down", "--volumes", "--yes"], 120_000);
    company.remove();
  }
}

/** Asks for a task every ten seconds, until the given time. */
function proposer(company: CompanyUnderTest): (until: number) => Promise<void> {
  let next = 0;
  let asked = 0;
  return async (until) => {
    for (; Date.now() < until; await pause(200)) {
      if (Date.now() < next) continue;
      next = Date.now() + taskEveryMs;
      asked += 1;
      await propose(company, asked);
    }
  };
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    agents: { type: "string", default: "20" },
    idle: { type: "boolean", default: false },
    keep: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const [minutes, agents] = [Number(values.minutes), Number(values.agents)];
if (values.help) process.stdout.write(help);
else if (!(minutes > 0 && minutes <= 1_440) || !(Number.isInteger(agents) && agents >= 7 && agents <= 40)) {
  process.stderr.write("--minutes takes a number up to 1440, --agents a whole number from 7 to 40\n");
  process.exitCode = 2;
} else {
  const told = report(await run(minutes, agents, values.idle), { minutes, agents, idle: values.idle });
  const problems = broken(told);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const name = values.keep ?? (values.idle ? "soak-idle" : "soak");
  mkdirSync(results, { recursive: true });
  writeFileSync(
    `${results}${name}.json`,
    `${JSON.stringify({ name, commit, ...told, problems: problems.join("; ") }, null, 2)}\n`,
  );
  if (values.json) console.log(JSON.stringify({ ...told, problems }));
  else {
    for (const each of told.programs) {
      console.log(
        `${each.program.padEnd(13)} ${String(each.cpuPercentOfCore).padStart(6)} % of a core  ${String(each.memoryMb.max).padStart(4)} MB at most  ` +
          `${each.flatness ? `${each.flatness.liveMb.first} to ${each.flatness.liveMb.last} MB kept  ` : ""}${each.files.last} files`,
      );
    }
    console.log(
      `control plane ${told.controlPlanePercentOfCore} % of a core, ${told.backends.last} database connections, ` +
        `${told.eventsPerMinute} events a minute, ${told.modelCalls} model calls in ${told.seconds} s`,
    );
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
