import { AitoError, silentLogger, systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { openWhenPossible } from "./open-when-possible.ts";

const away = (): never => {
  throw new AitoError("AITO_BUS_UNAVAILABLE", "away", { fate: "retry" });
};

test("F04 what cannot be opened yet is opened later, told so, and closed", async () => {
  const seen: string[] = [];
  let tries = 0;
  let late = (): void => undefined;
  const opened = new Promise<void>((resolve) => (late = resolve));
  const open = async () => {
    tries += 1;
    if (tries < 2) away();
    return { close: async () => void seen.push("closed") };
  };
  const handle = await openWhenPossible("test", { clock: systemClock, log: silentLogger }, open, () => late());
  await opened;
  await handle.close();
  expect({ tries, seen }).toEqual({ tries: 2, seen: ["closed"] });
});

test("F04 what never opens stops trying when it is closed", async () => {
  let tries = 0;
  const open = async () => {
    tries += 1;
    return away();
  };
  const handle = await openWhenPossible("test", { clock: systemClock, log: silentLogger }, open);
  await handle.close();
  const before = tries;
  await systemClock.sleep(20);
  expect(tries).toBe(before);
});
