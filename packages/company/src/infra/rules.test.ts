import fc from "fast-check";
import { expect, test } from "vitest";
import { containerCost, priced } from "./rules.ts";

const hour = 3_600_000n;

test("C09 a container's time costs its part of an hour, exact to the micro-dollar, halves up", () => {
  expect(containerCost(hour, 12_000n)).toBe(12_000n);
  expect(containerCost(hour / 2n, 12_001n)).toBe(6_001n);
  expect(containerCost(1n, 12_000n)).toBe(0n);
  expect(containerCost(1_000n, 3_600_000_000n)).toBe(1_000_000n);
  expect(containerCost(0n, 12_000n)).toBe(0n);
  // More than a float can hold: a thousand containers for a hundred years at $1,000 an hour.
  expect(containerCost(hour * 24n * 365n * 100_000n + 1n, 1_000_000_000n)).toBe(876_000_000_000_000_000n + 278n);
});

test("C09 the total is the sum of what the rows show, and without a price there is time and no money", () => {
  const rows = [
    { name: "cmo", containers: 2, milliseconds: hour + 1_999n },
    { name: null, containers: 1, milliseconds: 1n },
  ];
  const free = priced(rows, null);
  expect(free).toMatchObject({ pricePerHourMicroUsd: null, total: { containers: 3, seconds: 3_601, microUsd: null } });
  expect(free.items[0]).toEqual({ name: "cmo", containers: 2, seconds: 3_601, microUsd: null });
  expect(priced([], 5n).total).toEqual({ containers: 0, seconds: 0, microUsd: "0" });
});

test("C09 no time is lost or paid twice by being cut in two, but for the rounding of each part", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 13n });
  fc.assert(
    fc.property(amount, amount, fc.bigInt({ min: 1n, max: 10n ** 9n }), (a, b, price) => {
      const apart = containerCost(a, price) + containerCost(b, price);
      const whole = containerCost(a + b, price);
      expect(apart - whole <= 1n && whole - apart <= 1n).toBe(true);
      const { items, total } = priced(
        [
          { name: "a", containers: 1, milliseconds: a },
          { name: "b", containers: 1, milliseconds: b },
        ],
        price,
      );
      expect(total.microUsd).toBe(String(items.reduce((sum, { microUsd }) => sum + BigInt(microUsd!), 0n)));
    }),
  );
});
