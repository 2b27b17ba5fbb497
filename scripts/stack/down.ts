import { stopOwnDaemon } from "../engine/daemon.ts";
import { docker, engineFacts } from "../engine/docker.ts";
import { Refusal } from "../steps/refusal.ts";
import { say, step } from "../steps/step.ts";
import { compose } from "./compose.ts";
import { composeVariables, projectOf } from "./environment.ts";

export interface DownOptions {
  company: string;
  /** Deletes the company's data too. */
  volumes: boolean;
  /** Stops the Docker daemon, if these scripts started it. */
  stopEngine: boolean;
}

async function ids(args: string[]): Promise<string[]> {
  return (await docker(args)).stdout.split("\n").filter(Boolean);
}

/**
 * Stops the company: first who starts agents, then the agents, then the rest. Data stays unless `volumes` says otherwise. False
 * when no container of it was there.
 */
export async function down(options: DownOptions): Promise<boolean> {
  if (!(await engineFacts())) {
    const place = process.env["DOCKER_HOST"] || process.env["DOCKER_CONTEXT"] || "its socket";
    throw new Refusal(`no Docker engine answers at ${place}, so nothing was stopped: start it, then run this again`, {
      exitCode: 69,
    });
  }
  const project = projectOf(options.company);
  const label = `label=aito.company=${options.company}`;
  const ran = (await ids(["ps", "--all", "--quiet", "--filter", label])).length > 0;
  // The hash is of no key: a stack that is going down lets nobody in.
  const variables = composeVariables({
    company: options.company,
    packFolder: "/",
    port: 1,
    seed: undefined,
    operatorKey: "",
    hasModelKey: false,
    edge: "all",
  });
  await step("the control plane", (progress) => compose(["stop", "orchestrator"], variables, { progress }));
  await step("agents", async () => {
    const agents = await ids(["ps", "--all", "--quiet", "--filter", label, "--filter", "label=aito.agent"]);
    if (agents.length > 0) await docker(["rm", "--force", "--volumes", ...agents]);
  });
  await step("services, networks", async (progress) => {
    await compose(["down", "--remove-orphans", ...(options.volumes ? ["--volumes"] : [])], variables, { progress });
    // What a crash left: containers and networks with our label, and the sockets' volume, which holds nothing to keep.
    const containers = await ids(["ps", "--all", "--quiet", "--filter", label]);
    if (containers.length > 0) await docker(["rm", "--force", ...containers]);
    const networks = await ids(["network", "ls", "--quiet", "--filter", label]);
    if (networks.length > 0) await docker(["network", "rm", ...networks]);
    await docker(["volume", "rm", "--force", `${project}-link`]);
  });
  if (options.stopEngine && (await stopOwnDaemon())) say("  the Docker daemon that was started here is stopped");
  return ran;
}
