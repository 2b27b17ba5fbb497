import type { Clock, Logger } from "@aito/base";
import type { GithubOptions } from "@aito/connectors";
import { z } from "zod";
import { keyFromFile, wholeFile } from "../model/upstreams/upstream-keys.ts";

const githubUrl = "https://api.github.com";

/** How GitHub is reached; the token can be read from a file with NAME_FILE. */
export const GithubConfig = z.object({
  AITO_GITHUB_TOKEN: z.string().min(1).optional(),
  AITO_GITHUB_URL: z.url().default(githubUrl),
});

/**
 * Where the company's repositories are; null without a token. One that comes from a file (AITO_GITHUB_TOKEN_FILE) is read again when the
 * file changes, so that it is rotated without a restart.
 */
export function githubFor(
  config: z.infer<typeof GithubConfig>,
  env: Record<string, string | undefined>,
  tools: { clock: Clock; log: Logger },
): Pick<GithubOptions, "baseUrl" | "token" | "throttled"> | null {
  const { AITO_GITHUB_TOKEN: first, AITO_GITHUB_URL: baseUrl } = config;
  if (first === undefined) return null;
  const path = env["AITO_GITHUB_TOKEN_FILE"];
  const file = path ? keyFromFile({ path, pick: wholeFile, ...tools }) : null;
  return { baseUrl, token: () => file?.current() ?? first, throttled: baseUrl === githubUrl };
}
