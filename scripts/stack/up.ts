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

/** What is ready before any service starts. */
interface Prepared {
  company: string;
  project: string;
  variables: Record<string, string>;
  operatorKeyFile: string;
}

export interface UpResult {
  console: string;
  engine: "docker";
  company: string;
  operatorKeyFile: string;
}

/** Engine, bundles, images and settings of a company. What can be refused is refused here, before anything starts. */
export async function prepare(options: UpOptions): Promise<Prepared> {
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
  return { company: pack.company, project, variables, operatorKeyFile: file };
}

/** Brings one company's stack up and waits until its console answers. */
export async function up(options: UpOptions): Promise<UpResult> {
  const { company, project, variables, operatorKeyFile } = await prepare(options);
  const console = `http://127.0.0.1:${options.port}`;
  await step("the control plane (docker compose up)", (progress) =>
    compose(["up", "--detach", "--no-build"], variables, { progress }),
  );
  await step("the console answers", () => waitReady(project, console));
  return { console, engine: "docker", company, operatorKeyFile };
}
