import { randomBytes } from "node:crypto";
import { generateSecret, generateURI, verifySync } from "otplib";

/** One step before and after is taken: phones' clocks are not ours. */
const toleranceSeconds = 30;
const recoveryCodesCount = 10;
/** Without letters and digits that look alike. */
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

export const newTotpSecret = (): string => generateSecret();
export const totpUri = (input: { secret: string; name: string; company: string }): string =>
  generateURI({ issuer: `AITO ${input.company}`, label: input.name, secret: input.secret });

/** The time step of a code (RFC 6238, six digits, 30 s) that is right now and later than `after`; null for every other text. */
export function totpStep(input: { secret: string; code: string; now: Date; after: number | null }): number | null {
  const token = input.code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const result = verifySync({
    secret: input.secret,
    token,
    epoch: Math.floor(input.now.getTime() / 1_000),
    epochTolerance: toleranceSeconds,
  });
  if (!result.valid || !("timeStep" in result)) return null;
  return input.after !== null && result.timeStep <= input.after ? null : result.timeStep;
}

/** Ten codes of 79 bits each: guessing one from its hash is out of reach. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: recoveryCodesCount }, () =>
    Array.from({ length: 4 }, () => Array.from({ length: 4 }, oneOf).join("")).join("-"),
  );

function oneOf(): string {
  for (;;) {
    const byte = randomBytes(1)[0]!;
    // Those above the last whole multiple would favour the first letters.
    if (byte < 256 - (256 % alphabet.length)) return alphabet[byte % alphabet.length]!;
  }
}

/** As people type it: capitals, blanks and missing dashes do not matter. Null for what is no recovery code. */
export function recoveryCodeOf(text: string): string | null {
  const plain = text.toLowerCase().replaceAll(/[\s-]/g, "");
  return /^[a-z0-9]{16}$/.test(plain) ? plain.replaceAll(/(.{4})(?=.)/g, "$1-") : null;
}
