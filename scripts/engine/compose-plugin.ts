import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../steps/refusal.ts";
import { minutes, must } from "../steps/run.ts";
import { say, step } from "../steps/step.ts";
import { acquireSettings, debianMirror, readAptSources } from "./apt-sources.ts";
import { aptCandidate, aptInstall, isRoot } from "./apt.ts";
import { docker } from "./docker.ts";

const debianSuite = "trixie";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

async function composeAnswers(): Promise<boolean> {
  const result = await docker(["compose", "version", "--short"], { timeoutMs: 10_000 });
  return result.code === 0 && /^v?([2-9]|\d\d)/.test(result.stdout.trim());
}

/** Makes `docker compose` (version 2) work: as it is, from the distribution's packages, or from Debian's next release's package. */
export async function ensureCompose(): Promise<void> {
  if (await composeAnswers()) return;
  for (const name of ["docker-compose-v2", "docker-compose-plugin", "docker-compose"]) {
    const version = await aptCandidate(name);
    if (version === null || version.startsWith("1.") || !isRoot()) continue;
    await aptInstall([name], "docker compose");
    if (await composeAnswers()) return;
  }
  await step("the docker compose plugin, from Debian's package", fromDebian);
  if (!(await composeAnswers()))
    throw new Refusal("the docker compose plugin that was installed does not start: install docker compose 2 by hand");
}

/** Takes the plugin out of the package without installing the package: the host may be an older release. */
async function fromDebian(): Promise<void> {
  const mirror = debianMirror(readAptSources());
  if (!mirror || !existsSync(keyring)) {
    throw new Refusal(
      "docker compose is missing, and this machine's apt sources name no Debian mirror to take it from: install docker compose 2",
    );
  }
  const folder = mkdtempSync(join(tmpdir(), "aito-compose-"));
  try {
    for (const part of ["state/lists/partial", "cache/archives/partial", "etc/parts", "out"])
      mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, "sources.list"), `deb [signed-by=${keyring}] ${mirror.archive} ${debianSuite} main\n`);
    writeFileSync(
      join(folder, "apt.conf"),
      [
        `Dir::State "${folder}/state";`,
        `Dir::State::status "${folder}/state/status";`,
        `Dir::Cache "${folder}/cache";`,
        `Dir::Etc::sourcelist "${folder}/sources.list";`,
        `Dir::Etc::sourceparts "${folder}/etc/parts";`,
        'APT::Sandbox::User "root";',
        'Acquire::Languages "none";',
        await acquireSettings(),
      ].join("\n"),
    );
    writeFileSync(join(folder, "state/status"), "");
    const env = { ...process.env, APT_CONFIG: join(folder, "apt.conf"), LC_ALL: "C" };
    await must("apt-get", ["update"], { env, timeoutMs: minutes(3) });
    await must("apt-get", ["download", "docker-compose"], { env, cwd: join(folder, "out"), timeoutMs: minutes(3) });
    const [file] = readdirSync(join(folder, "out"));
    if (!file) throw new Refusal("apt-get download docker-compose brought nothing");
    await must("dpkg-deb", ["--extract", join(folder, "out", file), join(folder, "root")], { timeoutMs: minutes(1) });
    const target = join(homedir(), ".docker/cli-plugins/docker-compose");
    mkdirSync(join(target, ".."), { recursive: true });
    copyFileSync(join(folder, "root/usr/libexec/docker/cli-plugins/docker-compose"), target);
    chmodSync(target, 0o755);
    say(`  docker compose is at ${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
