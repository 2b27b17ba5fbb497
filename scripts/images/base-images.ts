import { docker, mustDocker } from "../engine/docker.ts";
import { minutes } from "../steps/run.ts";
import { say, step } from "../steps/step.ts";
import { ensureDebianBase } from "./debian-base.ts";
import { ensureEdgeBase } from "./edge-base.ts";

/** A registry that has sent no first line in this time is taken as not answering. */
const registryAnswersMs = 10_000;

/** The image each of ours is built on, and which path it came by. */
export interface BaseImages {
  path: "registry" | "debian";
  node: string;
  postgres: string;
  redis: string;
  /** Of the TLS edge; only where one is asked for. */
  edge?: string;
}

const edgeImage = "caddy:2";
const fromRegistry: BaseImages = { path: "registry", node: "node:24-slim", postgres: "pgvector/pgvector:pg17", redis: "redis:8" };

async function pulled(image: string): Promise<boolean> {
  if ((await docker(["image", "inspect", "--format", "{{.Id}}", image])).code === 0) return true;
  const options = { timeoutMs: minutes(15), firstLineMs: registryAnswersMs };
  try {
    await step(`pull ${image}`, (progress) => mustDocker(["pull", image], { ...options, progress }));
    return true;
  } catch {
    return false;
  }
}

/** Base images from a registry where one answers, else from Debian packages. AITO_NO_REGISTRY=1 asks no registry. */
export async function ensureBaseImages(
  options: { edge?: boolean } = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<BaseImages> {
  const bases = await servicesBases(env);
  if (!options.edge) return bases;
  const isPulled = bases.path === "registry" && (await pulled(edgeImage));
  return { ...bases, edge: isPulled ? edgeImage : await ensureEdgeBase() };
}

async function servicesBases(env: NodeJS.ProcessEnv): Promise<BaseImages> {
  if (env["AITO_NO_REGISTRY"] !== "1" && !(await isDebianKnown())) {
    if ((await pulled(fromRegistry.redis)) && (await pulled(fromRegistry.postgres)) && (await pulled(fromRegistry.node)))
      return fromRegistry;
    say("  no image registry answers (or not for all images): base images are built from Debian packages");
  }
  const tag = await ensureDebianBase();
  return { path: "debian", node: tag, postgres: tag, redis: tag };
}

/** A machine that built its base from packages before stays on that path: no registry is asked at each start. */
async function isDebianKnown(): Promise<boolean> {
  const { stdout } = await docker([
    "images",
    "--quiet",
    "--filter",
    "label=aito.base=debian",
    "--filter",
    "reference=aito-base-debian",
  ]);
  return stdout.trim() !== "" && (await docker(["image", "inspect", fromRegistry.redis])).code !== 0;
}
