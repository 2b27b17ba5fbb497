import { checkedSpec } from "../check-spec.ts";
import { containerName, type ContainerRuntime, type ContainerSpec } from "../engine.ts";

export const labels = {
  company: "aito.company",
  agent: "aito.agent",
  kind: "aito.kind",
  epoch: "aito.epoch",
  run: "aito.run",
  digest: "aito.digest",
} as const;

/** `nobody`: the images hold nothing that belongs to it. */
const user = "65534:65534";
const tmpMb = 64;
/** An agent needs about thirty; more would let it fill the connections of Redis or the gateway. */
const filesOpenMax = 64;

export interface CreateBody {
  name: string;
  Image: string;
  Hostname: string;
  Env: string[];
  User: string;
  Labels: Record<string, string>;
  OpenStdin: true;
  StdinOnce: true;
  AttachStdin: true;
  Tty: false;
  HostConfig: {
    NetworkMode: "none";
    IpcMode: "none";
    CgroupnsMode: "private";
    ReadonlyRootfs: true;
    Privileged: false;
    CapDrop: ["ALL"];
    SecurityOpt: ["no-new-privileges:true"];
    Init: true;
    PidsLimit: number;
    Memory: number;
    MemorySwap: number;
    NanoCpus: number;
    Tmpfs: Record<string, string>;
    Ulimits: { Name: string; Soft: number; Hard: number }[];
    RestartPolicy: { Name: "no" };
    Mounts: [{ Type: "volume"; Source: string; Target: "/link"; ReadOnly: true }];
    LogConfig: { Type: "json-file"; Config: Record<string, string> };
    Runtime?: ContainerRuntime;
  };
}

/**
 * The whole create request, from a closed template: no network, no host namespace, no bind, no device, no capability, a
 * read-only root. Pure. Throws AITO_ENGINE_SPEC for a spec that is not to the letter.
 */
export function toCreateBody(given: ContainerSpec): CreateBody {
  const spec = checkedSpec(given);
  const memory = spec.memoryMb * 1024 * 1024;
  return {
    name: containerName(spec.company, spec.agent),
    Image: spec.image,
    Hostname: spec.agent,
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    User: user,
    Labels: {
      [labels.company]: spec.company,
      [labels.agent]: spec.agent,
      [labels.kind]: spec.kind,
      [labels.epoch]: String(spec.epoch),
      [labels.run]: spec.run,
      ...(spec.digest === undefined ? {} : { [labels.digest]: spec.digest }),
    },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    Tty: false,
    HostConfig: {
      NetworkMode: "none",
      IpcMode: "none",
      CgroupnsMode: "private",
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Init: true,
      PidsLimit: spec.pids,
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: Math.round(spec.cpus * 1e9),
      Tmpfs: { "/tmp": `rw,noexec,nosuid,nodev,size=${tmpMb}m,mode=1777` },
      Ulimits: [{ Name: "nofile", Soft: filesOpenMax, Hard: filesOpenMax }],
      RestartPolicy: { Name: "no" },
      Mounts: [{ Type: "volume", Source: spec.linkVolume, Target: "/link", ReadOnly: true }],
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "2" } },
      ...(spec.runtime === undefined ? {} : { Runtime: spec.runtime }),
    },
  };
}
