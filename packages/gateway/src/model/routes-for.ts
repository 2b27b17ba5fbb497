import { type Clock, errorText, type Logger } from "@aito/base";
import { type CompanyDeps, modelPolicy } from "@aito/company";
import { makeAdmission } from "./admission.ts";
import type { Route } from "./ask-upstreams.ts";
import { makeBreaker } from "./breaker.ts";
import { resolveModel } from "./models.ts";
import type { ModelUpstream } from "./upstreams/upstream.ts";
import type { UpstreamSet } from "./upstreams/upstream-set.ts";

const policyMs = 5_000;

export interface RouteTable {
  /** Who may answer for this model, in order: the model itself, then its fallbacks. */
  of(model: string): Promise<Route[]>;
  /** Every model that an upstream of the fleet file lists. */
  named(): Promise<string[]>;
  /** Whether the fleet file asks for recordings, as of the last look. */
  records(): boolean;
}

/**
 * Each upstream key has one admission, each model at it one breaker. `upstreams` tells which of them have a model, the
 * first being preferred; the fleet file names upstreams and fallbacks, and is read again every few seconds.
 */
export function makeRouteTable(options: {
  deps: CompanyDeps;
  clock: Clock;
  log: Logger;
  random: () => number;
  upstreams: Pick<UpstreamSet, "models" | "serves" | "update">;
}): RouteTable {
  const { deps, clock, log, upstreams } = options;
  const admissions = new Map<string, Route["admission"]>();
  const routes = new Map<string, Route>();
  let fallbacks: Record<string, string[]> = {};
  let records = false;
  let readAt = -Infinity;
  let reading: Promise<void> | null = null;

  const read = async (): Promise<void> => {
    try {
      const policy = await modelPolicy(deps);
      fallbacks = policy.fallbacks ?? {};
      upstreams.update(policy.upstreams ?? {});
      records = policy.records;
    } catch (error) {
      // What was read last stands; without a fleet there is no caller either.
      log.warn({ error: errorText(error) }, "the fleet's model policy could not be read");
    }
  };
  const route = (upstream: ModelUpstream, model: string): Route => {
    const key = `${upstream.name}\n${model}`;
    const known = routes.get(key);
    if (known?.upstream === upstream) return known;
    const admission = admissions.get(upstream.name) ?? makeAdmission(options);
    admissions.set(upstream.name, admission);
    const made = { model, upstream, admission, breaker: makeBreaker(options) };
    routes.set(key, made);
    return made;
  };
  const look = async (): Promise<void> => {
    const now = clock.now().getTime();
    if (now - readAt > policyMs || now < readAt) {
      const first = readAt === -Infinity;
      readAt = now;
      reading = read();
      if (first) await reading;
    } else if (reading) await reading;
  };
  return {
    records: () => records,
    named: async () => {
      await look();
      return upstreams.models();
    },
    of: async (model) => {
      await look();
      const names = [model, ...(fallbacks[model] ?? []).map((name) => resolveModel(name).id)];
      return [...new Set(names)].flatMap((name) => upstreams.serves(name).map((upstream) => route(upstream, name)));
    },
  };
}
