import type { LossCause } from "./failure.ts";

/**
 * One step for one agent. `wait` is a step too: it says why nothing is done, so that "why is nothing happening" has an answer.
 *
 * - `start`: a new incarnation with the next epoch
 * - `adopt`: a running container that the company's records do not name yet
 * - `lose`: the current incarnation is over without having been asked to; write that down and when to try again
 * - `remove`: kill and delete a container that must not be there
 * - `replace`: nothing is wrong with it, but its configuration changed: end it after its run, for a new incarnation
 * - `keep`: it was to be replaced and is so no longer; it takes runs again
 * - `retire`: an agent that is wanted stopped or gone has no container any more; write that down
 */
export type Action =
  | { do: "start"; agent: string; why: string }
  | { do: "adopt"; agent: string; containerId: string; epoch: number; why: string }
  | {
      do: "lose";
      agent: string;
      containerId: string | null;
      epoch: number;
      failures: number;
      unbegun: number;
      retryAt: Date | null;
      outside: boolean;
      livedWell: boolean;
      cause: LossCause;
      why: string;
    }
  | { do: "replace"; agent: string; containerId: string; epoch: number; digest: string; why: string }
  | { do: "keep"; agent: string; epoch: number; why: string }
  | { do: "remove"; agent: string; containerId: string; epoch: number; why: string }
  | { do: "retire"; agent: string; epoch: number; gone: boolean; why: string }
  | { do: "wait"; agent: string; why: string };
