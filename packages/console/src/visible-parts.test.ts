import { expect, test } from "vitest";
import { visibleParts, visibleText } from "./visible-parts.ts";

test("text that reorders, hides or breaks what is shown becomes visible", () => {
  const disguises = [
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    "\0",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u{e0041}",
    "\u2028",
    "\u3164",
    "\u{e0100}",
  ];
  for (const character of disguises) {
    const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
    expect(visibleParts(`a${character}b`)).toEqual([{ text: "a" }, { hidden: code }, { text: "b" }]);
  }
});

test("ordinary text in any script, line breaks, tabs and emoji stay as they are", () => {
  const text = "Größe, naïve\n\tعربي 日本語 ✔️ 🙂";
  expect(visibleParts(text)).toEqual([{ text }]);
});

test("a lone surrogate is replaced, so that the page stays well formed", () => {
  expect(visibleText("a\ud800b")).toBe("a\ufffdb");
});
