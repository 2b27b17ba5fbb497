import fc from "fast-check";
import { expect, test } from "vitest";
import { MicroUsd } from "./ids.ts";
import { microToUsd, usdToMicro } from "./money.ts";

const micro = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });

test("micro-dollars come back as they were, through dollars in text", () => {
  fc.assert(
    fc.property(micro, (amount) => {
      const text = microToUsd(amount);
      expect(text).toMatch(/^-?\d+\.\d{2,6}$/);
      expect(usdToMicro(text)).toBe(amount);
      expect(microToUsd(amount.toString())).toBe(text);
      expect(MicroUsd.safeParse(amount.toString()).success).toBe(true);
    }),
  );
});

test("sums in micro-dollars are exact where sums of dollars are not", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 50 }), (cents) => {
      const sum = cents.map((cent) => usdToMicro((cent / 100).toFixed(2))).reduce((a, b) => a + b, 0n);
      expect(sum).toBe(BigInt(cents.reduce((a, b) => a + b, 0)) * 10_000n);
    }),
  );
});

test.each(["", "1.", ".5", "1.0000001", "1e3", "0x1", "1,000", "NaN", "Infinity", "--1", "1 000", "1000000000000000"])(
  "refuses %j as an amount",
  (text) => {
    expect(() => usdToMicro(text)).toThrow(RangeError);
  },
);

test("writes at least two decimals", () => {
  expect([0n, 1n, 10n, 5_000_000_000n, -1_500_000n, 999_999n].map((amount) => microToUsd(amount))).toEqual([
    "0.00",
    "0.000001",
    "0.00001",
    "5000.00",
    "-1.50",
    "0.999999",
  ]);
});
