import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import { companyUnderTest, type CompanyUnderTest } from "../../packages/testkit/src/index.ts";
import { bareContainer } from "./bare-container.ts";
import { containerMemory } from "./container-memory.ts";
import { row, type Row, timed } from "./measure.ts";

const upRuns = 3;
const spawns = 12;
const deadlocks = 5;
const slug = "bench";

interface Event {
  type: string;
  at: string;
  target: string | null;
}

/** `up` to seven active agents, spawn to first heartbeat, and memory: all of one real company in containers. */
export async function benchFleet(): Promise<Row[]> {
  const company = await companyUnderTest(slug);
  const ups: number[] = [];
  const bares: number[] = [];
  try {
    // The first start builds images and makes the database; what is measured is a start with both present.
    await up(company);
    for (let index = 0; index < upRuns; index += 1) {
      await company.run(["down"], 120_000);
      bares.push(await timed(() => Promise.all(Array.from({ length: 7 }, () => bareContainer()))));
      ups.push(await timed(() => up(company)));
    }
    const spawned = await spawnTimes(company);
    const threeRounds = await threeRoundTimes(company);
    const memory = await memoryOf();
    return [
      row("up-docker", "ms", ups, bares),
      row("spawn", "ms", spawned.ours, spawned.bare),
      row("three-rounds", "ms", threeRounds, null),
      row("memory-orchestrator", "MB", memory.orchestrator, null),
      row("memory-agent", "MB", memory.agents, null),
    ];
  } finally {
    await company.run(["down", "--volumes", "--yes"], 120_000);
    company.remove();
  }
}

const up = (company: CompanyUnderTest): Promise<unknown> =>
  company.json(["up", "--engine", "docker", "--detach", "--fleet", company.pack], 900_000);

/** From the moment a worker is asked for (its row) to its hello, as the company's own events record both; one at a time. */
async function spawnTimes(company: CompanyUnderTest): Promise<{ ours: number[]; bare: number[] }> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let index = 0; index < spawns; index += 1) {
    bare.push(await bareContainer());
    const title = `Bench note ${index}`;
    const since = new Date().toISOString();
    await company.json([
      "propose",
      "--by",
      "cmo",
      "--type",
      "minor",
      "--title",
      title,
      "--task-title",
      title,
      "--worker",
      "analyst",
    ]);
    ours.push(await spawnSince(company, since));
  }
  return { ours, bare };
}

async function spawnSince(company: CompanyUnderTest, since: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const events = await company.json<Event[]>(["events", "--limit", "200"]);
    const spawned = events.find(
      (event) => event.type === "worker.spawned" && event.at >= since && event.target?.startsWith("analyst-"),
    );
    const active = events.find((event) => event.type === "agent.active" && event.target === spawned?.target);
    if (spawned && active) return new Date(active.at).getTime() - new Date(spawned.at).getTime();
    await pause(200);
  }
  throw new Error("a worker did not become active within 20 s");
}

/** From a proposal's row to its escalation after round 3, by the company's own events; the budget makes each one tie. */
async function threeRoundTimes(company: CompanyUnderTest): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < deadlocks; index += 1) {
    const usd = String(5_000 + index);
    const made = await company.json<{ id: string }>([
      "propose",
      "--by",
      "cmo",
      "--type",
      "major",
      "--usd",
      usd,
      "--title",
      `Tie ${index}`,
    ]);
    times.push(await timeOfDeadlock(company, made.id));
  }
  return times;
}

async function timeOfDeadlock(company: CompanyUnderTest, id: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const events = await company.json<(Event & { payload: { decision?: string } })[]>(["events", "--limit", "200"]);
    const at = (type: string): number | null => {
      const found = events.find((event) => event.type === type && event.payload.decision === id);
      return found ? new Date(found.at).getTime() : null;
    };
    const [opened, escalated] = [at("decision.opened"), at("decision.escalated")];
    if (opened !== null && escalated !== null) return escalated - opened;
    await pause(200);
  }
  throw new Error("a decision did not reach its human within 20 s");
}

/** Working set (usage less inactive file cache) of each container, in MB. */
async function memoryOf(): Promise<{ orchestrator: number[]; agents: number[] }> {
  const docker = new Docker();
  const list = await docker.listContainers({ filters: { label: [`aito.company=${slug}`] } });
  const megabytes = async (id: string): Promise<number> => {
    const { memory_stats: memory } = await docker.getContainer(id).stats({ stream: false });
    return containerMemory(memory).used;
  };
  const agents = list.filter((container) => container.Labels["aito.kind"] === "agent");
  const orchestrator = list.filter((container) => container.Labels["com.docker.compose.service"] === "orchestrator");
  return {
    orchestrator: await Promise.all(orchestrator.map((container) => megabytes(container.Id))),
    agents: await Promise.all(agents.map((container) => megabytes(container.Id))),
  };
}
