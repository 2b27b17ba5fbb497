import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AitoError, followingClock, isAitoError } from "@aito/base";
import { type FleetStatus, LoginLink, loginLinkMinutes, operatorApi } from "@aito/protocol";
import { type Command, Option } from "commander";
import { type ConsoleClient, makeConsoleClient } from "../console/console-client.ts";
import { type EngineName, folderOf, hasEmbeddedCompany, type Instance, readInstance, writeInstance } from "../instance.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { checkModelKey } from "../up/check-model-key.ts";
import { chooseEngine } from "../up/choose-engine.ts";
import { embeddedChild } from "../up/embedded-child.ts";
import { embeddedCompany, type EmbeddedSettings } from "../up/embedded-company.ts";
import { freshPages } from "../up/fresh-pages.ts";
import { importCompany } from "../up/import-company.ts";
import { liveLog } from "../up/live-log.ts";
import { fleetFileOf, portOf } from "../up/places.ts";
import { dockerAway, dockerSocket } from "../up/probe-docker.ts";
import { stackScript } from "../up/stack-script.ts";
import { ownUnit, refuseByHand } from "../up/unit.ts";
import { waitActive } from "../up/wait-active.ts";
import { addCommand, type BaseOptions, wholeNumber } from "./command-kit.ts";
import { downEmbedded } from "./down-command.ts";

interface UpOptions extends BaseOptions {
  engine: "auto" | EngineName;
  fleet?: string;
  port?: number;
  detach?: boolean;
  attach?: boolean;
  import?: string;
  link: boolean;
  rehearsalSeed: number;
}

export function addUp(program: Command, terminal: Terminal): void {
  addCommand<UpOptions>(
    program,
    {
      usage: "up",
      summary: "start the company and show what it does",
      json: true,
      local: true,
      detail: `Engines: docker (a container for each agent) or embedded (one process; survives a kill, not a power loss).
auto takes docker where an engine answers, else embedded; a folder's company stays on its engine.
JSON: {"console","engine","model"} as the last line with --detach; else before the live log, {"at","type","text"} on each line`,
      build: (command) =>
        command
          .addOption(new Option("--engine <engine>", "where agents run").choices(["auto", "docker", "embedded"]).default("auto"))
          .option("--fleet <dir>", "the pack: a folder with fleet.yaml (default profiles/aito)")
          .option("--port <n>", "of the console on 127.0.0.1 (default: AITO_PORT, else 7700)", wholeNumber(0, 65_535))
          .option("--attach", "stay and show the live log (the default)")
          .option("--detach", "return when all agents are active (stronger than --attach)")
          .option("--no-link", "print no link that signs in (where output is kept: a service's journal)")
          .option("--import <folder>", "move this folder's embedded company into containers")
          .option("--rehearsal-seed <n>", "of the scripted model, used without ANTHROPIC_API_KEY", wholeNumber(0, 2 ** 31), 1),
    },
    terminal,
    (run, options) => up(terminal, options, run.json),
  );
}

async function up(terminal: Terminal, options: UpOptions, json: boolean): Promise<void> {
  const folder = folderOf(terminal, options.folder);
  const fleetFile = fleetFileOf(terminal, options.fleet);
  const { checkFleet, checkFolder } = await import("@aito/embedded");
  const pack = await checkFleet(fleetFile);
  const socket = dockerSocket(terminal.env);
  const instance = readInstance(folder);
  refuseOther(folder, instance, pack.company);
  refuseByHand(instance, terminal.env);
  const known = instance?.engine ?? (hasEmbeddedCompany(folder) ? "embedded" : null);
  const { engine, why } = chooseEngine({
    asked: options.engine,
    known,
    folder,
    dockerAway: options.engine === "auto" ? await dockerAway(socket) : null,
    importing: options.import !== undefined,
  });
  note(terminal, `${pack.name}: ${pack.agents} agents on engine ${engine} (${why})`);
  const port = portOf(terminal, options.port);
  checkFolder(folder);
  await tryModel(terminal);
  const start: Start = { terminal, options, json, folder, fleetFile, company: pack.company, port };
  await (engine === "docker" ? upDocker(start) : upEmbedded(start));
}

/** A folder stands for one company: with another pack's name a second, empty one would start in its place. */
function refuseOther(folder: string, instance: Instance | null, company: string): void {
  if (instance === null || instance.company === company) return;
  throw new AitoError(
    "AITO_CLI_SECOND_COMPANY",
    `${folder} holds the company "${instance.company}", but this pack is of "${company}"`,
    {
      hint: "name the company's own pack with --fleet DIR, or a folder of its own for the other company with --folder DIR",
      fate: "human",
    },
  );
}

/** A refused key stops the start; a model that cannot be reached does not, because agents ask again until it can. */
async function tryModel(terminal: Terminal): Promise<void> {
  await checkModelKey(terminal).catch((error: unknown) => {
    if (!isAitoError(error, "AITO_MODEL_UNAVAILABLE") || terminal.signal.aborted) throw error;
    note(terminal, `  ${error.message}; the company starts, and its agents ask again until it does`);
  });
}

interface Start {
  terminal: Terminal;
  options: UpOptions;
  json: boolean;
  folder: string;
  fleetFile: string;
  company: string;
  port: number;
}

async function upDocker(start: Start): Promise<void> {
  const { terminal, options, folder, port } = start;
  const startedAt = terminal.clock.now().toISOString();
  const args = [
    "--fleet",
    start.fleetFile,
    "--port",
    String(port),
    "--state",
    folder,
    "--rehearsal-seed",
    String(options.rehearsalSeed),
  ];
  if (options.import !== undefined) {
    const from = resolve(terminal.cwd, options.import);
    refuseOther(from, readInstance(from), start.company);
    await importCompany(terminal, { from, args });
  }
  const result = (await stackScript(terminal, ["up", ...args])) as { console: string; operatorKeyFile: string };
  const instance: Instance = {
    engine: "docker",
    company: start.company,
    console: result.console,
    model: null,
    pid: null,
    operatorKeyFile: result.operatorKeyFile,
    startedAt,
    unit: ownUnit(terminal.env),
  };
  writeInstance(folder, instance);
  const client = clientFor(terminal, instance);
  const status = await waitActive(terminal, client, startedAt).catch((error: unknown) => {
    if (terminal.signal.aborted) note(terminal, "interrupted; the company keeps running: stop it with aito down");
    throw error;
  });
  writeInstance(folder, { ...instance, model: status.model });
  await present(start, client, status);
  if (options.detach) return;
  await liveLog(terminal, { client, model: status.model, from: "0", json: start.json });
  note(terminal, "\nthe company keeps running; stop it with: aito down");
}

async function upEmbedded(start: Start): Promise<void> {
  const { terminal, options, folder, fleetFile, company, port } = start;
  await freshPages(terminal);
  const settings: EmbeddedSettings = { folder, fleetFile, company, port, seed: options.rehearsalSeed };
  if (options.detach) {
    const instance = await embeddedChild(terminal, settings);
    const client = clientFor(terminal, instance);
    try {
      await present(start, client, await waitActive(terminal, client, instance.startedAt));
    } catch (error) {
      if (terminal.signal.aborted && (await downEmbedded(terminal, folder))) note(terminal, "interrupted; nothing runs");
      throw error;
    }
    return;
  }
  const running = await embeddedCompany(settings, {
    env: terminal.env,
    clock: followingClock(),
    onProgress: (text) => note(terminal, `  ${text}`),
  });
  try {
    const client = clientFor(terminal, running.instance);
    const status = await waitActive(terminal, client, running.instance.startedAt);
    await present(start, client, status);
    await liveLog(terminal, { client, model: status.model, from: "0", json: start.json });
  } finally {
    note(terminal, "\nstopping");
    await running.close();
  }
}

/** Where to look, how to get in, and for scripts the documented line. */
async function present(start: Start, client: ConsoleClient, status: FleetStatus): Promise<void> {
  const { terminal, options } = start;
  if (start.json) return jsonLine(terminal, { console: client.url, engine: status.engine, model: status.model });
  const link = options.link ? await client.post(operatorApi.loginLinks, {}, LoginLink) : null;
  line(terminal, "");
  if (status.model === "REHEARSAL") {
    line(terminal, "REHEARSAL: no model key is set, so a scripted model decides. Set ANTHROPIC_API_KEY to run on Claude.");
  }
  line(terminal, `console   ${client.url}`);
  line(
    terminal,
    `sign in   ${link ? `${link.url}   (once, within ${loginLinkMinutes} minutes; a new one: aito login)` : "aito login"}`,
  );
  line(terminal, "");
}

const clientFor = (terminal: Terminal, instance: Instance): ConsoleClient =>
  makeConsoleClient({
    url: instance.console!,
    key: readFileSync(instance.operatorKeyFile, "utf8").trim(),
    signal: terminal.signal,
  });
