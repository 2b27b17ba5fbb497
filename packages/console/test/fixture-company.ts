import { decisions, event, tasks } from "./fixture-data.ts";

export interface FixtureOptions {
  rehearsal?: boolean;
  /** A company that has just begun. */
  empty?: boolean;
  /** Somebody has an account. */
  people?: boolean;
  /** What links begin with. */
  publicUrl?: () => string;
}

/** What several records are about; an answer changes it. */
export const allOf = (options: FixtureOptions) => ({
  decisions: options.empty ? [] : decisions(),
  tasks: options.empty ? [] : tasks(),
  events: options.empty ? [] : Array.from({ length: 160 }, (_, index) => event(160 - index)),
});
export type All = ReturnType<typeof allOf>;
