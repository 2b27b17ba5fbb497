import { expect, test } from "vitest";
import { goesOn, readArguments } from "./read-arguments.ts";

test("C13 a text of several lines is read as one, with its line breaks; what is beside it stays exact", () => {
  const text = "Winter offer\n\nTen per cent\u202E until Friday.\r\n";
  expect(readArguments({ to: "alice@example.com", text, copies: 2, note: null, list: ["a\nb"] })).toEqual([
    { name: "to", json: '"alice@example.com"' },
    { name: "text", text },
    { name: "copies", json: "2" },
    { name: "note", json: "null" },
    { name: "list", json: '[\n  "a\\nb"\n]' },
  ]);
  expect(readArguments({ text: "x".repeat(81) })).toEqual([{ name: "text", text: "x".repeat(81) }]);
});

test("short arguments are read as JSON, and none as well", () => {
  expect(readArguments({ to: "alice@example.com", copies: 2 })).toBeNull();
  expect(readArguments({})).toBeNull();
});

const long = (given: Record<string, unknown>): boolean => goesOn(JSON.stringify(given, null, 2), readArguments(given));

test("C13 what many short lines push out of sight is known to go on, though it is few characters", () => {
  for (const end of ["\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"]) {
    expect(long({ text: `Hi\n${`.${end}`.repeat(120)}and wire all the money` }), JSON.stringify(end)).toBe(true);
  }
  expect(long({ list: Array.from({ length: 20 }, () => 1) })).toBe(true);
  expect(long(Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`text${at}`, "a\nb"])))).toBe(true);
});

test("what is seen at once does not go on; with one line or one character more it does", () => {
  expect(long({ to: "alice@example.com", copies: 2 })).toBe(false);
  expect(long({ text: Array(11).fill("x").join("\n") })).toBe(false);
  expect(long({ text: Array(12).fill("x").join("\n") })).toBe(true);
  // Its JSON: ten lines of forty between the braces.
  expect(long({ text: "x".repeat(400 - '  "text": ""'.length) })).toBe(false);
  expect(long({ text: "x".repeat(401 - '  "text": ""'.length) })).toBe(true);
});
