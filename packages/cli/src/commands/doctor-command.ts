import { exitCodes } from "@aito/base";
import type { Command } from "commander";
import { checkAgents, checkChain, checkConsole, checkDatabase, checkModelRuns } from "../doctor/company-checks.ts";
import { checkDisk, checkEngine, checkImages, checkKey, checkListen, checkNode, checkPack } from "../doctor/local-checks.ts";
import type { Finding } from "../doctor/check.ts";
import { folderOf, readInstance } from "../instance.ts";
import { table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { fleetFileOf, portOf } from "../up/places.ts";
import { addCommand, type BaseOptions, type Run, wholeNumber } from "./command-kit.ts";

type DoctorOptions = BaseOptions & { fleet?: string; port?: number };

export function addDoctor(program: Command, terminal: Terminal): void {
  addCommand<DoctorOptions>(
    program,
    {
      usage: "doctor",
      summary: "check that everything works, by doing it",
      json: true,
      detail: 'JSON: [{"check","ok","detail","hint"}]; ok is null where a check does not apply. Exit code 1 when one failed.',
      build: (command) =>
        command
          .option("--fleet <dir>", "the pack to check (default profiles/aito)")
          .option("--port <n>", "the port that up would use", wholeNumber(0, 65_535)),
    },
    terminal,
    async (run, options) => {
      const findings = [...(await localFindings(terminal, options)), ...(await companyFindings(terminal, run, options))];
      if (run.json) jsonLine(terminal, findings);
      else line(terminal, table(["", "check", "finding"], findings.map(row)));
      return findings.some((finding) => finding.ok === false) ? exitCodes.failed : exitCodes.ok;
    },
  );
}

const marks = new Map<boolean | null, string>([
  [true, "ok"],
  [false, "FAILED"],
  [null, "-"],
]);
const row = (finding: Finding): string[] => [
  marks.get(finding.ok)!,
  finding.check,
  finding.ok === false && finding.hint ? `${finding.detail}; ${finding.hint}` : finding.detail,
];

async function localFindings(terminal: Terminal, options: DoctorOptions): Promise<Finding[]> {
  const folder = folderOf(terminal, options.folder);
  const instance = readInstance(folder);
  const engine = await checkEngine(terminal, instance?.engine === "docker");
  return [
    await checkNode(),
    await checkDisk(folder, terminal.cwd),
    await checkPack(fleetFileOf(terminal, options.fleet)),
    engine,
    await checkImages(terminal, engine.ok === true),
    await checkKey(terminal),
    await checkListen(portOf(terminal, options.port), instance?.console ?? null),
  ];
}

async function companyFindings(terminal: Terminal, run: Run, options: DoctorOptions): Promise<Finding[]> {
  const named = options.url ?? terminal.env["AITO_URL"];
  if (!named && !readInstance(folderOf(terminal, options.folder))?.console) {
    return [{ check: "company", ok: null, detail: "none runs from this folder; start it with: aito up", hint: null }];
  }
  const client = run.console();
  const reached = await checkConsole(client);
  if (!reached.ok) return [reached];
  return [
    reached,
    await checkAgents(client),
    await checkModelRuns(client),
    await checkDatabase(client, terminal.clock),
    await checkChain(client),
  ];
}
