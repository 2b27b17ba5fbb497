import type { SeededRandom } from "../races/seeded-random.ts";
import type { ChaosStack } from "./chaos-stack.ts";

/** What goes wrong, once. `id` is the fault's number in the reliability plan. */
export interface Fault {
  name: string;
  id: string;
  /** How often it is chosen, against the others. */
  weight: number;
  /** `ending`: the run is over when this fault is; a long one is cut short. */
  run(stack: ChaosStack, random: SeededRandom, ending: AbortSignal): Promise<void>;
}
