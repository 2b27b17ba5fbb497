import { generateSync } from "otplib";
import { expect, test } from "vitest";
import { newRecoveryCodes, newTotpSecret, recoveryCodeOf, totpStep } from "./one-time-codes.ts";
import { hashPassword, passwordMatches } from "./passwords.ts";
import { seal, unseal } from "./sealed-text.ts";

test("S16 a password is kept as argon2id with a salt of its own, and matches itself only", async () => {
  const [one, two] = [await hashPassword("a long pass phrase"), await hashPassword("a long pass phrase")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await passwordMatches("a long pass phrase", one)).toBe(true);
  expect(await passwordMatches("a long pass phrase ", one)).toBe(false);
  // The same letter, composed and not.
  expect(await passwordMatches("caf\u0065\u0301 au lait", await hashPassword("caf\u00e9 au lait"))).toBe(true);
});

test.each([
  [null],
  [""],
  ["$argon2id$"],
  ["plain"],
  ["$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
])("S16 nothing matches the hash %j", async (hash) => {
  for (const password of ["", "a", "\0".repeat(32)]) expect(await passwordMatches(password, hash)).toBe(false);
});

test("S16 a code holds in its step, the one before and the one after, and never at or before the last one taken", () => {
  const secret = newTotpSecret();
  const now = new Date("2026-11-21T12:00:15Z");
  const step = Math.floor(now.getTime() / 30_000);
  const at = (steps: number): string => generateSync({ secret, epoch: now.getTime() / 1_000 + steps * 30 });
  expect([-2, -1, 0, 1, 2].map((steps) => totpStep({ secret, code: at(steps), now, after: null }))).toEqual([
    null,
    step - 1,
    step,
    step + 1,
    null,
  ]);
  expect(totpStep({ secret, code: at(0), now, after: step })).toBeNull();
  expect(totpStep({ secret, code: at(1), now, after: step })).toBe(step + 1);
  expect(totpStep({ secret, code: `${at(0).slice(0, 3)} ${at(0).slice(3)}`, now, after: null })).toBe(step);
  for (const code of ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345"]) {
    expect(totpStep({ secret, code, now, after: null })).toBeNull();
  }
});

test("S16 recovery codes are ten, all different, and are known as people type them", () => {
  const codes = newRecoveryCodes();
  expect([codes.length, new Set(codes).size]).toEqual([10, 10]);
  for (const code of codes) {
    expect(code).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    expect(recoveryCodeOf(` ${code.toUpperCase().replaceAll("-", "")} `)).toBe(code);
  }
  for (const other of ["", "123456", `${codes[0]}x`, "ä".repeat(16)]) expect(recoveryCodeOf(other)).toBeNull();
});

test("S16 a sealed secret opens with its key and beside its own row only", () => {
  const sealed = seal("a key", "totp 1", "SECRET");
  expect(sealed).not.toContain("SECRET");
  expect(unseal("a key", "totp 1", sealed)).toBe("SECRET");
  expect(unseal("another key", "totp 1", sealed)).toBeNull();
  expect(unseal("a key", "totp 2", sealed)).toBeNull();
  expect(unseal("a key", "totp 1", `${sealed.slice(0, -2)}${sealed.endsWith("A") ? "BB" : "AA"}`)).toBeNull();
  expect(unseal("a key", "totp 1", "")).toBeNull();
});
