import { waitFor } from "../wait-for.ts";
import type { ChaosStack } from "./chaos-stack.ts";
import { engineFaults } from "./engine-proxy.ts";
import type { Fault } from "./fault.ts";
import { pause, returned, working } from "./fault-outcomes.ts";
import { cutKinds } from "./link-proxy.ts";
import { promises } from "./measure-recovery.ts";
import { orphanChildren } from "./orphan-children.ts";
import type { Program } from "./program.ts";

const slowBytesPerSecond = 1_000;
const endsMsMax = 60_000;
/** A program that is still being loaded has begun nothing, and the signal itself ends it. */
const loadingMsMax = 3_000;
/** Whether what was promised was kept is asked at the end: this is when it is given up. */
const coldStartMsMax = 240_000;

const terminate =
  (program: (stack: ChaosStack) => Program): Fault["run"] =>
  async (stack, random) => {
    const { name, exits, signal } = program(stack);
    const before = exits.length;
    const since = Date.now();
    await pause(random.below(500));
    const toldAt = Date.now();
    signal("SIGTERM");
    stack.ledger.add({ kind: "fault", fault: `${name}: SIGTERM`, target: name, kills: 0 });
    const ended = await waitFor(
      () => exits.length > before,
      (is) => is,
      endsMsMax,
    ).catch(() => false);
    const exit = exits[before];
    const tookMs = (exit?.at ?? Date.now()) - toldAt;
    const unbegun = exit?.signal === "SIGTERM" && exit.livedMs < loadingMsMax;
    if (!ended || (exit?.code !== 0 && !unbegun)) {
      stack.ledger.add({ kind: "broken", what: `${name} did not end by itself after SIGTERM (${JSON.stringify(exit ?? null)})` });
    } else if (tookMs > promises.ended) {
      stack.ledger.add({ kind: "broken", what: `I8: ${name} ended ${tookMs} ms after SIGTERM, promised: ${promises.ended}` });
    }
    await working(stack, `${name} ended in order`, since);
  };

export async function killRedis(stack: ChaosStack, options: { wipe: boolean; awayMs: number }): Promise<void> {
  const { redis, ledger } = stack;
  if (options.wipe) await redis.command("CONFIG", "SET", "appendonly", "no").catch(() => undefined);
  await redis.kill();
  ledger.add({ kind: "fault", fault: options.wipe ? "redis: wiped" : "redis: SIGKILL", target: "redis", kills: 1 });
  await pause(options.awayMs);
  await redis.startAgain();
}

export async function stopPostgres(stack: ChaosStack, signal: "SIGKILL" | "SIGINT" | "SIGQUIT", awayMs: number): Promise<void> {
  const { postgres, ledger } = stack;
  await postgres.kill(signal);
  ledger.add({ kind: "fault", fault: `postgres: ${signal}`, target: "postgres", kills: signal === "SIGKILL" ? 1 : 0 });
  await pause(awayMs);
  await postgres.startAgain();
  await returned(stack, "postgres");
}

/** Everything at once, as when the machine's power is pulled; then a cold start, and time until all are at work. */
export async function killHost(stack: ChaosStack): Promise<void> {
  const { ledger, gateway, orchestrator, postgres, redis, slug } = stack;
  const docker = stack.docker();
  const names = await docker.listContainers({ filters: { label: [`aito.company=${slug}`] } }).catch(() => []);
  await Promise.all([
    gateway.hold(),
    orchestrator.hold(),
    postgres.kill("SIGKILL"),
    redis.kill(),
    ...names.map((item) =>
      docker
        .getContainer(item.Id)
        .kill({ signal: "SIGKILL" })
        .catch(() => undefined),
    ),
  ]);
  if (stack.privateEngine) await stack.privateEngine.powerOff();
  ledger.add({
    kind: "fault",
    fault: "host: everything",
    target: "host",
    kills: 4 + names.length + (stack.privateEngine ? 1 : 0),
  });
  const since = Date.now();
  const from = ledger.entries.length;
  await Promise.all([postgres.startAgain(), redis.startAgain(), stack.privateEngine?.start()]);
  orchestrator.start();
  gateway.start();
  const missing = (): string[] => {
    const heard = new Set(
      ledger.entries.slice(from).flatMap((entry) => (entry.kind === "beat" && entry.ok ? [entry.agent] : [])),
    );
    return stack.agents.filter((agent) => !heard.has(agent));
  };
  await waitFor(missing, (left) => left.length === 0, coldStartMsMax).then(
    () => ledger.add({ kind: "recovered", fault: "host: everything", target: "host", ms: Date.now() - since }),
    () => ledger.add({ kind: "broken", what: `cold start: ${missing().join(", ")} not back after ${coldStartMsMax / 1_000} s` }),
  );
}

/** What befalls services, links and the whole host, and orderly ends of programs. */
export const serviceFaults: Fault[] = [
  { name: "gateway told to end", id: "F23", weight: 8, run: terminate((stack) => stack.gateway) },
  { name: "orchestrator told to end", id: "F23", weight: 8, run: terminate((stack) => stack.orchestrator) },
  {
    name: "Redis killed",
    id: "F04",
    weight: 6,
    run: async (stack, random) => {
      await killRedis(stack, { wipe: false, awayMs: 200 + random.below(3_000) });
      await working(stack, "redis killed");
    },
  },
  {
    name: "Redis wiped",
    id: "F04",
    weight: 5,
    run: async (stack, random) => {
      await killRedis(stack, { wipe: true, awayMs: 200 + random.below(1_000) });
      await working(stack, "redis wiped");
    },
  },
  {
    name: "Redis flushed",
    id: "F04",
    weight: 5,
    run: async (stack) => {
      await stack.redis.command("FLUSHALL");
      stack.ledger.add({ kind: "fault", fault: "redis: FLUSHALL", target: "redis", kills: 0 });
      await working(stack, "redis flushed");
    },
  },
  {
    name: "Redis paused",
    id: "F05",
    weight: 3,
    run: async (stack, random, ending) => {
      await stack.redis.pause();
      stack.ledger.add({ kind: "fault", fault: "redis: paused", target: "redis", kills: 0 });
      // Nothing but bells depends on it: work goes on meanwhile.
      await working(stack, "work while redis is paused");
      await pause(random.chance(0.1) ? 60_000 : random.below(8_000), ending);
      await stack.redis.unpause();
      await working(stack, "redis unpaused");
    },
  },
  {
    name: "Redis slow",
    id: "F05",
    weight: 2,
    run: async (stack, random, ending) => {
      stack.redisLink.slow(slowBytesPerSecond);
      stack.ledger.add({ kind: "fault", fault: "redis: 1 kB/s", target: "redis", kills: 0 });
      await working(stack, "work while redis is slow");
      await pause(random.below(6_000), ending);
      stack.redisLink.heal();
      await working(stack, "redis fast again");
    },
  },
  {
    name: "Redis refuses to write",
    id: "F05",
    weight: 2,
    run: async (stack, random, ending) => {
      // A replica of a master that nobody can reach: it answers, and takes nothing.
      await stack.redis.command("REPLICAOF", "127.0.0.1", "1");
      stack.ledger.add({ kind: "fault", fault: "redis: REPLICAOF", target: "redis", kills: 0 });
      await working(stack, "work while redis is read-only");
      await pause(random.below(6_000), ending);
      await stack.redis.command("REPLICAOF", "NO", "ONE");
      await working(stack, "redis writable again");
    },
  },
  { name: "an agent's children orphaned", id: "F18", weight: 2, run: orphanChildren },
  {
    name: "Postgres killed",
    id: "F06",
    weight: 8,
    run: async (stack, random) => {
      await stopPostgres(stack, "SIGKILL", 100 + random.below(2_000));
      await working(stack, "postgres killed");
    },
  },
  {
    name: "Postgres stopped",
    id: "F06",
    weight: 3,
    run: async (stack, random) => {
      await stopPostgres(stack, random.pick(["SIGINT", "SIGQUIT"] as const), 100 + random.below(2_000));
      await working(stack, "postgres stopped");
    },
  },
  {
    name: "a Postgres backend killed",
    id: "F06",
    weight: 3,
    run: async (stack) => {
      await stack.postgres.killBackend();
      stack.ledger.add({ kind: "fault", fault: "postgres: backend SIGKILL", target: "postgres", kills: 1 });
      await returned(stack, "postgres");
      await working(stack, "postgres backend killed");
    },
  },
  {
    name: "an agent cut off",
    id: "F10",
    weight: 6,
    run: async (stack, random) => {
      const agent = random.pick(stack.agents);
      const how = random.pick(cutKinds);
      stack.link.cut(agent, how);
      stack.ledger.add({ kind: "fault", fault: `link: ${how}`, target: agent, kills: 0 });
      await pause(1_000 + random.below(8_000));
      stack.link.mend(agent);
    },
  },
  {
    name: "the engine's socket misbehaves",
    id: "F24",
    weight: 5,
    run: async (stack, random) => {
      const how = random.pick(engineFaults);
      stack.engineProxy.requests();
      stack.engineProxy.fail(how);
      stack.ledger.add({ kind: "fault", fault: `engine socket: ${how}`, target: "engine", kills: 0 });
      const ms = 3_000 + random.below(5_000);
      await pause(ms);
      const perSecond = stack.engineProxy.requests() / (ms / 1_000);
      stack.engineProxy.heal();
      await returned(stack, "engine");
      if (perSecond > 40)
        stack.ledger.add({ kind: "broken", what: `engine socket ${how}: ${perSecond.toFixed(0)} requests a second` });
      await working(stack, "engine socket healed");
    },
  },
  {
    name: "the leader paused",
    id: "F03",
    weight: 2,
    run: async (stack, random) => {
      stack.orchestrator.signal("SIGSTOP");
      stack.ledger.add({ kind: "fault", fault: "orchestrator: paused", target: "orchestrator", kills: 0 });
      await pause(2_000 + random.below(4_000));
      stack.orchestrator.signal("SIGCONT");
      stack.ledger.add({ kind: "returned", target: "orchestrator" });
      await working(stack, "orchestrator paused");
    },
  },
  {
    name: "the engine killed",
    id: "F17",
    weight: 2,
    run: async (stack, random) => {
      if (!stack.privateEngine) return;
      const since = Date.now();
      const kill = random.chance(0.7);
      stack.ledger.add({
        kind: "fault",
        fault: kill ? "dockerd: SIGKILL" : "dockerd: restart",
        target: "dockerd",
        kills: kill ? 1 : 0,
      });
      await (kill ? stack.privateEngine.killAndStart() : stack.privateEngine.restart());
      await returned(stack, "engine");
      await working(stack, "dockerd killed", since);
    },
  },
  { name: "the whole host", id: "F30", weight: 1, run: (stack) => killHost(stack) },
];
