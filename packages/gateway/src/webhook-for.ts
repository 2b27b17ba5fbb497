import { AitoError } from "@aito/base";
import type { Config } from "./config.ts";

/** Both the address and the secret, or neither: an unsigned notice could be anybody's. */
export function webhookFor(
  config: Pick<Config, "AITO_WEBHOOK_URL" | "AITO_WEBHOOK_SECRET">,
): { url: string; secret: string } | null {
  const { AITO_WEBHOOK_URL: url, AITO_WEBHOOK_SECRET: secret } = config;
  if (url === undefined) return null;
  if (secret !== undefined) return { url, secret };
  throw new AitoError("AITO_CONFIG_INVALID", "AITO_WEBHOOK_URL is set without AITO_WEBHOOK_SECRET", {
    hint: "set AITO_WEBHOOK_SECRET (or AITO_WEBHOOK_SECRET_FILE), which the receiver verifies signatures with",
    fate: "human",
  });
}
