import { z } from "zod";

/** Settings of the local GitHub as a program. */
export const LocalGithubConfig = z.object({
  AITO_HOST: z.string().default("0.0.0.0").describe("address to listen on"),
  AITO_GITHUB_PORT: z.coerce.number().int().min(0).max(65_535).default(8091).describe("port to listen on"),
  AITO_GITHUB_FOLDER: z.string().min(1).default("/data").describe("holds the repositories and state.json"),
  AITO_GITHUB_TOKEN: z.string().min(8).describe("the one token that is taken; AITO_GITHUB_TOKEN_FILE reads it from a file"),
  AITO_GITHUB_LOGIN: z.string().min(1).default("aito-bot").describe("the account that the token belongs to"),
  AITO_GITHUB_REPOSITORIES: z.string().default("").describe("owner/name with commas: made at the first start"),
  AITO_GITHUB_REHEARSAL: z
    .enum(["", "yes"])
    .default("")
    .describe("yes: a repository is made when it is first asked for, nobody is slowed down, and answers are not checked"),
  AITO_GITHUB_PUBLIC_URL: z.url().optional().describe("the address in links"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info").describe("how much is logged"),
});
export type LocalGithubConfig = z.infer<typeof LocalGithubConfig>;
