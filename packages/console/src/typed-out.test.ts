import { expect, test } from "vitest";
import { isTypedOut } from "./typed-out.ts";

test("a name is typed out as it is, and nothing less or else is", () => {
  expect(isTypedOut("agent cmo", "agent cmo")).toBe(true);
  for (const typed of ["", "agent", "agent cm", "agent cmoo", "agent cto", "Agent cmo", "agentcmo"])
    expect(isTypedOut(typed, "agent cmo"), typed).toBe(false);
});

test("blanks and line breaks count as the one blank that a page shows", () => {
  for (const name of [
    "department Sales  North",
    "department Sales\nNorth",
    "department Sales \t\u00a0North",
    `a${" ".repeat(200)}b`,
  ]) {
    expect(isTypedOut(name.replaceAll(/\s+/g, " "), name), name).toBe(true);
    expect(isTypedOut(` ${name} `, name), name).toBe(true);
    expect(isTypedOut(name.replaceAll(/\s+/g, ""), name), name).toBe(false);
  }
});

test("a letter that passes for another is typed with its code, as its code, as a plain letter or as itself", () => {
  const name = "client p\u0430yp\u0430l";
  for (const typed of ["client p\u0430U+0430yp\u0430U+0430l", "client pU+0430ypU+0430l", "client paypal", name])
    expect(isTypedOut(typed, name), typed).toBe(true);
  for (const typed of [
    "client pypl",
    "client p yp l",
    "client paypa",
    "client paypel\u0430",
    "client p\u0435yp\u0435l",
    "client p\0yp\0l",
  ])
    expect(isTypedOut(typed, name), typed).toBe(false);
  // Both a letter of another script beside Latin ones and a round one before a digit: one letter.
  expect(isTypedOut("client aO5", "client a\u041e5")).toBe(true);
  expect(isTypedOut("client aU+041E5", "client a\u041e5")).toBe(true);
});

test("what shows nothing is typed as its code", () => {
  expect(isTypedOut("client acU+200Bme", "client ac\u200bme")).toBe(true);
  expect(isTypedOut("client acme", "client ac\u200bme")).toBe(false);
  expect(isTypedOut("client paU+200Bypal", "client p\u0430\u200bypal")).toBe(true);
  expect(isTypedOut("client paypal", "client p\u0430\u200bypal")).toBe(false);
});
