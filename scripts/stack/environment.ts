import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BaseImages } from "../images/base-images.ts";
import { edgeVariables } from "./edge.ts";
import { imageTag, root } from "../steps/places.ts";

/** What the compose file is told, besides what the operator's own environment says (ANTHROPIC_API_KEY, AITO_WEBHOOK_URL, …). */
export interface StackSettings {
  company: string;
  packFolder: string;
  port: number;
  seed: number | undefined;
  operatorKey: string;
  /** A key for the real model is in the gateway's volume. */
  hasModelKey: boolean;
  /** A stack that goes down takes its edge along, whatever is set now. */
  edge?: "all";
}

const envFile = join(root, "compose/.env");

/** The settings that are secrets of the operator's. */
export const operatorSecrets = [
  "ANTHROPIC_API_KEY",
  "AITO_UPSTREAM_KEYS",
  "AITO_TOOL_SECRETS",
  "AITO_GITHUB_TOKEN",
  "AITO_GITHUB_APP_KEY",
  "AITO_HOOK_SECRETS",
  "AITO_WEBHOOK_SECRET",
  "AITO_WEBHOOK_SECRET_OLD",
  "AITO_SMTP_URL",
  "AITO_TELEGRAM_TOKEN",
  "AITO_EMBEDDER_KEY",
];

/** The default company keeps the plain names; others get their own stack beside it. */
export const projectOf = (company: string): string => (company === "aito" ? "aito" : `aito-${company}`);

/** Where the engine's socket is on this machine. */
export function engineSocket(env: NodeJS.ProcessEnv = process.env): string {
  const host = env["DOCKER_HOST"] ?? "";
  return host.startsWith("unix://") ? host.slice("unix://".length) : "/var/run/docker.sock";
}

/** The variables of compose/compose.yaml for this company. No secret is among them: of the operator's key it is the hash. */
export function composeVariables(settings: StackSettings): Record<string, string> {
  const project = projectOf(settings.company);
  return {
    AITO_PROJECT: project,
    AITO_COMPANY: settings.company,
    AITO_LINK_VOLUME: `${project}-link`,
    AITO_TAG: imageTag(),
    AITO_PACK_DIR: settings.packFolder,
    AITO_PORT: String(settings.port),
    AITO_DOCKER_SOCKET: engineSocket(),
    AITO_MODEL_KEY_STORED: settings.hasModelKey ? "anthropic" : "",
    // They go by the volume, not by an environment that `docker inspect` shows.
    AITO_OPERATOR_SECRETS: "stored",
    ...Object.fromEntries(operatorSecrets.map((name) => [name, ""])),
    AITO_OPERATOR_KEY_HASH: hashOf(settings.operatorKey),
    ...(settings.edge === "all" ? { COMPOSE_PROFILES: "edge" } : edgeVariables(process.env)),
    ...(settings.seed === undefined ? {} : { AITO_SEED: String(settings.seed) }),
  };
}

/** Writes compose/.env, so that `docker compose -f compose/compose.yaml …` by hand means the same stack. */
export function writeEnvFile(variables: Record<string, string>, bases: BaseImages): void {
  const all = {
    ...variables,
    AITO_BASE_NODE: bases.node,
    AITO_BASE_POSTGRES: bases.postgres,
    AITO_BASE_REDIS: bases.redis,
    ...(bases.edge ? { AITO_BASE_EDGE: bases.edge } : {}),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  writeFileSync(envFile, `# Written by \`aito up\`.\n${lines.join("\n")}\n`);
}

const hashOf = (key: string): string => createHash("sha256").update(key).digest("hex");

/** What the console holds of this state folder's key; null when the folder has none yet. */
export function knownKeyHash(stateFolder: string): string | null {
  const file = join(stateFolder, "operator-key");
  return existsSync(file) ? hashOf(readFileSync(file, "utf8").trim()) : null;
}

/** The operator's key of this state folder, made on the first start; only its owner may read it. */
export function operatorKey(stateFolder: string): { file: string; key: string } {
  const file = join(stateFolder, "operator-key");
  if (existsSync(file)) return { file, key: readFileSync(file, "utf8").trim() };
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const key = `aito_op_${randomBytes(32).toString("base64url")}`;
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return { file, key };
}
