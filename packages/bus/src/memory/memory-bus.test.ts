import { systemClock } from "@aito/base";
import { busConformance } from "../conformance.ts";
import { memoryBus } from "./memory-bus.ts";

const noConnection = "the memory bus has no connection to lose";

busConformance(
  "memory",
  () => {
    const bus = memoryBus({ clock: systemClock });
    return Promise.resolve({ bus, close: () => bus.close() });
  },
  {
    "subscribes again by itself after a lost connection and says so": noConnection,
    "goes on consuming after a lost connection": noConnection,
  },
);
