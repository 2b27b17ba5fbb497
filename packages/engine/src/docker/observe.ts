import type { Clock } from "@aito/base";
import type Docker from "dockerode";
import { type ContainerState, engineLookMsMax, type Observed } from "../engine.ts";
import { labels } from "./create-body.ts";
import { engineCall } from "./docker-call.ts";

const inspectedAtOnceMax = 8;

/** Our words for what the engine's list says of a container. */
const listed = ({ Id, Names, Labels, State }: Docker.ContainerInfo): Observed => ({
  id: Id,
  name: (Names[0] ?? "").replace(/^\//, ""),
  agent: Labels[labels.agent] ?? "",
  kind: Labels[labels.kind] ?? "",
  epoch: Number(Labels[labels.epoch] ?? 0),
  run: Labels[labels.run] ?? "",
  state: State as ContainerState,
  exitCode: null,
  oomKilled: false,
  digest: Labels[labels.digest] ?? "",
});

const hasEnded = ({ state }: Observed): boolean => state === "exited" || state === "dead";

/**
 * A reader of a company's containers. Only of those that have ended is there more to know than the list says: how. The engine answers an
 * inspection of one that it starts or removes when that is over, and a look must not wait for the slowest step that is under way.
 */
export function observer(docker: Docker, clock: Clock): (company: string) => Promise<Observed[]> {
  const look = async (seen: Observed): Promise<Observed | null> => {
    if (!hasEnded(seen)) return seen;
    const request = docker.getContainer(seen.id).inspect();
    const info = await engineCall(clock, "inspect a container", request, [404], engineLookMsMax);
    // Meanwhile it may have been removed, or started.
    if (!info) return null;
    const { Status, ExitCode: exitCode, OOMKilled: oomKilled } = info.State;
    const now = { ...seen, state: Status as ContainerState };
    return hasEnded(now) ? { ...now, exitCode, oomKilled } : now;
  };

  return async (company) => {
    // Control containers carry the company's label too, but no agent's.
    const filters = { label: [`${labels.company}=${company}`, labels.agent] };
    const request = docker.listContainers({ all: true, filters });
    const found = (await engineCall(clock, "list containers", request, [], engineLookMsMax))!.map(listed);
    const out: Observed[] = [];
    for (let at = 0; at < found.length; at += inspectedAtOnceMax) {
      const some = await Promise.all(found.slice(at, at + inspectedAtOnceMax).map(look));
      out.push(...some.filter((item) => item !== null));
    }
    return out;
  };
}
