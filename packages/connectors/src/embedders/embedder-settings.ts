import { AitoError, type Clock } from "@aito/base";
import type { Embedder } from "@aito/protocol";
import { z } from "zod";
import { dimensionsMax, hostedEmbedder, hostedUrls } from "./hosted/hosted-embedder.ts";
import { localEmbedder } from "./local/local-embedder.ts";

/** Which embedder; without any setting the local one. */
export const EmbedderConfig = z.object({
  AITO_EMBEDDER: z.enum(["local", "openai", "voyage", "none"]).default("local"),
  AITO_EMBEDDER_URL: z.url().optional(),
  AITO_EMBEDDER_MODEL: z
    .string()
    .regex(/^[A-Za-z0-9._:/-]{1,90}$/, "letters, digits and ._:/- only")
    .optional(),
  AITO_EMBEDDER_DIMENSIONS: z.coerce.number().int().min(1).max(dimensionsMax).optional(),
  AITO_EMBEDDER_KEY: z.string().min(1).optional(),
});
export type EmbedderConfig = z.infer<typeof EmbedderConfig>;

const defaults = {
  openai: { model: "text-embedding-3-small", dimensions: 1_536 },
  voyage: { model: "voyage-3.5", dimensions: 1_024 },
} as const;

/** Null for `none`. A vendor's own address needs its key: AITO_CONFIG_INVALID without. */
export function makeEmbedder(
  config: EmbedderConfig,
  { clock }: { clock: Clock },
): (Embedder & { close(): Promise<void> }) | null {
  const { AITO_EMBEDDER: api, AITO_EMBEDDER_URL: baseUrl, AITO_EMBEDDER_KEY: apiKey = null } = config;
  if (api === "none") return null;
  if (api === "local") return localEmbedder({ clock });
  if (apiKey === null && baseUrl === undefined) {
    throw new AitoError("AITO_CONFIG_INVALID", `AITO_EMBEDDER=${api} needs AITO_EMBEDDER_KEY`, {
      hint: "set AITO_EMBEDDER_KEY or AITO_EMBEDDER_KEY_FILE, or AITO_EMBEDDER_URL of a server of your own",
      fate: "human",
    });
  }
  const hosted = hostedEmbedder({
    api,
    baseUrl: baseUrl ?? hostedUrls[api],
    model: config.AITO_EMBEDDER_MODEL ?? defaults[api].model,
    dimensions: config.AITO_EMBEDDER_DIMENSIONS ?? defaults[api].dimensions,
    apiKey,
  });
  return { ...hosted, close: () => Promise.resolve() };
}
