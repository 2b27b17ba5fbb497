import { join } from "node:path";
import { buildAll } from "../build/build-all.ts";
import { ensureCompose } from "../engine/compose-plugin.ts";
import { ensureEngine } from "../engine/daemon.ts";
import { buildImages } from "../images/build-images.ts";
import { step } from "../steps/step.ts";
import { compose } from "./compose.ts";
import { composeVariables, operatorKey, projectOf, writeEnvFile } from "./environment.ts";
import { readPack } from "./fleet.ts";
import { checkDisk, checkPort } from "./preconditions.ts";
import { waitReady } from "./wait-ready.ts";

export interface UpOptions {
  fleet: string | undefined;
  port: number;
  seed: number | undefined;
  /** Folder for the operator's key; `.aito` in the working directory by default. */
  stateFolder: string | undefined;
}

export interface UpResult {
  console: string;
  engine: "docker";
  company: string;
  operatorKeyFile: string;
}

/** Brings one company's stack up: engine, images, control plane. What can be refused is refused before anything starts. */
export async function up(options: UpOptions): Promise<UpResult> {
  const pack = await readPack(options.fleet);
  const project = projectOf(pack.company);
  const engine = await ensureEngine();
  checkDisk(engine.storage);
  await checkPort(options.port, project);
  await ensureCompose();
  await buildAll();
  const bases = await buildImages();
  const { file, key } = operatorKey(options.stateFolder ?? join(process.cwd(), ".aito"));
  const settings = { company: pack.company, packFolder: pack.folder, port: options.port, seed: options.seed, operatorKey: key };
  const variables = composeVariables(settings);
  writeEnvFile(variables, bases);
  const consoleUrl = `http://127.0.0.1:${options.port}`;
  await step("the control plane (docker compose up)", (progress) => compose(["up", "--detach", "--no-build", "--quiet-pull"], variables, progress));
  await step("the console answers", () => waitReady(project, consoleUrl));
  return { console: consoleUrl, engine: "docker", company: pack.company, operatorKeyFile: file };
}
