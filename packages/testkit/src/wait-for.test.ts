import { expect, test } from "vitest";
import { waitFor } from "./wait-for.ts";

test("returns the first value that fits, past values and errors that do not", async () => {
  let reads = 0;
  const read = (): number => {
    reads += 1;
    if (reads === 2) throw new Error("away");
    return reads;
  };
  expect(await waitFor(read, (value) => value > 3, 2_000)).toBe(4);
});

test("tells after the deadline what it saw last", async () => {
  await expect(
    waitFor(
      () => ({ status: "starting", at: 1n }),
      () => false,
      60,
    ),
  ).rejects.toThrow(/within 60 ms.*"starting"/s);
  await expect(
    waitFor(
      () => Promise.reject(new Error("away")),
      () => true,
      60,
    ),
  ).rejects.toMatchObject({ cause: { message: "away" } });
});
