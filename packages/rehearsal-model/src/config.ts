import { z } from "zod";

/** Settings of the rehearsal model; it holds no secret. */
export const RehearsalConfig = z.object({
  AITO_HOST: z.string().default("0.0.0.0").describe("address to listen on (in its container; nothing is published)"),
  AITO_PORT: z.coerce.number().int().min(0).max(65_535).default(8090).describe("port to listen on"),
  AITO_SEED: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe("chooses among wordings; the same seed repeats a run"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info").describe("how much is logged"),
});
export type RehearsalConfig = z.infer<typeof RehearsalConfig>;
