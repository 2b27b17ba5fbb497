import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Runs once before the other services, as root in a container without a network: makes each secret on the first start and gives
 * every program a volume with those that it needs, and the link volume its two folders. A second run changes nothing.
 */
const secrets = process.env["AITO_SECRETS"] ?? "/secrets";
const link = process.env["AITO_LINK"] ?? "/link";
/** User and group that gateway and console run as, and the one that the orchestrator does. */
const nobody = 65534;
const rootUser = 0;

function write(path: string, value: string, owner: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  writeFileSync(part, value, { mode: 0o400 });
  chownSync(part, owner, owner);
  chmodSync(dirname(path), 0o755);
  renameSync(part, path);
}

/** The secret that stands there, or a new one. */
function secret(path: string, owner: number): string {
  const file = join(secrets, path);
  if (existsSync(file)) return readFileSync(file, "utf8");
  const value = randomBytes(32).toString("base64url");
  write(file, value, owner);
  return value;
}

function share(path: string, value: string, owner: number): void {
  const file = join(secrets, path);
  if (!existsSync(file) || readFileSync(file, "utf8") !== value) write(file, value, owner);
}

// A restored company's own, in the place of those that were made for an empty installation.
if (process.env["AITO_RESTORED_KEYS"] === "stdin") {
  const keys = JSON.parse(readFileSync(0, "utf8")) as { link: string; receipt: string };
  write(join(secrets, "gateway/link-key"), keys.link, nobody);
  write(join(secrets, "gateway/receipt-key"), keys.receipt, nobody);
  share("console/link-key", keys.link, nobody);
  process.exit(0);
}

// The database's owner migrates, backs up and restores; the programs log in as a role that owns nothing.
share("owner/postgres-url", `postgres://aito:${secret("postgres/password", rootUser)}@postgres:5432/aito`, rootUser);
const postgresUrl = `postgres://aito_control:${secret("owner/control-password", rootUser)}@postgres:5432/aito`;
const redisUrl = `redis://control:${secret("redis/password", rootUser)}@redis:6379`;
for (const [program, owner] of [
  ["orchestrator", rootUser],
  ["gateway", nobody],
  ["console", nobody],
] as const) {
  share(`${program}/postgres-url`, postgresUrl, owner);
  share(`${program}/redis-url`, redisUrl, owner);
}
share("console/link-key", secret("gateway/link-key", nobody), nobody);
secret("gateway/receipt-key", nobody);
// Of the GitHub that a rehearsal has for itself, and its folder.
share("rehearsal/github-token", secret("gateway/rehearsal-github-token", nobody), nobody);
// The operator's own, by name and file; there may be none. An empty file counts as not set, and a removed setting empties it.
const operators = {
  AITO_WEBHOOK_SECRET: "webhook-secret",
  AITO_WEBHOOK_SECRET_OLD: "webhook-secret-old",
  AITO_SMTP_URL: "smtp-url",
  AITO_TELEGRAM_TOKEN: "telegram-token",
  AITO_GITHUB_TOKEN: "github-token",
  AITO_GITHUB_APP_KEY: "github-app-key",
  AITO_EMBEDDER_KEY: "embedder-key",
  ANTHROPIC_API_KEY: "model-key",
  AITO_UPSTREAM_KEYS: "upstream-keys",
  AITO_TOOL_SECRETS: "tool-secrets",
} as const;

// The launcher hands them over by stdin, before the services start, so that no container's environment holds them; then the
// start itself leaves them as they are. Without the launcher they come by compose's environment.
const source = process.env["AITO_OPERATOR_SECRETS"] ?? "environment";
const given: Record<string, string | undefined> =
  source === "stdin" ? (JSON.parse(readFileSync(0, "utf8")) as Record<string, string>) : process.env;
for (const [name, file] of Object.entries(operators)) {
  if (source === "stored" || (source === "environment" && name === "ANTHROPIC_API_KEY")) continue;
  share(`gateway/${file}`, given[name]?.trim() ?? "", nobody);
}
// With which others sign what they send to the console.
if (source !== "stored") share("console/hook-secrets", given["AITO_HOOK_SECRETS"]?.trim() ?? "", nobody);
if (readFileSync(join(secrets, "gateway/webhook-secret"), "utf8") === "") {
  write(join(secrets, "gateway/webhook-secret"), randomBytes(32).toString("base64url"), nobody);
}

const rehearsal = process.env["AITO_REHEARSAL_DATA"];
if (rehearsal) chownSync(rehearsal, nobody, nobody);

mkdirSync(join(link, "gateway"), { recursive: true });
chownSync(join(link, "gateway"), nobody, nobody);
chmodSync(link, 0o755);
