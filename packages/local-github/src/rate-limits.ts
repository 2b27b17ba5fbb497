import type { Clock } from "@aito/base";
import { GithubProblem } from "./github-problem.ts";

export interface LimitSettings {
  /** Requests of one account an hour. */
  perHour: number;
  /** Requests that write content, of one account a minute: GitHub's secondary limit. */
  writesPerMinute: number;
}

export const usualLimits: LimitSettings = { perHour: 5_000, writesPerMinute: 80 };

/** For a rehearsal: nobody waits for a machine of its own. */
export const unlimited: LimitSettings = { perHour: 1_000_000_000, writesPerMinute: 1_000_000_000 };

const hourMs = 3_600_000;
const minuteMs = 60_000;

interface Window {
  start: number;
  used: number;
}

/** GitHub's primary and secondary limits, by account. An answer "not modified" is not counted. */
export class RateLimits {
  readonly #clock: Clock;
  readonly settings: LimitSettings;
  readonly #hours = new Map<string, Window>();
  readonly #minutes = new Map<string, Window>();

  constructor(clock: Clock, settings: LimitSettings) {
    this.#clock = clock;
    this.settings = settings;
  }

  #window(windows: Map<string, Window>, login: string, lengthMs: number): Window {
    const now = this.#clock.now().getTime();
    const known = windows.get(login);
    if (known && now < known.start + lengthMs) return known;
    const made = { start: now, used: 0 };
    windows.set(login, made);
    return made;
  }

  headers(login: string): Record<string, string> {
    const { limit, remaining, used, reset } = this.view(login);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-used": String(used),
      "x-ratelimit-reset": String(reset),
      "x-ratelimit-resource": "core",
    };
  }

  view(login: string): { limit: number; remaining: number; used: number; reset: number } {
    const { start, used } = this.#window(this.#hours, login, hourMs);
    const limit = this.settings.perHour;
    return { limit, remaining: Math.max(0, limit - used), used, reset: Math.ceil((start + hourMs) / 1_000) };
  }

  /** Counts one request. Error: 403 with GitHub's headers when a limit is reached. */
  take(login: string, writes: boolean): void {
    const hour = this.#window(this.#hours, login, hourMs);
    if (hour.used >= this.settings.perHour) {
      throw new GithubProblem(403, `API rate limit exceeded for ${login}.`, { headers: this.headers(login) });
    }
    const minute = this.#window(this.#minutes, login, minuteMs);
    if (writes && minute.used >= this.settings.writesPerMinute) {
      const seconds = Math.ceil((minute.start + minuteMs - this.#clock.now().getTime()) / 1_000);
      throw new GithubProblem(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", {
        headers: { "retry-after": String(Math.max(1, seconds)) },
      });
    }
    hour.used += 1;
    if (writes) minute.used += 1;
  }

  /** What was "not modified" costs nothing. */
  giveBack(login: string): void {
    const hour = this.#window(this.#hours, login, hourMs);
    hour.used = Math.max(0, hour.used - 1);
  }
}
