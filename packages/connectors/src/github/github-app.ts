import { createPrivateKey } from "node:crypto";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { boundedFetch, type GithubPlace, quietLog } from "./octokit-by-token.ts";

export interface GithubAppOptions {
  baseUrl: string;
  /** The app's id or its client id. */
  appId: string;
  installationId: number;
  /** PEM, read before each use, so that a key that was changed in its file signs from the next token on. */
  privateKey: () => string;
}

/** Whether a text is a private key at all; a file may be half written. */
export function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

/**
 * A GitHub App instead of a token: its key signs for an installation token, which is asked for anew a minute before its hour is over,
 * when the key changes, and when GitHub no longer takes it. The key is sent nowhere.
 */
export function githubApp({ baseUrl: given, appId, installationId, privateKey }: GithubAppOptions): Required<GithubPlace> {
  const baseUrl = given.replace(/\/$/, "");
  const { request } = new Octokit({ baseUrl, userAgent: "aito", request: { fetch: boundedFetch }, log: quietLog });
  let known: { key: string; auth: ReturnType<typeof createAppAuth> } | null = null;
  const auth = (): ReturnType<typeof createAppAuth> => {
    const key = privateKey();
    if (known?.key !== key) known = { key, auth: createAppAuth({ appId, installationId, privateKey: key, request }) };
    return known.auth;
  };
  return {
    baseUrl,
    token: async () => (await auth()({ type: "installation" })).token,
    renew: () => {
      known = null;
    },
    login: async () => {
      const { token } = await auth()({ type: "app" });
      const { data } = await request("GET /app", { headers: { authorization: `bearer ${token}` } });
      return `${data?.slug ?? appId}[bot]`;
    },
  };
}
