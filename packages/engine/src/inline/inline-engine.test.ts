import { silentLogger, systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { engineConformance } from "../conformance.ts";
import { inlineEngine, type InlineProgram } from "./inline-engine.ts";

const program: InlineProgram = async (spec, _line, signal) => {
  switch (spec.environment["AITO_PROGRAM"]) {
    case "exit":
      return Number(spec.environment["AITO_CODE"]);
    case "crash":
      throw new Error("the program broke");
    default:
      await systemClock.sleep(60_000, signal).catch(() => undefined);
      return 0;
  }
};

engineConformance(
  "inline",
  () => {
    const engine = inlineEngine({ clock: systemClock, log: silentLogger, run: program });
    return Promise.resolve({ engine, image: "none", linkVolume: "none", close: () => engine.close() });
  },
  {
    "hands over the stdin line once and shows the last lines of output":
      "a function has no output of its own; it logs to the process",
    "opens its events again after a gap and calls the watcher": "there is no event stream that could end",
  },
);

test("fails the first starts when told to, as an engine that is away does", async () => {
  const engine = inlineEngine({ clock: systemClock, log: silentLogger, run: program, failStart: 1 });
  const spec = {
    company: "acme",
    agent: "cmo",
    kind: "agent" as const,
    epoch: 1,
    run: "r",
    image: "none",
    environment: {},
    memoryMb: 64,
    cpus: 1,
    pids: 32,
    linkVolume: "none",
  };
  await expect(engine.start(spec, "{}")).rejects.toMatchObject({ code: "AITO_ENGINE_UNAVAILABLE", fate: "retry" });
  await engine.start(spec, "{}");
  expect(await engine.list("acme")).toHaveLength(1);
  await engine.close();
});
