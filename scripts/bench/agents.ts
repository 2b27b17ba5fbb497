import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import { companyUnderTest, type CompanyUnderTest, writePack } from "../../packages/testkit/src/index.ts";
import { bareContainer } from "./bare-container.ts";
import { containerMemory } from "./container-memory.ts";
import { containersOf, idleRows, sql } from "./idle.ts";
import { row, type Row } from "./measure.ts";

/** How many agents, how many are restarted at once, and how long the idle company is watched. */
export interface AgentsOptions {
  agents: number;
  together: number;
  idleSeconds: number;
}

interface Event {
  type: string;
  at: string;
  target: string | null;
  payload: { epoch?: number; modelCalls?: number };
}

/**
 * A company of that many idle agents: from the record of each start to its first heartbeat, all of them at the first `up` and then
 * `together` at once; where that time goes; memory; and what the idle control plane burns, in percent of one core, and does.
 */
export async function benchAgents(options: AgentsOptions): Promise<Row[]> {
  const slug = `bench-${process.pid}`;
  const company = await companyUnderTest(slug);
  const folder = mkdtempSync(join(tmpdir(), "aito-bench-agents-"));
  try {
    writePack(join(folder, "pack"), { slug, agents: options.agents });
    await company.json(["up", "--engine", "docker", "--detach", "--fleet", join(folder, "pack")], 900_000);
    await allActive(company, slug, { count: options.agents });
    const first = phasesOf(await events(slug));
    const names = [...first.keys()].slice(0, options.together);
    const asked = new Date().toISOString();
    const bare = await Promise.all(names.map(() => bareContainer()));
    for (const name of names) await company.json(["agents", "restart", name]);
    await allActive(company, slug, { count: options.agents, names, since: asked });
    const again = phasesOf(await events(slug, asked));
    const of = (phases: Map<string, Phases>, phase: keyof Phases): number[] => [...phases.values()].map((each) => each[phase]);
    const memory = await memoryOf(slug);
    const idle = await idleRows(slug, options.idleSeconds, async (since) => modelCalls(await events(slug, since)));
    return [
      row("first-start", "ms", of(first, "total"), bare),
      row(`spawn-${names.length}-at-once`, "ms", of(again, "total"), bare),
      row("  engine (record to container)", "ms", of(again, "engine"), null),
      row("  agent (container to hello)", "ms", of(again, "agent"), null),
      row("memory-agent", "MB", memory, null),
      ...idle,
    ];
  } finally {
    await company.run(["down", "--volumes", "--yes"], 300_000);
    company.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the company's own records, in order: the console lists 200 at most. */
async function events(slug: string, since = ""): Promise<Event[]> {
  const lines = await sql(
    slug,
    `select json_build_object('type', event_type, 'target', target_name, 'payload', payload,
        'at', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      from events where event_type in ('agent.starting', 'agent.container', 'agent.active', 'agent.run.done')
      order by created_at, id`,
  );
  const all = lines.map((line) => JSON.parse(line) as Event);
  return all.filter((event) => event.at > since);
}

const modelCalls = (list: Event[]): number =>
  list.filter(({ type }) => type === "agent.run.done").reduce((sum, { payload }) => sum + (payload.modelCalls ?? 0), 0);

interface Phases {
  engine: number;
  agent: number;
  total: number;
}

/** Of each agent's last life: from its record to its container's, and on to its hello. */
function phasesOf(list: Event[]): Map<string, Phases> {
  const lives = new Map<string, Phases>();
  for (const active of list.filter((event) => event.type === "agent.active")) {
    const of = (type: string): number | null => {
      const found = list.find(
        (event) => event.type === type && event.target === active.target && event.payload.epoch === active.payload.epoch,
      );
      return found ? Date.parse(found.at) : null;
    };
    const [starting, container] = [of("agent.starting"), of("agent.container")];
    if (starting === null) continue;
    const at = Date.parse(active.at);
    // An agent may say hello before its container is recorded.
    const made = Math.min(container ?? at, at);
    lives.set(active.target!, { engine: made - starting, agent: at - made, total: at - starting });
  }
  return lives;
}

async function allActive(
  company: CompanyUnderTest,
  slug: string,
  wanted: { count: number; names?: string[]; since?: string },
): Promise<void> {
  const until = performance.now() + 600_000;
  while (performance.now() < until) {
    const agents = await company.json<{ status: string }[]>(["agents", "list"]);
    const active = agents.filter((agent) => agent.status === "active");
    const back = wanted.names ? (await events(slug, wanted.since)).filter((event) => event.type === "agent.active") : [];
    const backNames = new Set(back.map((event) => event.target));
    if (active.length >= wanted.count && (wanted.names ?? []).every((name) => backNames.has(name))) return;
    await pause(1_000);
  }
  throw new Error(`${wanted.count} agents did not become active within ten minutes`);
}

const docker = new Docker();

/** Working set (usage less inactive file cache) of each agent, in MB. */
async function memoryOf(slug: string): Promise<number[]> {
  const agents = (await containersOf(slug)).filter((container) => container.Labels["aito.kind"] === "agent");
  const used: number[] = [];
  for (const { Id: id } of agents) {
    const { memory_stats: memory } = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
    used.push(containerMemory(memory).used);
  }
  return used;
}
