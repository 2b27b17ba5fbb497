// Gets the pinned toolchain (Node 24 and all packages) into the checkout. Runs on any Node from 18 on, with nothing installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** The pinned Node, once the toolchain is there. */
export const node = join(root, "node_modules/.bin/node");

const pnpm = "pnpm@12.21.0";
const installTimeoutMs = 15 * 60_000;
const stamp = join(root, "node_modules/.cache/aito-toolchain");
const exitConfig = 78;

/** Ends the program with one sentence. */
export function refuse(sentence) {
  process.stderr.write(`aito: ${sentence}\n`);
  process.exit(exitConfig);
}

function lockDigest() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function isInstalled() {
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lockDigest()) return false;
  return spawnSync(node, ["--version"], { timeout: 10_000 }).status === 0;
}

function installs() {
  return new Promise((done) => {
    const env = {
      ...process.env,
      CI: "true",
      npm_config_yes: "true",
      // `npm test --silent` would silence the reason of a failure, too.
      npm_config_loglevel: "error",
      npm_config_fetch_retries: process.env.npm_config_fetch_retries ?? "2",
      npm_config_fetch_timeout: process.env.npm_config_fetch_timeout ?? "30000",
    };
    // A running npm hands its own settings to what it starts; pnpm must read this checkout's.
    delete env.npm_config_prefix;
    const child = spawn("npx", ["-y", pnpm, "install", "--frozen-lockfile", "--reporter=append-only"], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
      if (process.stderr.isTTY)
        process.stderr.write(`\r\u001b[2K  … toolchain  ${String(chunk).trim().split("\n").pop().slice(0, 70)}`);
    };
    const timer = setTimeout(() => child.kill("SIGKILL"), installTimeoutMs);
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => done({ code: 127, output: error.message }));
    child.on("close", (code) => {
      clearTimeout(timer);
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
      done({ code: code ?? 1, output });
    });
  });
}

function whyNot({ code, output }) {
  if (code === 127) return "npx is missing: install npm (apt-get install npm), then run this again";
  const network =
    /ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ERR_SOCKET|ERR_PNPM_META_FETCH|ERR_PNPM_FETCH|error sending request|network/i.exec(
      output,
    );
  const last = output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-3)
    .join(" | ");
  return network
    ? `the npm registry cannot be reached (${network[0]}): check the network, or \`npm config get registry\`, and run this again`
    : `installing the toolchain failed (npx ${pnpm} ended with ${code}): ${last}`;
}

/** Installs Node 24 and all packages as the lockfile says; does nothing when they are there. Ends with 78 when it cannot. */
export async function ensureToolchain() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 18)
    refuse(`Node ${process.versions.node} is too old: install Node 18 or newer (the pinned Node 24 is then fetched from npm)`);
  if (process.platform !== "linux" || process.arch !== "x64") {
    refuse(`the pinned toolchain is for Linux on x64; this is ${process.platform} on ${process.arch}`);
  }
  if (isInstalled()) return;
  process.stderr.write(`  … toolchain: Node 24 and all packages, by npx ${pnpm}\n`);
  const since = Date.now();
  const result = await installs();
  if (result.code !== 0) refuse(whyNot(result));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lockDigest());
  process.stderr.write(`  ✓ toolchain  ${((Date.now() - since) / 1000).toFixed(1)} s\n`);
}

/** Runs a program with the terminal handed over, passing signals on; resolves to its exit code. */
export function handOver(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: "inherit", cwd: process.cwd() });
    // A terminal's ^C reaches the child by itself; this program only has to outlive it.
    const wait = () => undefined;
    const pass = () => child.kill("SIGTERM");
    process.on("SIGINT", wait);
    process.on("SIGTERM", pass);
    child.on("error", (error) => {
      process.stderr.write(`aito: cannot start ${command}: ${error.message}\n`);
      done(exitConfig);
    });
    child.on("close", (code, signal) => done(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}
