import type { AppRegistration, AppTokens } from "./app-tokens.ts";
import type { BareRepository } from "./git/bare-repository.ts";
import type { GithubState, Repository, User } from "./github-state.ts";

/** An event as GitHub tells it to a webhook. */
export interface Told {
  repository: Repository;
  event: string;
  payload: Record<string, unknown>;
}

/** One request that was found valid, with all that answering it needs. */
export interface Asked {
  state: GithubState;
  user: User;
  /** Who signed it, where an app speaks for itself. */
  app: AppRegistration | null;
  /** Whose repositories alone are there, where an app speaks for an installation. */
  account: string | null;
  apps: AppTokens;
  params: Record<string, string>;
  query: Record<string, string>;
  body: Record<string, unknown>;
  /** This second, as GitHub writes it. */
  now: string;
  /** Where this server is reached, without a slash at the end. */
  baseUrl: string;
  gitOf(repository: Repository): BareRepository;
  tell(told: Told): void;
}

/** `list`: cut into pages by the server. */
export type Answered =
  | { status?: number; body: unknown }
  | { list: unknown[]; wrap?: (page: unknown[], total: number) => unknown };
export type Handler = (asked: Asked) => Promise<Answered> | Answered;

/** GitHub's times have no milliseconds. */
export const githubTime = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, "Z");
