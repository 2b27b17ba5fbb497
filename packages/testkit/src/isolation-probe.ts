import { execFile } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";
import { probeProgram } from "./isolation-program.ts";

const run = promisify(execFile);
const probeMsMax = 60_000;

/** What a program in an agent's container got at. */
export interface ProbeReport {
  uid: number;
  environment: string[];
  interfaces: string[];
  mounts: string[];
  processes: number;
  /** Unix sockets that took a connection. */
  sockets: string[];
  /** Which ICMP packets left a socket; null where the image has no program that can open one. */
  ping: { status: number | null; sent: string[] } | null;
  /** Everything that should have failed and did not. */
  reached: string[];
  tried: number;
}

async function docker(...args: string[]): Promise<string> {
  return (await run("docker", args, { timeout: probeMsMax, maxBuffer: 16 * 1024 * 1024 })).stdout;
}

/** Addresses that a container must not reach: the documentation network, the metadata address, this engine's own bridges. */
export async function probeTargets(): Promise<{ hosts: string[]; names: string[] }> {
  const ids = (await docker("network", "ls", "--quiet")).split("\n").filter(Boolean);
  const networks = JSON.parse(await docker("network", "inspect", ...ids)) as {
    IPAM: { Config: { Gateway?: string }[] | null };
  }[];
  const gateways = networks.flatMap(({ IPAM }) => (IPAM.Config ?? []).map((config) => config.Gateway ?? "")).filter(Boolean);
  return {
    hosts: ["192.0.2.1", "169.254.169.254", ...new Set(gateways), "2001:db8::1", "fe80::1%lo", "::ffff:192.0.2.1"],
    names: [
      "gateway",
      "redis",
      "postgres",
      "orchestrator",
      "console",
      "ceo",
      "cto",
      "host.docker.internal",
      "secret.exfil.example",
    ],
  };
}

/** Runs the probe in a living container, as its own user, with its own limits. */
export async function probe(container: string, targets: Awaited<ReturnType<typeof probeTargets>>): Promise<ProbeReport> {
  const text = await docker("exec", container, "node", "-e", probeProgram, JSON.stringify(targets));
  return JSON.parse(text) as ProbeReport;
}

/** The same container from outside, as the host's kernel has it. Null where the engine's processes are not this host's. */
export async function seenFromOutside(container: string): Promise<{
  interfaces: string[];
  routes: number;
  ownNamespaces: string[];
  capabilities: string;
} | null> {
  const pid = (await docker("inspect", "--format", "{{.State.Pid}}", container)).trim();
  if (!existsSync(`/proc/${pid}/net/dev`)) return null;
  const read = (path: string): string => readFileSync(`/proc/${pid}/${path}`, "utf8");
  const rows = (path: string): string[] => read(path).split("\n").filter(Boolean);
  return {
    interfaces: rows("net/dev")
      .slice(2)
      .map((row) => row.split(":")[0]!.trim()),
    routes: rows("net/route").length - 1,
    ownNamespaces: ["net", "pid", "ipc", "mnt", "uts", "cgroup"].filter(
      (name) => readlinkSync(`/proc/${pid}/ns/${name}`) !== readlinkSync(`/proc/self/ns/${name}`),
    ),
    capabilities: /^CapBnd:\s+(\w+)$/m.exec(read("status"))![1]!,
  };
}
