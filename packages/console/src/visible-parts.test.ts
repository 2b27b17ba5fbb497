import { expect, test } from "vitest";
import { hiddenIn, shownText, visibleLine, visibleParts, visibleText } from "./visible-parts.ts";

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

test("a letter that passes for a Latin one is followed by its code, and a word of one script is not", () => {
  expect(visibleText("p\u0430ypal")).toBe("p\u0430[U+0430]ypal");
  expect(visibleText("https://\u0430\u0440\u0440\u04cf\u0435.com/pay")).toContain("\u0430[U+0430]\u0440[U+0440]");
  expect(visibleText("$5\u041e0 to \u{1d5c9}ay")).toBe("$5\u041e[U+041E]0 to \u{1d5c9}[U+1D5C9]ay");
  for (const plain of ["Привет, мир. Кластер-Kubernetes", "Ελληνικά", "5 кг", "Größe 日本語ABC", "x² ½ 1º"])
    expect(visibleText(plain)).toBe(plain);
});

test("a flood of what shows nothing is one part with its count, and cannot push the rest out of sight", () => {
  expect(visibleParts(`a${"\u200b".repeat(5_000)}b`)).toEqual([{ text: "a" }, { hidden: "U+200B ×5000" }, { text: "b" }]);
  expect(visibleText(`a${"\n".repeat(503)}b`)).toBe("a\n\n\n[U+000A ×500]b");
  expect(visibleText(`a${" ".repeat(1_080)}b`)).toBe(`a${" ".repeat(80)}[U+0020 ×1000]b`);
  expect(visibleText(`Z${"\u0300".repeat(203)}`)).toBe(`Z${"\u0300".repeat(3)}[U+0300 ×200]`);
});

test("a hundred thousand characters of any kind take little time", () => {
  for (const unit of ["a\u0430", "\u200b", "\u0300", "\n", " ", "\u0430.", "1\u041e"]) {
    expect(visibleParts(unit.repeat(50_000)).length).toBeGreaterThan(0);
  }
});

test("what a text hides is told once each, with how often, and a line of it has no line break", () => {
  expect(hiddenIn(`a\u202eb\u202ec${"\u200b".repeat(9)}p\u0430ypal`)).toEqual(["U+202E ×2", "U+200B ×9", "U+0430"]);
  expect(hiddenIn("Größe")).toEqual([]);
  expect(shownText("ac\u200bme")).toBe("acU+200Bme");
  expect(visibleLine("a\nb\u200b")).toBe("a[U+000A]b[U+200B]");
});
