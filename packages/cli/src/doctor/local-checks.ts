import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Terminal } from "../terminal.ts";
import { checkModelKey } from "../up/check-model-key.ts";
import { dockerSocket, dockerVersion } from "../up/probe-docker.ts";
import { stackScript } from "../up/stack-script.ts";
import { check, type Finding } from "./check.ts";

const nodeMajor = 24;
const freeBytesMin = 200 * 1024 * 1024;

export const checkNode = (): Promise<Finding> =>
  check("node", () => {
    const ok = Number(process.versions.node.split(".")[0]) >= nodeMajor;
    const hint = ok ? {} : { hint: "run `npm start` once: it brings the pinned Node into the checkout" };
    return Promise.resolve({ ok, detail: `${process.version}, ${nodeMajor} or newer is needed`, ...hint });
  });

/** Writes a file where the company's data is, and removes it. */
export const checkDisk = (folder: string, cwd: string): Promise<Finding> =>
  check("disk", () => {
    const place = existsSync(folder) ? folder : cwd;
    const probe = join(place, `.aito-doctor-${process.pid}`);
    writeFileSync(probe, "a", { flag: "wx" });
    rmSync(probe);
    const disk = statfsSync(place);
    const free = disk.bavail * disk.bsize;
    return Promise.resolve({
      ok: free >= freeBytesMin,
      detail: `${place} can be written to, ${Math.floor(free / 1024 ** 2)} MB are free`,
      ...(free >= freeBytesMin ? {} : { hint: "free some space, 200 MB are needed at least" }),
    });
  });

export const checkPack = (fleetFile: string): Promise<Finding> =>
  check("fleet file", async () => {
    const { checkFleet } = await import("@aito/embedded");
    const pack = await checkFleet(fleetFile);
    return { detail: `${fleetFile}: ${pack.name}, ${pack.agents} agents` };
  });

/** Asks the Docker engine for its version. A company that runs embedded does not need it. */
export const checkEngine = (terminal: Terminal, needed: boolean): Promise<Finding> =>
  check("docker engine", async () => {
    const socket = dockerSocket(terminal.env);
    try {
      return { detail: `Docker ${await dockerVersion(socket)} answers at ${socket}` };
    } catch (error) {
      if (needed) throw error;
      return { ok: null, detail: `none answers at ${socket}; the company runs embedded without it` };
    }
  });

/** Shows this terminal's key to the model's address, as `up` would. */
export const checkKey = (terminal: Terminal): Promise<Finding> =>
  check("model key", async () => {
    const address = await checkModelKey(terminal);
    if (address === null) return { ok: null, detail: "ANTHROPIC_API_KEY is not set here; a start from here rehearses" };
    return { detail: `${address} takes the key in ANTHROPIC_API_KEY` };
  });

/** Which way each image was made: from a registry's base, or air-gapped from Debian packages. */
export const checkImages = (terminal: Terminal, dockerOk: boolean): Promise<Finding> =>
  check("images", async () => {
    if (!dockerOk) return { ok: null, detail: "no Docker engine to ask" };
    const images = (await stackScript(terminal, ["images", "--json"], { quiet: true })) as {
      image: string;
      base: string;
      megabytes: number;
    }[];
    if (images.length === 0) return { ok: null, detail: "none are built yet; `aito up --engine docker` builds them" };
    return { detail: images.map(({ image, base, megabytes }) => `${image} (${base}, ${megabytes} MB)`).join(", ") };
  });

export const checkListen = (port: number, running: string | null): Promise<Finding> =>
  check("port", async () => {
    if (running !== null) return { ok: null, detail: `the console answers at ${running}` };
    const { checkPort } = await import("@aito/embedded");
    await checkPort("127.0.0.1", port);
    return { detail: `127.0.0.1:${port} is free` };
  });
