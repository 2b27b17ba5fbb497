import fc from "fast-check";
import { expect, test } from "vitest";
import { spelledJson } from "./spelled-json.ts";

test("S15 what cannot be seen in arguments is spelled out where they are edited", () => {
  expect(spelledJson(JSON.stringify({ to: "a\u202eb\u200b\u3164\u{e0041}\u{e0100}\u180f" }))).toBe(
    String.raw`{"to":"a\u202eb\u200b\u3164\udb40\udc41\udb40\udd00\u180f"}`,
  );
});

test("S15 a letter that passes for another is spelled, words of one script are not, nor is what follows an escape", () => {
  const word = "\u041f\u0440\u0438\u0432\u0435\u0442";
  expect(spelledJson(JSON.stringify({ to: "p\u0430ypal", text: `line\n${word}` }))).toBe(
    String.raw`{"to":"p\u0430ypal","text":"line\n${word}"}`,
  );
});

test("S15 spelled out, arguments are the same when they are read back", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value, null, 2);
      expect(JSON.parse(spelledJson(json))).toEqual(JSON.parse(json));
    }),
  );
});
