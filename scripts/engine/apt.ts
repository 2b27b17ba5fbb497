import { existsSync, readFileSync } from "node:fs";
import { Refusal } from "../steps/refusal.ts";
import { lastLines, minutes, run } from "../steps/run.ts";
import { say, step } from "../steps/step.ts";

export const isRoot = (): boolean => process.getuid?.() === 0;

/** True on Debian and what derives from it. */
export function hasApt(): boolean {
  if (!existsSync("/usr/bin/apt-get") || !existsSync("/etc/os-release")) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
}

const quiet = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

/**
 * Installs packages of the distribution, as root, and says so first. Where this is not root or not a Debian, refuses with the
 * command that a person can run.
 */
export async function aptInstall(packages: string[], why: string): Promise<void> {
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (!hasApt())
    throw new Refusal(`${why} needs ${packages.join(", ")}, and this is not a Debian or Ubuntu: install it, then run this again`);
  if (!isRoot()) throw new Refusal(`${why} needs ${packages.join(", ")}: run \`sudo ${command}\`, then run this again`);
  say(`  installing as root from the distribution, for ${why}: ${packages.join(" ")}`);
  await step(`apt-get install ${packages.join(" ")}`, async (progress) => {
    const install = () => run("apt-get", command.split(" ").slice(1), { env: quiet, timeoutMs: minutes(15), progress });
    // Package lists that are missing or old make the first attempt fail.
    let result = await install();
    if (result.code !== 0) {
      await run("apt-get", ["update"], { env: quiet, timeoutMs: minutes(5), progress });
      result = await install();
    }
    if (result.code !== 0) throw new Refusal(`\`${command}\` failed: ${lastLines(result.stderr || result.stdout, 3)}`);
  });
}

/** The version that apt would install, or null. */
export async function aptCandidate(name: string): Promise<string | null> {
  if (!hasApt()) return null;
  const { stdout } = await run("apt-cache", ["policy", name], { env: quiet, timeoutMs: 30_000 });
  const candidate = /^\s*Candidate:\s*(\S+)/m.exec(stdout)?.[1];
  return candidate === undefined || candidate === "(none)" ? null : candidate;
}
