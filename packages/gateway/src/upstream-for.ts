import type { Config } from "./config.ts";
import type { Upstream } from "./gateway-context.ts";

export const anthropicUrl = "https://api.anthropic.com";
export const rehearsalUrl = "http://rehearsal:8090";

/** With a key the real model, without one the rehearsal model; `AITO_MODEL_URL` names another address for either. */
export function upstreamFor(config: Pick<Config, "ANTHROPIC_API_KEY" | "AITO_MODEL_URL">): Upstream {
  const key = config.ANTHROPIC_API_KEY ?? null;
  if (key === null) return { name: "rehearsal", baseUrl: config.AITO_MODEL_URL ?? rehearsalUrl, apiKey: null };
  return { name: "anthropic", baseUrl: config.AITO_MODEL_URL ?? anthropicUrl, apiKey: key };
}
