import type { ChaosStack } from "./chaos-stack.ts";

const times = 3;

/** What the machine does without us: a bare Node container made, started, ended and removed; milliseconds, the median of three. */
export async function bareContainerMs(stack: ChaosStack): Promise<number> {
  const docker = stack.docker();
  const taken: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const start = performance.now();
    const made = await docker.createContainer({
      Image: `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`,
      Entrypoint: ["node", "-e", "0"],
      Cmd: [],
      HostConfig: { NetworkMode: "none" },
    });
    await made.start();
    await made.wait();
    await made.remove({ force: true });
    taken.push(performance.now() - start);
  }
  return Math.round(taken.toSorted((a, b) => a - b)[Math.floor(times / 2)]!);
}
