import type { Clock, Logger } from "@aito/base";
import type { GithubOptions } from "@aito/connectors";
import type { Config } from "../config.ts";
import { keyFromFile, wholeFile } from "../model/upstreams/upstream-keys.ts";

const githubUrl = "https://api.github.com";

/**
 * Where the company's repositories are; null without a token. One that comes from a file (AITO_GITHUB_TOKEN_FILE) is read again when the
 * file changes, so that it is rotated without a restart.
 */
export function githubFor(
  config: Pick<Config, "AITO_GITHUB_TOKEN" | "AITO_GITHUB_URL">,
  env: NodeJS.ProcessEnv,
  tools: { clock: Clock; log: Logger },
): Pick<GithubOptions, "baseUrl" | "token" | "throttled"> | null {
  const { AITO_GITHUB_TOKEN: first, AITO_GITHUB_URL: baseUrl } = config;
  if (first === undefined) return null;
  const path = env["AITO_GITHUB_TOKEN_FILE"];
  const file = path ? keyFromFile({ path, pick: wholeFile, ...tools }) : null;
  return { baseUrl, token: () => file?.current() ?? first, throttled: baseUrl === githubUrl };
}
