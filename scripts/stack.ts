import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildAll } from "./build/build-all.ts";
import { ensureEngine } from "./engine/daemon.ts";
import { buildImages, imageFacts } from "./images/build-images.ts";
import { importCompany } from "./stack/import-company.ts";
import { type BackupKeys, backupRows, restoreRows } from "./stack/backup.ts";
import { down } from "./stack/down.ts";
import { Refusal, reason, runScript } from "./steps/refusal.ts";
import { type UpOptions, up } from "./stack/up.ts";

const usage = `node scripts/stack.ts up     [--fleet DIR] [--port N] [--rehearsal-seed N] [--state DIR]
                     import --file DUMP, and the options of up: a company's rows into Postgres
                     backup --company NAME --file ROWS: a company's rows; its keys go to stdout
                     restore --file ROWS, keys on stdin, and the options of up: into an empty installation
                     down   [--company NAME] [--volumes] [--stop-engine]
                     build  bundles and images
                     images what is there, by which path its base came
Progress goes to stderr; up, down and images print JSON on stdout. \`aito\` runs it; down --volumes asks nothing here.`;
const exitUsage = 2;

/** A whole number given on the command line, or undefined. */
function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Refusal(`--${name} takes a whole number, not "${text}"`, { exitCode: exitUsage });
  return Number(text);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        fleet: { type: "string" },
        port: { type: "string" },
        "rehearsal-seed": { type: "string" },
        state: { type: "string" },
        file: { type: "string" },
        company: { type: "string" },
        volumes: { type: "boolean", default: false },
        "stop-engine": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Refusal(`${reason(error)}\n${usage}`, { exitCode: exitUsage });
  }
}

function upOptions(values: ReturnType<typeof parse>["values"]): UpOptions {
  const port = number("port", values.port) ?? number("port", process.env["AITO_PORT"]) ?? 7700;
  return { fleet: values.fleet, port, seed: number("rehearsal-seed", values["rehearsal-seed"]), stateFolder: values.state };
}

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

await runScript(async () => {
  const { values, positionals } = parse();
  switch (positionals[0]) {
    case "up":
      return print(await up(upOptions(values)));
    case "import":
      return await importCompany(values.file ?? "", upOptions(values));
    case "backup":
      return print(await backupRows(values.company ?? "aito", values.file ?? ""));
    case "restore":
      return await restoreRows(values.file ?? "", JSON.parse(readFileSync(0, "utf8")) as BackupKeys, upOptions(values));
    case "down":
      return print({
        stopped: await down({ company: values.company ?? "aito", volumes: values.volumes, stopEngine: values["stop-engine"] }),
      });
    case "build":
      await ensureEngine();
      await buildAll();
      return void (await buildImages());
    case "images":
      return print(await imageFacts());
    default:
      throw new Refusal(usage, { exitCode: exitUsage });
  }
}, usage);
