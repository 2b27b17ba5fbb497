import type { Clock, Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { CompanyDeps } from "@aito/company";
import type { Engine } from "@aito/engine";
import type { Fleet } from "@aito/protocol";
import type { PlanSettings } from "../plan/snapshot.ts";

/** What the orchestrator acts on: made once by the composition root. */
export interface World {
  deps: CompanyDeps;
  bus: Bus;
  engine: Engine;
  log: Logger;
  clock: Clock;
  fleet: Fleet;
  images: { agent: string; worker: string; claudeCode: string };
  linkVolume: string;
  /** Id of this orchestrator process: owner of locks and terms, label `aito.run` of the containers it makes. */
  holder: string;
  settings: PlanSettings;
  /** Incarnations that are to kill themselves at a named point, in tests of recovery only: `agent#epoch` to `point[:n]`. */
  agentCrashes?: Map<string, string>;
}
