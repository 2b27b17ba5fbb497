import { execFile, type ExecFileException } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const launcher = join(root, "scripts/aito");

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A company as an operator has it: a folder, a pack, and the command. Everything goes through `scripts/aito`. */
export interface CompanyUnderTest {
  folder: string;
  pack: string;
  slug: string;
  port: number;
  run(args: string[], timeoutMs?: number): Promise<CommandResult>;
  /** Runs with --json and parses the last line; throws with stderr when the command fails. */
  json<T>(args: string[], timeoutMs?: number): Promise<T>;
  remove(): void;
}

/** A copy of `profiles/aito` under another company name, in a folder of its own, so that a company that runs here is left alone. */
export async function companyUnderTest(slug: string, environment: Record<string, string> = {}): Promise<CompanyUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), `aito-${slug}-`));
  const pack = join(folder, "pack");
  cpSync(join(root, "profiles/aito"), pack, { recursive: true });
  const fleet = join(pack, "fleet.yaml");
  writeFileSync(fleet, readFileSync(fleet, "utf8").replace(/^company: .*$/m, `company: ${slug}`));
  const port = await freePort();
  const env = { ...process.env, ANTHROPIC_API_KEY: "", AITO_PORT: String(port), ...environment };
  const run = (args: string[], timeoutMs = 60_000): Promise<CommandResult> =>
    new Promise((resolve) => {
      execFile(launcher, args, { cwd: folder, env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
        resolve({ code: exitCode(error), stdout, stderr }),
      );
    });
  return {
    folder,
    pack,
    slug,
    port,
    run,
    json: async <T>(args: string[], timeoutMs?: number): Promise<T> => {
      const result = await run([...args, "--json"], timeoutMs);
      if (result.code !== 0) throw new Error(`aito ${args.join(" ")} exited ${result.code}: ${result.stderr.slice(-4_000)}`);
      return JSON.parse(result.stdout.trimEnd().split("\n").at(-1)!) as T;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const exitCode = (error: ExecFileException | null): number => (error ? (typeof error.code === "number" ? error.code : 1) : 0);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
