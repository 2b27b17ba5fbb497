import v8 from "node:v8";
import { systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { restUntilRung } from "./rest-until-rung.ts";

const hourMs = 3_600_000;
const closing = new AbortController();
const context = { clock: systemClock, signal: closing.signal };
const standing = (): number => v8.queryObjects(Promise, { format: "count" });

test("Y15 a thousand rests leave no promise behind, whether something could ring or not", async () => {
  const rest = async (): Promise<void> => {
    for (let count = 0; count < 500; count += 1) {
      await restUntilRung({ ...context, clock: { ...systemClock, sleep: () => Promise.resolve() } }, 1, null);
      await restUntilRung(context, hourMs, Promise.resolve());
    }
  };
  await rest();
  const before = standing();
  await rest();
  expect(standing() - before).toBeLessThan(100);
});

test("a rest ends when it is rung, when its time is over, and when the gateway closes", async () => {
  await restUntilRung(context, hourMs, Promise.resolve());
  await restUntilRung(context, 1, new Promise(() => undefined));
  const rests = [restUntilRung(context, hourMs, new Promise(() => undefined)), restUntilRung(context, hourMs, null)];
  closing.abort(new Error("closing"));
  await Promise.all(rests);
  await restUntilRung(context, hourMs, null);
});
