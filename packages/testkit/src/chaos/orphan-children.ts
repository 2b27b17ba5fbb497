import type { SeededRandom } from "../races/seeded-random.ts";
import { waitFor } from "../wait-for.ts";
import type { ChaosStack } from "./chaos-stack.ts";
import { containerOf } from "./fault-outcomes.ts";

const buriedMsMax = 30_000;

/** A process that dies with its children unwaited for: whoever is process 1 in the container has to bury them. */
const program = `const { spawn } = require("node:child_process");
for (let index = 0; index < 30; index += 1) spawn("/sbin/docker-init", ["--version"], { stdio: "ignore" }).on("error", () => undefined);
setImmediate(() => process.kill(process.pid, "SIGKILL"));`;

/** Leaves orphans in the container of some agent and notes when one of them is a zombie for long. */
export async function orphanChildren(stack: ChaosStack, random: SeededRandom): Promise<void> {
  const agent = random.pick(stack.agents);
  const container = stack.docker().getContainer(containerOf(stack, agent));
  try {
    const made = await container.exec({ Cmd: ["node", "-e", program], AttachStdout: false, AttachStderr: false });
    await made.start({ Detach: true });
  } catch {
    // It is not there at the moment.
    return;
  }
  stack.ledger.add({ kind: "fault", fault: "agent: orphaned children", target: agent, kills: 0 });
  const zombies = async (): Promise<number> => {
    const seen = (await container.top({ ps_args: "-eo pid,stat,args" }).catch(() => null)) as { Processes: string[][] } | null;
    return seen?.Processes.filter(([, state]) => state?.startsWith("Z")).length ?? 0;
  };
  await waitFor(zombies, (count) => count === 0, buriedMsMax).catch(() =>
    stack.ledger.add({ kind: "broken", what: `I3: ${agent} has zombies that nobody buries` }),
  );
}
