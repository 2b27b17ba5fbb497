import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AitoError, errorText, silentLogger } from "@aito/base";
import { type Command, Option } from "commander";
import { z } from "zod";
import { type EngineName, folderOf, hasEmbeddedCompany, readInstance } from "../instance.ts";
import { inRepository } from "../repository.ts";
import { jsonLine, note, type Terminal } from "../terminal.ts";
import { chooseEngine } from "../up/choose-engine.ts";
import { fleetFileOf, portOf } from "../up/places.ts";
import { dockerAway, dockerSocket } from "../up/probe-docker.ts";
import { stackScript } from "../up/stack-script.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";

const Keys = z.object({ link: z.string().min(32), receipt: z.string().min(32) });
const KeysFile = Keys.extend({ v: z.literal(1), company: z.string() });
const keysFileOf = (file: string): string => `${file}.keys`;

export function addBackup(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { file?: string }>(
    program,
    {
      usage: "backup",
      summary: "write the whole company to a file, and its keys to another",
      json: true,
      local: true,
      detail: `In containers the company goes on meanwhile; an embedded one must be down. FILE.keys signs links and receipts: keep it apart.
The model's key, mail and webhook secrets are in neither.
JSON: {"file","keys","company","at","bytes"}`,
      build: (command) => command.option("--file <file>", "where to (default: COMPANY-TIME.aito-backup here)"),
    },
    terminal,
    async (run, options) => {
      const folder = folderOf(terminal, options.folder);
      const instance = readInstance(folder);
      if (!instance) throw noCompany(folder);
      const at = terminal.clock.now();
      const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
      const file = resolve(terminal.cwd, options.file ?? `${instance.company}-${stamp}.aito-backup`);
      for (const path of [file, keysFileOf(file)]) {
        if (existsSync(path))
          throw new AitoError("AITO_CLI_USAGE", `${path} is there already`, { hint: "name another with --file" });
      }
      const bytes = await writeBackup(terminal, { folder, company: instance.company, engine: instance.engine, file });
      if (run.json)
        return jsonLine(terminal, { file, keys: keysFileOf(file), company: instance.company, at: at.toISOString(), bytes });
      note(terminal, `${file} (${(bytes / 1024 / 1024).toFixed(1)} MB) and ${keysFileOf(file)}: keep the keys apart from it`);
    },
  );
}

interface Backup {
  folder: string;
  company: string;
  engine: EngineName;
  file: string;
}

/** The file takes its name only when it is whole. Returns its length. */
async function writeBackup(terminal: Terminal, { folder, company, engine, file }: Backup): Promise<number> {
  const { backupFolder, sealed } = await import("@aito/embedded");
  const place = mkdtempSync(join(tmpdir(), "aito-backup-"));
  const part = `${file}.part`;
  try {
    let keys: z.infer<typeof Keys>;
    let lines: AsyncIterable<string>;
    if (engine === "docker") {
      const rows = join(place, "rows");
      keys = Keys.parse(await stackScript(terminal, ["backup", "--company", company, "--file", rows]));
      lines = linesOf(rows);
    } else {
      ({ keys, lines } = backupFolder(folder, company, terminal.clock));
    }
    await pipeline(Readable.from(sealed(lines, keys.receipt)), createWriteStream(part, { mode: 0o600 }));
    writeFileSync(keysFileOf(file), `${JSON.stringify({ v: 1, company, ...keys })}\n`, { mode: 0o600, flag: "wx" });
    renameSync(part, file);
    return statSync(file).size;
  } finally {
    rmSync(part, { force: true });
    rmSync(place, { recursive: true, force: true });
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(file) })) yield `${line}\n`;
}

interface RestoreOptions extends BaseOptions {
  file: string;
  keys?: string;
  engine: "auto" | EngineName;
  fleet?: string;
}

export function addRestore(program: Command, terminal: Terminal): void {
  addCommand<RestoreOptions>(
    program,
    {
      usage: "restore",
      summary: "bring a backed-up company into an empty installation; start it with `up`",
      json: true,
      local: true,
      detail: `Nothing is written unless the whole file is as it was made, by this version. Sessions, login links and escalation links of before
are dead; agents go on with their open work and a higher epoch; kill switches stay on.
JSON: {"company","at","engine"}`,
      build: (command) =>
        command
          .requiredOption("--file <file>", "the backup")
          .option("--keys <file>", "its keys (default: FILE.keys)")
          .option("--fleet <dir>", "the company's pack (default profiles/aito)")
          .addOption(new Option("--engine <engine>", "where agents run").choices(["auto", "docker", "embedded"]).default("auto")),
    },
    terminal,
    async (run, options) => {
      const { checkFleet, checkSealed } = await import("@aito/embedded");
      const folder = folderOf(terminal, options.folder);
      const file = resolve(terminal.cwd, options.file);
      if (!existsSync(file)) {
        throw new AitoError("AITO_CLI_USAGE", `there is no file ${file}`, { hint: "name one that was made by: aito backup" });
      }
      const keys = readKeys(resolve(terminal.cwd, options.keys ?? keysFileOf(file)));
      const header = await checkSealed(file, keys.receipt);
      const fleetFile = fleetFileOf(terminal, options.fleet);
      const pack = await checkFleet(fleetFile);
      if (pack.company !== header.company) {
        throw new AitoError(
          "AITO_BACKUP_INVALID",
          `the backup is of the company "${header.company}", the pack of "${pack.company}"`,
          {
            hint: "name its own pack with --fleet",
            fate: "human",
          },
        );
      }
      const instance = readInstance(folder);
      const known = instance?.engine ?? (hasEmbeddedCompany(folder) ? "embedded" : null);
      const away = options.engine === "auto" ? await dockerAway(dockerSocket(terminal.env)) : null;
      const { engine } = chooseEngine({ asked: options.engine, known, folder, dockerAway: away, importing: false });
      await restoreInto(terminal, { engine, folder, file, keys, fleetFile, company: header.company });
      if (run.json) return jsonLine(terminal, { company: header.company, at: header.at, engine });
      note(terminal, `"${header.company}" is as it was at ${header.at}; start it with: aito up`);
    },
  );
}

async function restoreInto(
  terminal: Terminal,
  to: { engine: EngineName; folder: string; file: string; keys: z.infer<typeof Keys>; fleetFile: string; company: string },
): Promise<void> {
  const { restoreFolder, sealedLines } = await import("@aito/embedded");
  const { engine, folder, file, keys, fleetFile, company } = to;
  if (engine === "embedded") {
    const migrations = inRepository("migrations");
    const { clock } = terminal;
    await restoreFolder({ folder, company, lines: sealedLines(file), keys, migrations, clock, log: silentLogger });
    return;
  }
  const place = mkdtempSync(join(tmpdir(), "aito-restore-"));
  try {
    const rows = join(place, "rows");
    async function* lines(): AsyncGenerator<string> {
      for await (const line of sealedLines(file)) yield `${line}\n`;
    }
    await pipeline(Readable.from(lines()), createWriteStream(rows, { mode: 0o600 }));
    const port = String(portOf(terminal, undefined));
    const args = ["restore", "--file", rows, "--fleet", fleetFile, "--port", port, "--state", folder];
    await stackScript(terminal, args, { input: JSON.stringify({ link: keys.link, receipt: keys.receipt }) });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function readKeys(path: string): z.infer<typeof KeysFile> {
  try {
    return KeysFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new AitoError("AITO_BACKUP_KEYS", `the backup's keys in ${path} cannot be used: ${errorText(error).slice(0, 200)}`, {
      hint: "name the file that was written beside the backup with --keys",
      fate: "human",
    });
  }
}

const noCompany = (folder: string): AitoError =>
  new AitoError("AITO_CLI_NO_COMPANY", `no company was started from ${folder}`, {
    hint: "name its folder with --folder",
    status: 404,
  });
