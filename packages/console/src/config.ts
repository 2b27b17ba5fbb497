import { z } from "zod";

/** Settings of the console program; secrets also as `NAME_FILE`. */
export const ConsoleConfig = z.object({
  POSTGRES_URL: z.string().describe("where the company's records are"),
  REDIS_URL: z.string().describe("where bells ring"),
  AITO_COMPANY: z.string().describe("the company's slug"),
  AITO_HOST: z.string().default("0.0.0.0").describe("address to listen on (in its container; compose publishes it on 127.0.0.1)"),
  AITO_PORT: z.coerce.number().int().min(0).max(65_535).default(7700).describe("port to listen on"),
  AITO_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(7701).describe("port of `/metrics`; never published"),
  AITO_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("how operators reach the console; links begin with it"),
  AITO_TRUSTED_PROXIES: z
    .string()
    .default("")
    .describe("proxies whose `X-Forwarded-For` is believed: addresses, networks, host names, with commas"),
  AITO_LINK_KEY: z.string().min(32).describe("key from which decision links are made; the gateway holds the same"),
  AITO_OPERATOR_KEY_HASH: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe("SHA-256 of the CLI's operator key"),
  AITO_ENGINE: z.enum(["docker", "embedded"]).default("docker").describe("shown in the status"),
  AITO_MODEL: z.string().default("REHEARSAL").describe("shown in the status; REHEARSAL also shortens deadlines"),
  AITO_ANCHORS: z.string().default("").describe("the orchestrator's file of anchors, to hold the history against"),
  AITO_GATEWAY_SOCKET: z
    .string()
    .default("")
    .describe("the gateway's socket, for calls with a gateway key; empty: none are taken"),
  AITO_HOOK_SECRETS_FILE: z
    .string()
    .default("")
    .describe("file with lines `name=secret` for the fleet file's hooks, read again when it changes"),
  AITO_WEB_ROOT: z.string().optional().describe("folder of the built web client"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});
export type ConsoleConfig = z.infer<typeof ConsoleConfig>;
