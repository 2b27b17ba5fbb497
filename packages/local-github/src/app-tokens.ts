import { createPublicKey, randomBytes, verify } from "node:crypto";
import type { Clock } from "@aito/base";
import { GithubProblem } from "./github-problem.ts";

/** A GitHub App that is known here, and where it is installed. */
export interface AppRegistration {
  id: number;
  slug: string;
  owner: string;
  /** PEM; a token that any of them verifies is the app's. Read at each request, so that a test may change keys. */
  publicKeys: string[];
  /** It sees the repositories of the accounts that installed it, and no others. */
  installations: { id: number; account: string }[];
}

export interface Installed {
  app: AppRegistration;
  account: string;
}

const tokenMs = 3_600_000;
/** GitHub takes no token that lives for longer, and forgives a clock that is a minute off. */
const jwtSecondsMax = 600;
const skewSeconds = 60;
const tokensMax = 1_000;

const unreadable = (): GithubProblem => new GithubProblem(401, "A JSON web token could not be decoded");
const jsonOf = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;

/** Who apps are, by the tokens that they sign, and what tokens they were given for an hour. Nothing of it outlives the server. */
export class AppTokens {
  readonly #clock: Clock;
  readonly #apps: readonly AppRegistration[];
  readonly #issued = new Map<string, Installed & { until: number }>();

  constructor(clock: Clock, apps: readonly AppRegistration[]) {
    this.#clock = clock;
    this.#apps = apps;
  }

  /** The app that signed it. Error: GithubProblem 401. */
  appOf(jwt: string): AppRegistration {
    const [head = "", claims = "", signature = "", ...more] = jwt.split(".");
    try {
      if (more.length > 0 || jsonOf(head)["alg"] !== "RS256") throw unreadable();
      const { iss, iat, exp } = jsonOf(claims);
      const app = this.#apps.find(({ id }) => String(id) === String(iss));
      const signed = app?.publicKeys.some((pem) =>
        verify("sha256", Buffer.from(`${head}.${claims}`), createPublicKey(pem), Buffer.from(signature, "base64url")),
      );
      if (!app || !signed) throw unreadable();
      const now = this.#clock.now().getTime() / 1_000;
      if (typeof exp !== "number" || exp < now - skewSeconds)
        throw new GithubProblem(401, "'Expiration time' claim ('exp') is in the past");
      if (typeof iat !== "number" || iat > now + skewSeconds || exp - iat > jwtSecondsMax + skewSeconds) {
        throw new GithubProblem(401, "'Expiration time' claim ('exp') is too far in the future");
      }
      return app;
    } catch (error) {
      throw error instanceof GithubProblem ? error : unreadable();
    }
  }

  /** Null where the app is not installed so. */
  issue(app: AppRegistration, installation: number): { token: string; expiresAt: Date } | null {
    const found = app.installations.find(({ id }) => id === installation);
    if (!found) return null;
    const token = `ghs_${randomBytes(18).toString("hex")}`;
    const until = this.#clock.now().getTime() + tokenMs;
    this.#issued.set(token, { app, account: found.account, until });
    if (this.#issued.size > tokensMax) this.#issued.delete([...this.#issued.keys()][0]!);
    return { token, expiresAt: new Date(until) };
  }

  installedBy(token: string): Installed | null {
    const found = this.#issued.get(token);
    return found && found.until > this.#clock.now().getTime() ? found : null;
  }

  /** As GitHub does when an installation is suspended, or a secret leaks. */
  revokeAll(): void {
    this.#issued.clear();
  }
}
