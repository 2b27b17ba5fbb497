import { expect, test } from "vitest";
import { asciiOnly } from "./ascii-only.ts";

const sample = "a–b «5 €» ０９ № µ \\ \u2013 –";

test("a regular expression says the same in ASCII: in classes, ranges, escaped, and after a backslash of its own", () => {
  const literals = ["/[–€]/g", "/[０-９]+/gu", "/«[^»]+»/g", "/\\–/g", "/\\\\ ?–?/g", "/№|µ/giu"];
  for (const literal of literals) {
    const ascii = asciiOnly(literal);
    expect(ascii).toMatch(/^[\x20-\x7E]*$/);
    const [before, after] = [literal, ascii].map((text) => {
      const [, source, flags] = /^\/(.*)\/(\w*)$/s.exec(text)!;
      return sample.match(new RegExp(source!, flags));
    });
    expect(before).not.toBeNull();
    expect(after).toEqual(before);
  }
});

test("strings and templates keep their values, and what needs two units stays as it is", () => {
  const valueOf = (text: string): unknown => JSON.parse(text);
  expect(valueOf(asciiOnly('"a–b €"'))).toBe("a–b €");
  expect(asciiOnly("/🦉/u")).toBe("/🦉/u");
  expect(asciiOnly("plain")).toBe("plain");
});
