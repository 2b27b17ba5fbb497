import type { Clock } from "@aito/base";
import type Docker from "dockerode";
import { labels } from "./create-body.ts";
import { engineCall } from "./docker-call.ts";

/**
 * Networks and volumes that carry the company's and an agent's label. What compose makes for the control plane carries no agent's.
 * One that is in use is left: the engine refuses it (409 for a volume, 403 for a network), and its container is swept first.
 */
export async function sweepLeftovers(docker: Docker, clock: Clock, company: string): Promise<number> {
  const filters = { label: [`${labels.company}=${company}`, labels.agent] };
  const networks = (await engineCall(clock, "list networks", docker.listNetworks({ filters })))!;
  const volumes = (await engineCall(clock, "list volumes", docker.listVolumes({ filters })))!;
  for (const { Id: id } of networks) {
    await engineCall(clock, "remove a network", docker.getNetwork(id).remove(), [403, 404, 409]);
  }
  for (const { Name: name } of volumes.Volumes ?? []) {
    await engineCall(clock, "remove a volume", docker.getVolume(name).remove(), [404, 409]);
  }
  return networks.length + (volumes.Volumes ?? []).length;
}
