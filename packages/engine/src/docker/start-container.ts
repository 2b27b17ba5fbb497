import { AitoError, type Clock, type CrashPoint } from "@aito/base";
import type Docker from "dockerode";
import { containerName, type ContainerSpec } from "../engine.ts";
import { labels, toCreateBody } from "./create-body.ts";
import { engineCall } from "./docker-call.ts";

type Inspected = Docker.ContainerInspectInfo;

export interface StartPorts {
  docker: Docker;
  clock: Clock;
  crashPoint?: CrashPoint;
  /** Called before each step that changes something; may throw. */
  before?: () => void;
}

/** Writes the line and closes stdin; the attachment must stand before the container starts, or the line is lost. */
async function startWithLine(
  { clock, crashPoint, before }: StartPorts,
  container: Docker.Container,
  line: string,
): Promise<void> {
  const stdin = await engineCall(clock, "attach stdin", container.attach({ stream: true, stdin: true, hijack: true }));
  stdin!.on("error", () => undefined);
  try {
    before?.();
    await engineCall(clock, "start a container", container.start(), [304]);
    crashPoint?.("start.after_run");
    await engineCall(clock, "take the line", new Promise<void>((resolve) => stdin!.end(`${line}\n`, () => resolve())));
  } catch (error) {
    (stdin as NodeJS.ReadWriteStream & { destroy(): void }).destroy();
    throw error;
  }
}

/** Decides about a container that has the name already: adopt it (it is returned), or clear the way (null). */
async function standing({ docker, clock, before }: StartPorts, spec: ContainerSpec): Promise<Inspected | null> {
  const name = containerName(spec.company, spec.agent);
  const found = await engineCall(clock, "inspect a container", docker.getContainer(name).inspect(), [404]);
  if (!found) return null;
  if (found.Config.Labels[labels.company] !== spec.company || found.Config.Labels[labels.agent] !== spec.agent) {
    throw new AitoError("AITO_ENGINE_NAME", `a container that is not ours has the name ${name}`, {
      hint: `rename or remove it: docker rm ${name}`,
      fate: "human",
      status: 503,
    });
  }
  const epoch = Number(found.Config.Labels[labels.epoch]);
  if (epoch > spec.epoch) {
    throw new AitoError("AITO_ENGINE_STALE", `${name} runs with epoch ${epoch}, later than ${spec.epoch}`, { status: 409 });
  }
  if (epoch === spec.epoch) return found;
  before?.();
  await removeContainer(docker, clock, found.Id);
  return null;
}

export async function removeContainer(docker: Docker, clock: Clock, id: string): Promise<void> {
  // 409: its removal is under way already.
  await engineCall(clock, "remove a container", docker.getContainer(id).remove({ force: true, v: true }), [404, 409]);
}

/** `Engine.start` over Docker. The engine allows a name once (409), which makes two starters of one agent impossible. */
export async function startContainer(ports: StartPorts, spec: ContainerSpec, stdinLine: string): Promise<{ id: string }> {
  const { docker, clock } = ports;
  const create = async (): Promise<Docker.Container | null> => {
    ports.before?.();
    return await engineCall(
      clock,
      "make a container",
      docker.createContainer(toCreateBody(spec) as Docker.ContainerCreateOptions),
      [409],
    );
  };
  let container = await create();
  if (!container) {
    const found = await standing(ports, spec);
    if (found && found.State.Status !== "created") return { id: found.Id };
    container = found ? docker.getContainer(found.Id) : await create();
  }
  if (!container) {
    throw new AitoError("AITO_ENGINE_UNAVAILABLE", `the name of ${spec.agent}'s container is still taken`, {
      fate: "retry",
      status: 503,
    });
  }
  ports.crashPoint?.("start.after_create");
  try {
    await startWithLine(ports, container, stdinLine);
  } catch (error) {
    // Whoever may not act any more may not clear up either: that is for the one who may.
    await clearUp(ports, container.id).catch(() => undefined);
    throw error;
  }
  return { id: container.id };
}

async function clearUp({ docker, clock, before }: StartPorts, id: string): Promise<void> {
  before?.();
  await removeContainer(docker, clock, id);
}
