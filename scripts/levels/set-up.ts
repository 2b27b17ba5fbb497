import { existsSync } from "node:fs";
import { buildAll } from "../build/build-all.ts";
import { aptInstall } from "../engine/apt.ts";
import { ensureCompose } from "../engine/compose-plugin.ts";
import { ensureEngine } from "../engine/daemon.ts";
import { buildImages } from "../images/build-images.ts";
import { Refusal, exitConfig, reason } from "../steps/refusal.ts";

const chromium = "/usr/bin/chromium";

async function images(names?: string[]): Promise<void> {
  await ensureEngine();
  await buildAll(names ? ["agent"] : []);
  await buildImages(names);
}

async function browser(): Promise<void> {
  if (!existsSync(chromium)) await aptInstall(["chromium"], "tests in a browser");
}

/** What integration tests need: an engine, Postgres, Redis, the agent's image to start, and a browser for the pages. */
export async function forIntegration(): Promise<void> {
  await images(["aito-postgres", "aito-redis", "aito-agent"]);
  await browser();
}

/** What end-to-end tests need: everything that `aito up` does, and a browser. */
export async function forEndToEnd(): Promise<void> {
  await images();
  await ensureCompose();
  await browser();
}

/** Why a level cannot run on this machine, or null when it can. What is wrong with the project itself throws. */
export async function missing(setUp: () => Promise<void>): Promise<string | null> {
  try {
    await setUp();
    return null;
  } catch (error) {
    if (error instanceof Refusal && error.exitCode === exitConfig) return reason(error);
    throw error;
  }
}
