import { AitoError, type Clock, type Logger } from "@aito/base";
import Docker from "dockerode";
import { type Closable, type ContainerSpec, containerName, type ContainerState, type Engine, engineCallMsMax, type Observed } from "../engine.ts";
import { labels, toCreateBody } from "./create-body.ts";
import { engineCall } from "./docker-call.ts";
import { outputText } from "./output.ts";
import { watchEvents } from "./watch-events.ts";

const inspectedAtOnceMax = 8;
const neverStarted = "0001-01-01T00:00:00Z";

type Inspected = Docker.ContainerInspectInfo;

const timeOf = (text: string | undefined): string | null => (!text || text === neverStarted ? null : text);

function observed(info: Inspected): Observed {
  const { State: state, Config: config } = info;
  const ended = state.Status === "exited" || state.Status === "dead";
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ""),
    agent: config.Labels[labels.agent] ?? "",
    kind: config.Labels[labels.kind] ?? "",
    epoch: Number(config.Labels[labels.epoch] ?? 0),
    run: config.Labels[labels.run] ?? "",
    state: state.Status as ContainerState,
    exitCode: ended ? state.ExitCode : null,
    oomKilled: state.OOMKilled,
    startedAt: timeOf(state.StartedAt),
    finishedAt: timeOf(state.FinishedAt),
  };
}

/** Writes the line and closes stdin; the attachment must stand before the container starts, or the line is lost. */
async function startWithLine(clock: Clock, container: Docker.Container, line: string): Promise<void> {
  const stdin = await engineCall(clock, "attach stdin", container.attach({ stream: true, stdin: true, hijack: true }));
  stdin!.on("error", () => undefined);
  try {
    await engineCall(clock, "start a container", container.start(), [304]);
    await engineCall(clock, "take the line", new Promise<void>((resolve) => stdin!.end(`${line}\n`, () => resolve())));
  } catch (error) {
    (stdin as NodeJS.ReadWriteStream & { destroy(): void }).destroy();
    throw error;
  }
}

/** The engine over a Docker socket. It holds no state: everything is read from the engine's labels. */
export function dockerEngine(options: { socketPath: string; log: Logger; clock: Clock }): Engine {
  const { clock, log } = options;
  const docker = new Docker({ socketPath: options.socketPath, timeout: engineCallMsMax });
  const events = new Docker({ socketPath: options.socketPath });
  const watches = new Set<Closable>();
  /** What is known of running containers, which does not change while they run. */
  const running = new Map<string, Observed>();

  const create = async (spec: ContainerSpec): Promise<Docker.Container | null> =>
    await engineCall(clock, "make a container", docker.createContainer(toCreateBody(spec) as Docker.ContainerCreateOptions), [409]);

  const inspect = async (idOrName: string): Promise<Inspected | null> =>
    await engineCall(clock, "inspect a container", docker.getContainer(idOrName).inspect(), [404]);

  const remove = async (id: string): Promise<void> => {
    running.delete(id);
    // 409: its removal is under way already.
    await engineCall(clock, "remove a container", docker.getContainer(id).remove({ force: true, v: true }), [404, 409]);
  };

  /** Decides about a container that has the name already: adopt it (it is returned), or clear the way (null). */
  const standing = async (spec: ContainerSpec): Promise<Inspected | null> => {
    const name = containerName(spec.company, spec.agent);
    const found = await inspect(name);
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
    await remove(found.Id);
    return null;
  };

  const start = async (spec: ContainerSpec, stdinLine: string): Promise<{ id: string }> => {
    let container = await create(spec);
    if (!container) {
      const found = await standing(spec);
      if (found && found.State.Status !== "created") return { id: found.Id };
      container = found ? docker.getContainer(found.Id) : await create(spec);
    }
    if (!container) {
      throw new AitoError("AITO_ENGINE_UNAVAILABLE", `the name of ${spec.agent}'s container is still taken`, { fate: "retry", status: 503 });
    }
    try {
      await startWithLine(clock, container, stdinLine);
    } catch (error) {
      await remove(container.id).catch(() => undefined);
      throw error;
    }
    return { id: container.id };
  };

  const list = async (company: string): Promise<Observed[]> => {
    const found = await engineCall(
      clock,
      "list containers",
      docker.listContainers({ all: true, filters: { label: [`${labels.company}=${company}`, labels.agent] } }),
    );
    const out: Observed[] = [];
    for (let at = 0; at < found!.length; at += inspectedAtOnceMax) {
      const some = await Promise.all(
        found!.slice(at, at + inspectedAtOnceMax).map(async (item) => {
          const known = item.State === "running" ? running.get(item.Id) : undefined;
          if (known) return known;
          const info = await inspect(item.Id);
          return info ? observed(info) : null;
        }),
      );
      out.push(...some.filter((item) => item !== null));
    }
    for (const id of running.keys()) if (!out.some((item) => item.id === id && item.state === "running")) running.delete(id);
    for (const item of out) if (item.state === "running") running.set(item.id, item);
    return out;
  };

  return {
    kind: "docker",
    ping: async () => {
      const version = await engineCall(clock, "tell its version", docker.version());
      return { version: version!.Version };
    },
    start,
    list,
    kill: async (id) => {
      running.delete(id);
      // 409: it does not run any more.
      await engineCall(clock, "kill a container", docker.getContainer(id).kill({ signal: "SIGKILL" }), [404, 409]);
    },
    remove,
    logs: async (id, lines) => {
      const request = docker.getContainer(id).logs({ stdout: true, stderr: true, tail: lines, follow: false });
      const raw = await engineCall(clock, "read a container's output", request, [404, 409]);
      return raw ? outputText(Buffer.from(raw)) : "";
    },
    watch: async (company, onChange) => {
      const watch = await watchEvents(events, { company, onChange, clock, log });
      watches.add(watch);
      return {
        close: async () => {
          watches.delete(watch);
          await watch.close();
        },
      };
    },
    close: async () => {
      await Promise.all([...watches].map((watch) => watch.close()));
      watches.clear();
    },
  };
}
