import { systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import { openWork, wakeNow } from "@aito/company";
import { expect, test } from "vitest";
import { sweepHints } from "../src/loops/hints.ts";
import { openFleet } from "./open-fleet.ts";

test("a hint whose work is done is removed, one whose work waits stays", async () => {
  const fleet = await openFleet();
  const bus = memoryBus({ clock: systemClock });
  try {
    await wakeNow(fleet.deps, { agent: "cmo", reason: "look", about: "x" });
    const [waiting] = await openWork(fleet.deps);
    await bus.addHint("cmo", waiting!.id, 5);
    await bus.addHint("cmo", "0199aaaa-0000-7000-8000-000000000000", 5);
    expect(await sweepHints({ deps: fleet.deps, bus })).toBe(1);
    expect(await bus.hints("cmo")).toEqual([waiting!.id]);
  } finally {
    await bus.close();
    await fleet.close();
  }
});
