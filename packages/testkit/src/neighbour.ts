import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const scanMsMax = 10 * 60_000;
/** Of blocks that are kept for documents: nobody's network. */
const wire = { here: "198.51.100.1", there: "198.51.100.2", here6: "2001:db8:a170::1", there6: "2001:db8:a170::2" };

/** Another machine on the same wire: a network namespace with a cable to this one, which sends by this machine whatever it has no other way to. */
export interface Neighbour {
  /** This machine's addresses on the wire. */
  here: string[];
  /** What accepts a TCP connection from there, of all ports of the addresses: `address port`, sorted. */
  scan(addresses: string[]): Promise<string[]>;
  /** Takes the cable and the namespace away. */
  close(): Promise<void>;
}

/** Why there can be no neighbour here, or null. */
export async function missingNeighbour(): Promise<string | null> {
  if (process.getuid?.() !== 0) return "a network namespace needs root";
  const there = await run("ip", ["netns", "list"]).catch(() => null);
  return there ? null : "there is no `ip` here: apt-get install iproute2";
}

/**
 * Plugs it in. It has no loopback of its own, so that 127.0.0.0/8, too, leads to this machine: a packet that the kernel refuses unless it was
 * translated before.
 */
export async function plugInNeighbour(): Promise<Neighbour> {
  const name = `aito-scan-${process.pid}`;
  const [ours, theirs] = [`ascan${process.pid}`, "eth0"];
  const ip = async (...args: string[]): Promise<void> => void (await run("ip", args));
  const there = (...args: string[]): Promise<void> => ip("-netns", name, ...args);
  const close = async (): Promise<void> => {
    await ip("link", "delete", ours).catch(() => undefined);
    await ip("netns", "delete", name).catch(() => undefined);
  };
  try {
    await ip("netns", "add", name);
    await ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name);
    writeFileSync(`/proc/sys/net/ipv6/conf/${ours}/disable_ipv6`, "0");
    await ip("address", "add", `${wire.here}/30`, "dev", ours);
    await ip("address", "add", `${wire.here6}/64`, "dev", ours, "nodad");
    await ip("link", "set", ours, "up");
    const set = "cd /proc/sys/net && echo 0 > ipv6/conf/eth0/disable_ipv6 && echo 1 > ipv4/conf/eth0/route_localnet";
    await ip("netns", "exec", name, "sh", "-c", set);
    await there("address", "add", `${wire.there}/30`, "dev", theirs);
    await there("address", "add", `${wire.there6}/64`, "dev", theirs, "nodad");
    await there("link", "set", theirs, "up");
    await there("route", "add", "default", "via", wire.here);
    await there("route", "add", "127.0.0.0/8", "via", wire.here, "src", wire.there);
    await there("-6", "route", "add", "default", "via", wire.here6);
  } catch (error) {
    await close();
    throw error;
  }
  const program = join(import.meta.dirname, "scan-ports-main.ts");
  return {
    here: [wire.here, wire.here6],
    scan: async (addresses) => {
      const args = ["netns", "exec", name, process.execPath, program, ...addresses];
      const { stdout } = await run("ip", args, { timeout: scanMsMax, maxBuffer: 64 * 1_024 * 1_024 });
      return stdout.split("\n").filter(Boolean).toSorted();
    },
    close,
  };
}
