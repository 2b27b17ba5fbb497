import { parseArgs } from "node:util";
import { buildAll } from "./build/build-all.ts";
import { ensureEngine } from "./engine/daemon.ts";
import { buildImages, imageFacts } from "./images/build-images.ts";
import { down } from "./stack/down.ts";
import { Refusal, reason, runScript } from "./steps/refusal.ts";
import { up } from "./stack/up.ts";

const usage = `node scripts/stack.ts up     [--fleet DIR] [--port N] [--rehearsal-seed N] [--state DIR]
                     down   [--company NAME] [--volumes] [--stop-engine]
                     build  bundles and images
                     images what is there, by which path its base came
Progress goes to stderr; up and images print JSON on stdout.`;
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

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

await runScript(async () => {
  const { values, positionals } = parse();
  switch (positionals[0]) {
    case "up": {
      const port = number("port", values.port) ?? number("port", process.env["AITO_PORT"]) ?? 7700;
      return print(await up({ fleet: values.fleet, port, seed: number("rehearsal-seed", values["rehearsal-seed"]), stateFolder: values.state }));
    }
    case "down":
      return await down({ company: values.company ?? "aito", volumes: values.volumes, stopEngine: values["stop-engine"] });
    case "build":
      await ensureEngine();
      await buildAll();
      return void (await buildImages());
    case "images":
      return print(await imageFacts());
    default:
      throw new Refusal(usage, { exitCode: exitUsage });
  }
});
