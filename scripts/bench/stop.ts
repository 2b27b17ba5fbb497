import Docker from "dockerode";
import { runStops } from "../../packages/testkit/src/index.ts";
import { row, type Row, timed } from "./measure.ts";

const presses = 5;

/** The company's kill switch under load: the last effect that anybody saw, and until no container ran, from the press. */
export async function benchStop(options: { agents: number }): Promise<Row[]> {
  const report = await runStops({
    seed: 1,
    rounds: presses,
    hands: Math.min(13, Math.max(0, options.agents - 7)),
    bundles: true,
    situations: ["nothing else"],
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  const floors: number[] = [];
  for (let press = 0; press < presses; press += 1) floors.push(await killBare(report.agents));
  const effects = report.rounds.map(({ model, tool, record }) => Math.max(model, tool, record));
  return [
    row("kill-all-last-effect", "ms", effects, null),
    row(
      "kill-all",
      "ms",
      report.rounds.map(({ killed }) => killed),
      floors,
    ),
  ];
}

/** The floor: SIGKILL for so many bare containers at once, until the engine lists none of them as running. */
async function killBare(count: number): Promise<number> {
  const docker = new Docker();
  const made = await Promise.all(
    Array.from({ length: count }, () =>
      docker.createContainer({
        Image: `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`,
        Entrypoint: ["node"],
        Cmd: ["-e", "setInterval(() => 0, 1e6)"],
        Labels: { "aito.bench": "floor" },
        HostConfig: { NetworkMode: "none", Init: true },
      }),
    ),
  );
  try {
    for (const container of made) await container.start();
    return await timed(async () => {
      await Promise.all(made.map((container) => container.kill({ signal: "SIGKILL" })));
      const ours = new Set(made.map(({ id }) => id));
      while ((await docker.listContainers()).some(({ Id }) => ours.has(Id)));
    });
  } finally {
    for (const container of made) await container.remove({ force: true }).catch(() => undefined);
  }
}
