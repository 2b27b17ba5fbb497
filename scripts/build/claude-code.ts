import { chmodSync, copyFileSync, cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dist, userCache } from "../steps/places.ts";
import { minutes, must } from "../steps/run.ts";
import { step } from "../steps/step.ts";

/** The CLI that workers of `executor: claude-code` run; a change of it makes a new image. */
export const claudeCodeVersion = "2.1.197";
const packageName = "@anthropic-ai/claude-code-linux-x64";

/** The build context of its image, dist/claude-code: what the agent's has, and the CLI, got by npm once for this user. */
export async function claudeCodeContext(): Promise<string> {
  const cached = join(userCache, `claude-code-${claudeCodeVersion}`);
  if (!existsSync(cached)) await step("the Claude Code CLI (npm)", () => fetchCli(cached));
  const folder = join(dist, "claude-code");
  share(cached, join(folder, "claude"));
  share(join(dist, "agent/node"), join(folder, "node"));
  rmSync(join(folder, "app"), { recursive: true, force: true });
  cpSync(join(dist, "agent/app"), join(folder, "app"), { recursive: true, preserveTimestamps: true });
  return folder;
}

async function fetchCli(to: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "aito-claude-code-"));
  try {
    await must("npm", ["pack", "--silent", `${packageName}@${claudeCodeVersion}`], { cwd: folder, timeoutMs: minutes(10) });
    await must("sh", ["-c", "tar --extract --gzip --file *.tgz package/claude"], { cwd: folder, timeoutMs: minutes(2) });
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(folder, "package/claude"), `${to}.part`);
    chmodSync(`${to}.part`, 0o755);
    renameSync(`${to}.part`, to);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without copying where both are on one disk. */
function share(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
