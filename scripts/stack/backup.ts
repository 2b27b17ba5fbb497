import { existsSync } from "node:fs";
import { docker } from "../engine/docker.ts";
import { Refusal } from "../steps/refusal.ts";
import { minutes } from "../steps/run.ts";
import { step } from "../steps/step.ts";
import { compose, explained, services } from "./compose.ts";
import { down } from "./down.ts";
import { composeVariables, projectOf } from "./environment.ts";
import { prepare, type UpOptions } from "./up.ts";

/** What a backup's keys file holds: what signs links and receipts. Nothing else that is secret is in a backup. */
export interface BackupKeys {
  link: string;
  receipt: string;
}

/** Writes the company's rows of this moment to `file`; the company may run. Returns its keys. */
export async function backupRows(company: string, file: string): Promise<BackupKeys> {
  const project = projectOf(company);
  const variables = composeVariables({ company, packFolder: "/", port: 1, seed: undefined, operatorKey: "", hasModelKey: false });
  const volume = await docker(["volume", "inspect", `${project}_postgres-data`]);
  if (volume.code !== 0) throw new Refusal(`there is no company "${company}" in containers here: nothing to back up`);
  const running = (await services(project)).some(({ service, state }) => service === "postgres" && state === "running");
  if (!running) {
    await step("Postgres", (progress) =>
      compose(["up", "--detach", "--wait", "--no-build", "postgres"], variables, { progress }),
    );
  }
  try {
    const owner = await whoHasTheOwnersLogin(variables);
    await step("the company's rows", () =>
      explained(compose([...once(owner), "/app/backup.mjs"], variables, { outputFile: file, timeoutMs: minutes(20) })),
    );
    const read =
      "const r=(n)=>require('fs').readFileSync('/secrets/'+n,'utf8');console.log(JSON.stringify({link:r('link-key'),receipt:r('receipt-key')}))";
    return JSON.parse(await compose([...once("gateway"), "--eval", read], variables)) as BackupKeys;
  } finally {
    if (!running) await compose(["stop", "postgres"], variables).catch(() => undefined);
  }
}

/** Loads a backup's rows into an installation that holds no such company, and then its keys. Starts nothing but Postgres. */
export async function restoreRows(file: string, keys: BackupKeys, options: UpOptions): Promise<void> {
  if (!existsSync(file)) throw new Refusal(`there is no backup at ${file}`);
  const { company, project, variables } = await prepare(options);
  if ((await services(project)).some(({ state }) => state === "running")) {
    throw new Refusal(`the company "${company}" runs here: a restore needs an empty installation (aito down --volumes)`);
  }
  try {
    await step("Postgres for the company that is restored", async (progress) => {
      await compose(["up", "--detach", "--no-build", "postgres"], variables, { progress });
      await compose(["run", "--rm", "-T", "migrate"], variables, { progress });
    });
    await step("the company's rows", () =>
      explained(compose([...once("migrate"), "/app/restore.mjs"], variables, { inputFile: file, timeoutMs: minutes(20) })),
    );
    // After the rows: where they were refused, the keys of whoever is there stay.
    const args = ["run", "--rm", "-T", "--no-deps", "--env", "AITO_RESTORED_KEYS=stdin", "init"];
    await step("its keys", () => compose(args, variables, { input: `${JSON.stringify(keys)}\n` }));
  } catch (error) {
    await down({ company, volumes: false, stopEngine: false }).catch(() => undefined);
    throw error;
  }
}

/** A company that was last started by a version before 0034 has the owner's login where its orchestrator finds it. */
async function whoHasTheOwnersLogin(variables: Record<string, string>): Promise<"migrate" | "orchestrator"> {
  const read = "console.log(new URL(require('fs').readFileSync('/secrets/postgres-url','utf8')).username)";
  const login = await compose([...once("orchestrator"), "--eval", read], variables);
  return login.trim() === "aito" ? "orchestrator" : "migrate";
}

const once = (service: string): string[] => ["run", "--rm", "-T", "--no-deps", service];
