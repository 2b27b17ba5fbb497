import { AitoError } from "@aito/base";
import type { Command } from "commander";
import { type EngineName, folderOf, hasEmbeddedCompany, type Instance, readInstance, writeInstance } from "../instance.ts";
import { jsonLine, note, type Terminal } from "../terminal.ts";
import { stackScript } from "../up/stack-script.ts";
import { keeperOf } from "../up/unit.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";

const closeMsMax = 20_000;
const killMsMax = 5_000;
const pollMs = 50;

interface DownOptions extends BaseOptions {
  volumes?: boolean;
  yes?: boolean;
  stopEngine?: boolean;
}

export function addDown(program: Command, terminal: Terminal): void {
  addCommand<DownOptions>(
    program,
    {
      usage: "down",
      summary: "stop the company; its data stays, and `up` goes on from there",
      json: true,
      local: true,
      detail: `--volumes asks for the company's name to be typed; where nobody can be asked, it needs --yes.
JSON: {"stopped"} (false: nothing ran)`,
      build: (command) =>
        command
          .option("--volumes", "docker: delete the company's data too, all of it and for good")
          .option("--yes", "with --volumes: yes, delete it, and do not ask")
          .option("--stop-engine", "docker: stop the Docker daemon too, if `up` started it"),
    },
    terminal,
    async (run, options) => {
      const folder = folderOf(terminal, options.folder);
      const instance = readInstance(folder);
      const engine = instance?.engine ?? (hasEmbeddedCompany(folder) ? "embedded" : null);
      if (engine === null) {
        throw new AitoError("AITO_CLI_NO_COMPANY", `no company was started from ${folder}`, {
          hint: "name its folder with --folder",
          status: 404,
        });
      }
      if (options.volumes) await agreeToDelete(terminal, { folder, engine, instance, yes: options.yes ?? false });
      const stopped =
        engine === "docker" ? await downDocker(terminal, instance!.company, options) : await downEmbedded(terminal, folder);
      if (instance) writeInstance(folder, { ...instance, console: null, pid: null });
      if (run.json) return jsonLine(terminal, { stopped });
      note(terminal, stopped ? `the company is down; ${whatStarts(keeperOf(instance, terminal.env), engine)}` : "nothing ran");
    },
  );
}

/** What has it up again; a unit does so by itself. */
function whatStarts(unit: string | null, engine: EngineName): string {
  if (unit === null) return "start it again with: aito up";
  const when = engine === "embedded" ? "in a moment" : "at the next boot";
  return `${unit} starts it again ${when}, or now: sudo systemctl restart ${unit}; to keep it down: sudo systemctl stop ${unit}`;
}

/** Nothing is stopped before it is sure. Error: AITO_CLI_USAGE, with what would be deleted. */
async function agreeToDelete(
  terminal: Terminal,
  of: { folder: string; engine: EngineName; instance: Instance | null; yes: boolean },
): Promise<void> {
  if (of.engine === "embedded" || of.instance === null) {
    throw new AitoError("AITO_CLI_USAGE", `this company runs embedded, where there are no volumes: its data is ${of.folder}`, {
      hint: "stop it without --volumes; to delete all that it has, remove that folder then",
    });
  }
  if (of.yes) return;
  const { company } = of.instance;
  const what = `all data of the company "${company}" (decisions, tasks, history, money, memory) would be deleted for good`;
  if (terminal.ask === null) {
    throw new AitoError("AITO_CLI_USAGE", `nothing was done: ${what}`, {
      hint: "keep a copy with: aito backup; to delete it, say --yes",
    });
  }
  note(terminal, `${what}. A copy is kept with: aito backup`);
  const typed = await terminal.ask("type the company's name to delete it: ");
  if (typed.trim() === company) return;
  throw new AitoError("AITO_CLI_USAGE", `nothing was done: the name is "${company}"`, {
    hint: "to stop it and keep its data, leave out --volumes",
  });
}

async function downDocker(terminal: Terminal, company: string, options: DownOptions): Promise<boolean> {
  const flags = [...(options.volumes ? ["--volumes"] : []), ...(options.stopEngine ? ["--stop-engine"] : [])];
  const result = (await stackScript(terminal, ["down", "--company", company, ...flags])) as { stopped: boolean } | null;
  return result?.stopped ?? true;
}

/** Asks the process that holds the folder to end, and after 20 s ends it: its database survives that. */
export async function downEmbedded(terminal: Terminal, folder: string): Promise<boolean> {
  const { isAlive, lockHolder } = await import("@aito/embedded");
  const holder = lockHolder(folder);
  if (holder === null) return false;
  const gone = async (withinMs: number): Promise<boolean> => {
    const deadline = terminal.clock.now().getTime() + withinMs;
    while (isAlive(holder)) {
      if (terminal.clock.now().getTime() > deadline) return false;
      await terminal.clock.sleep(pollMs);
    }
    return true;
  };
  process.kill(holder.pid, "SIGTERM");
  if (await gone(closeMsMax)) return true;
  note(terminal, `process ${holder.pid} did not end within ${closeMsMax / 1_000} s and is killed`);
  process.kill(holder.pid, "SIGKILL");
  if (await gone(killMsMax)) return true;
  throw new AitoError("AITO_CLI_DOWN", `process ${holder.pid} cannot be ended`, { hint: "look at it with: ps", fate: "human" });
}
