import { expect, test } from "vitest";
import { ForgetMemories } from "./memory-api.ts";

const asked = (sourceRef: string) =>
  ForgetMemories.safeParse({ which: { sourceRef }, how: "quarantine", reason: "wrong" }).data?.which;

test("D03 a source is named to the letter: blanks that it begins or ends with are part of it", () => {
  for (const ref of [" https://bad.example ", "bad\n", "\tbad", " "]) expect(asked(ref)).toEqual({ sourceRef: ref });
  expect(asked("")).toBeUndefined();
});
