import type { Clock, Logger } from "@aito/base";
import type { Config } from "./config.ts";
import type { Upstream, UpstreamKeys } from "./gateway-context.ts";
import { fixedKey, keyFromFile, lineOf, wholeFile } from "./model/upstreams/upstream-keys.ts";

export const anthropicUrl = "https://api.anthropic.com";
export const rehearsalUrl = "http://rehearsal:8090";

/** With a key the real model, without one the rehearsal model; `AITO_MODEL_URL` names another address for either. */
export function upstreamFor(config: Pick<Config, "ANTHROPIC_API_KEY" | "AITO_MODEL_URL">): Upstream {
  const key = config.ANTHROPIC_API_KEY ?? null;
  if (key === null) return { name: "rehearsal", baseUrl: config.AITO_MODEL_URL ?? rehearsalUrl, apiKey: null };
  return { name: "anthropic", baseUrl: config.AITO_MODEL_URL ?? anthropicUrl, apiKey: key };
}

/**
 * Secrets of outside servers of tools, in lines `name=secret`: of AITO_TOOL_SECRETS_FILE, which may change while the gateway runs, or of
 * AITO_TOOL_SECRETS.
 */
export function toolSecrets(env: Record<string, string | undefined>, tools: { clock: Clock; log: Logger }): UpstreamKeys {
  const path = env["AITO_TOOL_SECRETS_FILE"];
  const text = env["AITO_TOOL_SECRETS"] ?? "";
  return { of: (name) => (path ? keyFromFile({ path, pick: lineOf(name), ...tools }) : fixedKey(lineOf(name)(text))) };
}

/**
 * Keys that are rotated without a restart, because they come from files: ANTHROPIC_API_KEY_FILE, and AITO_UPSTREAM_KEYS_FILE with
 * lines `name=key` for the upstreams of the fleet file.
 */
export function upstreamKeys(env: NodeJS.ProcessEnv, tools: { clock: Clock; log: Logger }): UpstreamKeys {
  const own = env["ANTHROPIC_API_KEY_FILE"];
  const named = env["AITO_UPSTREAM_KEYS_FILE"];
  return {
    of: (name) => {
      if (name === "anthropic" && own) return keyFromFile({ path: own, pick: wholeFile, ...tools });
      return named ? keyFromFile({ path: named, pick: lineOf(name), ...tools }) : null;
    },
  };
}
