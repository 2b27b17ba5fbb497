import { join } from "node:path";
import { buildAll } from "../build/build-all.ts";
import { ensureCompose } from "../engine/compose-plugin.ts";
import { docker } from "../engine/docker.ts";
import { ensureEngine } from "../engine/daemon.ts";
import { buildImages } from "../images/build-images.ts";
import { Refusal } from "../steps/refusal.ts";
import { type Progress, step } from "../steps/step.ts";
import { compose, explained, services } from "./compose.ts";
import { down } from "./down.ts";
import { composeVariables, operatorKey, operatorSecrets, projectOf, writeEnvFile } from "./environment.ts";
import { edgeVariables } from "./edge.ts";
import { readPack } from "./fleet.ts";
import { checkDisk, checkOwner, checkPort } from "./preconditions.ts";
import { brokenService, waitReady } from "./wait-ready.ts";

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
  const stateFolder = options.stateFolder ?? join(process.cwd(), ".aito");
  await checkOwner(pack.company, project, stateFolder);
  edgeVariables(process.env);
  await checkPort(options.port, project);
  await ensureCompose();
  await buildAll();
  const bases = await buildImages([], { claudeCode: pack.claudeCode, edge: "AITO_EDGE_HOST" in edgeVariables(process.env) });
  const { file, key } = operatorKey(stateFolder);
  const hasModelKey = (process.env["ANTHROPIC_API_KEY"]?.trim() ?? "") !== "";
  const settings = {
    company: pack.company,
    packFolder: pack.folder,
    port: options.port,
    seed: options.seed,
    operatorKey: key,
    hasModelKey,
  };
  const variables = composeVariables(settings);
  writeEnvFile(variables, bases);
  await step("secrets", () => storeSecrets(variables));
  return { company: pack.company, project, variables, operatorKeyFile: file };
}

/** The operator's secrets go to the gateway's volume by stdin: neither arguments nor an environment shows them. */
async function storeSecrets(variables: Record<string, string>): Promise<void> {
  const given = Object.fromEntries(operatorSecrets.map((name) => [name, process.env[name] ?? ""]));
  const args = ["run", "--rm", "-T", "--no-deps", "--env", "AITO_OPERATOR_SECRETS=stdin", "init"];
  await compose(args, variables, { input: `${JSON.stringify(given)}\n` });
}

/** Brings one company's stack up and waits until its console answers. */
export async function up(options: UpOptions): Promise<UpResult> {
  const { company, project, variables, operatorKeyFile } = await prepare(options);
  const console = `http://127.0.0.1:${options.port}`;
  const ranBefore = (await services(project)).some(({ state }) => state === "running");
  try {
    await migrateFirst(project, variables);
    await step("the control plane (docker compose up)", (progress) => startServices(project, variables, progress));
    await step("the console answers", () => waitReady(project, console));
  } catch (error) {
    // Nothing is left half started; what ran before is left as it is.
    if (!ranBefore) await down({ company, volumes: false, stopEngine: false }).catch(() => undefined);
    throw error;
  }
  return { console, engine: "docker", company, operatorKeyFile };
}

/**
 * Over a company that runs, the database is migrated before any program is replaced: one that a newer version made is refused while
 * everything still stands as it was.
 */
async function migrateFirst(project: string, variables: Record<string, string>): Promise<void> {
  const running = (await services(project)).some(({ service, state }) => service === "postgres" && state === "running");
  if (!running) return;
  await step("the database's version", () => explained(compose(["run", "--rm", "-T", "--no-deps", "migrate"], variables)));
}

async function removeEdge(project: string): Promise<void> {
  const edge = (await services(project)).find(({ service }) => service === "edge");
  if (edge) await docker(["rm", "--force", edge.id]);
}

async function startServices(project: string, variables: Record<string, string>, progress: Progress): Promise<void> {
  try {
    await compose(["up", "--detach", "--no-build"], variables, { progress });
    // A profile that is not asked for any more is not stopped by compose.
    if (!("AITO_EDGE_HOST" in variables)) await removeEdge(project);
  } catch (error) {
    // Compose names the container that failed, but not why.
    const problem = await brokenService(project, 0);
    throw problem ? new Refusal(problem, { exitCode: 69, cause: error }) : error;
  }
}
