import { EmbedderConfig } from "@aito/connectors";
import { z } from "zod";
import { GithubConfig } from "./git/github-for.ts";
import { NoticeConfig } from "./notices/notice-settings.ts";

/** The gateway's settings; secrets can be read from a file with NAME_FILE. */
export const Config = z.object({
  POSTGRES_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  AITO_COMPANY: z.string().min(1),
  AITO_SOCKET: z.string().default("/link/gateway/gateway.sock"),
  AITO_WORKSPACES: z.string().default("/workspaces"),
  AITO_HOST: z.string().default("0.0.0.0"),
  AITO_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  ANTHROPIC_API_KEY: z.string().min(1).optional(),
  AITO_MODEL_URL: z.url().optional(),
  AITO_MODEL_FIRST_BYTE_SECONDS: z.coerce.number().int().min(1).max(3_600).default(300),
  AITO_MODEL_SILENCE_SECONDS: z.coerce.number().int().min(1).max(3_600).default(120),
  AITO_PUBLIC_URL: z.url().default("http://127.0.0.1:7700"),
  AITO_LINK_KEY: z.string().min(32, "at least 32 characters"),
  AITO_RECEIPT_KEY: z.string().min(32, "at least 32 characters"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  ...NoticeConfig.shape,
  ...GithubConfig.shape,
  ...EmbedderConfig.shape,
});
export type Config = z.infer<typeof Config>;
