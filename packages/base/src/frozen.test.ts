import { expect, test } from "vitest";
import { frozen } from "./frozen.ts";

test("what is frozen stays as it is, all the way down", () => {
  const value = frozen({ list: [{ name: "a" }], none: null, text: "b" });
  expect(() => (value.list[0]!.name = "c")).toThrow(TypeError);
  expect(() => value.list.push({ name: "d" })).toThrow(TypeError);
  expect(() => (value.text = "e")).toThrow(TypeError);
  expect(value).toEqual({ list: [{ name: "a" }], none: null, text: "b" });
});
