import { AitoError, type Clock, type Logger } from "@aito/base";
import { githubApp, type GithubOptions, type GithubPlace, isPrivateKey } from "@aito/connectors";
import { z } from "zod";
import { keyFromFile, wholeFile } from "../model/upstreams/upstream-keys.ts";

const githubUrl = "https://api.github.com";

/** How GitHub is reached, by a token or as an app; token and key can be read from files with NAME_FILE. */
export const GithubConfig = z.object({
  AITO_GITHUB_TOKEN: z.string().min(1).optional(),
  AITO_GITHUB_APP_ID: z.string().min(1).optional(),
  AITO_GITHUB_APP_INSTALLATION: z.coerce.number().int().positive().optional(),
  AITO_GITHUB_APP_KEY: z.string().refine(isPrivateKey, "an RSA private key in PEM").optional(),
  AITO_GITHUB_URL: z.url().default(githubUrl),
  AITO_REHEARSAL_GITHUB_URL: z.url().optional(),
  AITO_REHEARSAL_GITHUB_TOKEN: z.string().min(1).optional(),
});
type Config = z.infer<typeof GithubConfig>;

interface Tools {
  clock: Clock;
  log: Logger;
}

/**
 * Where the company's repositories are; null without a token and without an app. What comes from a file (AITO_GITHUB_TOKEN_FILE,
 * AITO_GITHUB_APP_KEY_FILE) is read again when the file changes, so that it is rotated without a restart. Error: AITO_CONFIG_INVALID for
 * half an app, or an app beside a token.
 */
export function githubFor(
  config: Config,
  env: Record<string, string | undefined>,
  tools: Tools,
): (GithubPlace & Pick<GithubOptions, "throttled">) | null {
  const { AITO_GITHUB_TOKEN: token, AITO_GITHUB_URL: baseUrl } = config;
  const throttled = baseUrl === githubUrl;
  const app = appOf(config, env, tools);
  if (app) return { ...app, throttled };
  if (token === undefined) return null;
  const path = env["AITO_GITHUB_TOKEN_FILE"];
  const file = path ? keyFromFile({ path, pick: wholeFile, ...tools }) : null;
  return { baseUrl, token: () => file?.current() ?? token, throttled };
}

function appOf(config: Config, env: Record<string, string | undefined>, tools: Tools): GithubPlace | null {
  const { AITO_GITHUB_APP_ID: appId, AITO_GITHUB_APP_INSTALLATION: installationId, AITO_GITHUB_APP_KEY: key } = config;
  if (appId === undefined && installationId === undefined && key === undefined) return null;
  if (appId === undefined || installationId === undefined || key === undefined) {
    throw invalid("a GitHub App needs AITO_GITHUB_APP_ID, AITO_GITHUB_APP_INSTALLATION and AITO_GITHUB_APP_KEY together");
  }
  if (config.AITO_GITHUB_TOKEN !== undefined) throw invalid("AITO_GITHUB_TOKEN and a GitHub App are both set");
  const path = env["AITO_GITHUB_APP_KEY_FILE"];
  // A file that is half written, or holds something else, leaves the key that works.
  const pick = (text: string): string | null => (isPrivateKey(text) ? text : null);
  const file = path ? keyFromFile({ path, pick, ...tools }) : null;
  const privateKey = (): string => file?.current() ?? key;
  return githubApp({ baseUrl: config.AITO_GITHUB_URL, appId, installationId, privateKey });
}

const invalid = (message: string): AitoError =>
  new AitoError("AITO_CONFIG_INVALID", message, { hint: "set all of one way to GitHub and none of the other", fate: "human" });
/** The GitHub that a rehearsal has for itself; null where none is named. */
export function rehearsalGithub(config: Config): (GithubPlace & Pick<GithubOptions, "throttled">) | null {
  const { AITO_REHEARSAL_GITHUB_URL: baseUrl, AITO_REHEARSAL_GITHUB_TOKEN: token } = config;
  return baseUrl === undefined || token === undefined ? null : { baseUrl, token: () => token, throttled: false };
}
