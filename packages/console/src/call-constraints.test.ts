import { ArgumentConstraint } from "@aito/protocol";
import { expect, test } from "vitest";
import { type ConstraintLine, constraintsLike, constraintText, readConstraint } from "./call-constraints.ts";

const line = (is: ConstraintLine["is"], value: string, path = "to"): ConstraintLine => ({ path, is, value });

test("S11 calls like one call say the same of each argument, may cost less, and give none that it left out", () => {
  const schema = { properties: { to: {}, bcc: {}, decision_id: {}, aito_for_task: {}, files: {} } };
  const like = constraintsLike({ to: "ada@example.org", usd: 5, text: "x".repeat(400), urgent: false, tags: ["a"] }, schema);
  expect(like.map(readConstraint)).toEqual([
    { path: "to", is: "equal", value: "ada@example.org" },
    { path: "usd", is: "at_most", value: 5 },
    { path: "text", is: "shorter_than", value: 401 },
    { path: "urgent", is: "equal", value: false },
    { path: "tags", is: "equal", value: ["a"] },
    { path: "bcc", is: "absent" },
  ]);
});

test("S11 a number below 0 and a text that reads as a number stay exactly what they are", () => {
  expect(constraintsLike({ change: -5, code: "12" }, null).map(readConstraint)).toEqual([
    { path: "change", is: "equal", value: -5 },
    { path: "code", is: "equal", value: "12" },
  ]);
});

test("S15 a name or a value that hides something is spelled out, and a hidden name permits nothing", () => {
  expect(constraintsLike({ "t\u200bo": "a\u202eb" }, null)).toEqual([
    { path: "t[U+200B]o", is: "equal", value: String.raw`"a\u202eb"` },
  ]);
});

test("S15 an argument of a tool that is left out is spelled out, and stays the argument that must be left out", () => {
  const names = ["b\u200bcc", String.raw`b\u200bcc`, 'a"b', "bcc"];
  const lines = constraintsLike({}, { properties: Object.fromEntries(names.map((name) => [name, {}])) });
  expect(lines.map(({ path }) => path)).toEqual([String.raw`b\u200bcc`, String.raw`b\\u200bcc`, String.raw`a\"b`, "bcc"]);
  expect(lines.map(readConstraint)).toEqual(names.map((path) => ({ path, is: "absent" })));
  expect(readConstraint(line("absent", "", 'typed"so'))).toEqual({ path: 'typed"so', is: "absent" });
});

test("S11 an argument whose name begins or ends with blanks stays the argument that must be left out; blanks around a typed name mean nothing", () => {
  const names = ["bcc ", " bcc", "b c", "\u00a0bcc\t ", "  "];
  const lines = constraintsLike({}, { properties: Object.fromEntries(names.map((name) => [name, {}])) });
  expect(lines.map(({ path }) => path).slice(0, 3)).toEqual([String.raw`bcc\u0020`, String.raw`\u0020bcc`, "b c"]);
  expect(lines.map(readConstraint)).toEqual(names.map((path) => ({ path, is: "absent" })));
  expect(readConstraint(line("absent", "", " bcc "))).toEqual({ path: "bcc", is: "absent" });
  // One that the call gives stands there as it looks, and permits nothing; least of all an argument without its blank.
  expect(constraintsLike({ "to ": "ada" }, null).map(readConstraint)).toEqual([
    { path: "to[U+0020]", is: "equal", value: "ada" },
  ]);
});

test.each([
  [line("equal", "ada@example.org"), { path: "to", is: "equal", value: "ada@example.org" }],
  [line("equal", "5"), { path: "to", is: "equal", value: 5 }],
  [line("one_of", "a, b ,, 3"), { path: "to", is: "one_of", value: ["a", "b", 3] }],
  [line("one_of", '["a,b","c"]'), { path: "to", is: "one_of", value: ["a,b", "c"] }],
  [line("at_most", " 2.5 "), { path: "to", is: "at_most", value: 2.5 }],
  [line("shorter_than", "80"), { path: "to", is: "shorter_than", value: 80 }],
  [line("absent", "whatever"), { path: "to", is: "absent" }],
])("S11 a line of the form is read as the API takes it: %j", (given, wanted) => {
  expect(readConstraint(given)).toEqual(wanted);
  expect(ArgumentConstraint.parse(readConstraint(given))).toEqual(wanted);
});

test.each([
  [line("at_most", ""), "give a number"],
  [line("at_most", "much"), "give a number"],
  [line("shorter_than", "0"), "whole number"],
  [line("shorter_than", "2.5"), "whole number"],
  [line("one_of", " , "), "at least one"],
  [line("equal", "x", "  "), "name the argument"],
])("S11 a line that says nothing is refused in words: %j", (given, words) => {
  expect(readConstraint(given)).toMatchObject({ problem: expect.stringContaining(words) as string });
});

test("S11 a condition is told in words", () => {
  expect(constraintText({ path: "to", is: "equal", value: "ada@example.org" })).toBe('to is exactly "ada@example.org"');
  expect(constraintText({ path: "usd", is: "at_most", value: 5 })).toBe("usd is at most 5");
  expect(constraintText({ path: "to", is: "one_of", value: ["a", 2] })).toBe('to is one of "a", 2');
  expect(constraintText({ path: "text", is: "shorter_than", value: 5 })).toBe("text is shorter than 5 characters");
  expect(constraintText({ path: "bcc", is: "absent" })).toBe("bcc is not given");
});
