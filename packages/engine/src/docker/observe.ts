import type { Clock } from "@aito/base";
import type Docker from "dockerode";
import type { ContainerState, Observed } from "../engine.ts";
import { labels } from "./create-body.ts";
import { engineCall } from "./docker-call.ts";

const inspectedAtOnceMax = 8;
const neverStarted = "0001-01-01T00:00:00Z";

const timeOf = (text: string | undefined): string | null => (!text || text === neverStarted ? null : text);

/** Our words for what the engine tells about a container. */
export function observed(info: Docker.ContainerInspectInfo): Observed {
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
    digest: config.Labels[labels.digest] ?? "",
    startedAt: timeOf(state.StartedAt),
    finishedAt: timeOf(state.FinishedAt),
  };
}

/** A reader of a company's containers. It remembers what it saw of running ones, which does not change while they run. */
export function observer(docker: Docker, clock: Clock): (company: string) => Promise<Observed[]> {
  const running = new Map<string, Observed>();

  const look = async (item: Docker.ContainerInfo): Promise<Observed | null> => {
    const known = item.State === "running" ? running.get(item.Id) : undefined;
    if (known) return known;
    const info = await engineCall(clock, "inspect a container", docker.getContainer(item.Id).inspect(), [404]);
    return info ? observed(info) : null;
  };

  return async (company) => {
    // Control containers carry the company's label too, but no agent's.
    const filters = { label: [`${labels.company}=${company}`, labels.agent] };
    const found = (await engineCall(clock, "list containers", docker.listContainers({ all: true, filters })))!;
    const out: Observed[] = [];
    for (let at = 0; at < found.length; at += inspectedAtOnceMax) {
      const some = await Promise.all(found.slice(at, at + inspectedAtOnceMax).map(look));
      out.push(...some.filter((item) => item !== null));
    }
    running.clear();
    for (const item of out) if (item.state === "running") running.set(item.id, item);
    return out;
  };
}
