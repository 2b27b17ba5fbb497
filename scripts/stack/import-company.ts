import { existsSync } from "node:fs";
import { Refusal, reason } from "../steps/refusal.ts";
import { minutes } from "../steps/run.ts";
import { step } from "../steps/step.ts";
import { compose, services } from "./compose.ts";
import { down } from "./down.ts";
import { type UpOptions, prepare } from "./up.ts";

/**
 * Loads a dump of a company (one row a line) into the containers' Postgres, before the first start of its orchestrator. Refuses
 * when that Postgres holds a company of this name already; nothing but Postgres is started.
 */
export async function importCompany(file: string, options: UpOptions): Promise<void> {
  if (!existsSync(file)) throw new Refusal(`there is no dump at ${file}`);
  const { company, project, variables } = await prepare(options);
  const ranBefore = (await services(project)).some(({ state }) => state === "running");
  try {
    await load(file, variables);
  } catch (error) {
    // Nothing is left half started, and what ran before is left as it is.
    if (!ranBefore) await down({ company, volumes: false, stopEngine: false }).catch(() => undefined);
    const said = /"msg":"start failed: ((?:[^"\\]|\\.)*)"/.exec(reason(error))?.[1];
    throw said ? new Refusal(said.replaceAll('\\"', '"'), { cause: error }) : error;
  }
}

async function load(file: string, variables: Record<string, string>): Promise<void> {
  await step("Postgres for the company that is moved", async (progress) => {
    await compose(["up", "--detach", "--no-build", "postgres"], variables, { progress });
    await compose(["run", "--rm", "-T", "migrate"], variables, { progress });
  });
  await step("the company's rows", (progress) =>
    compose(["run", "--rm", "-T", "--no-deps", "migrate", "/app/import.mjs"], variables, {
      progress,
      inputFile: file,
      timeoutMs: minutes(20),
    }),
  );
}
