import type { InfraCosts } from "@aito/protocol";

const msPerHour = 3_600_000n;

/** How long containers stood, by what they are booked on. */
export interface StoodRow {
  name: string | null;
  containers: number;
  milliseconds: bigint;
}

/** What that long a time costs, to the nearest micro-dollar, halves up. Exact: no floating point touches money. */
export const containerCost = (milliseconds: bigint, perHourMicroUsd: bigint): bigint =>
  (2n * milliseconds * perHourMicroUsd + msPerHour) / (2n * msPerHour);

/** Rows with their price; the total is the sum of what the rows show, so that a reader can add them up. Null: no price is known. */
export function priced(rows: readonly StoodRow[], perHourMicroUsd: bigint | null): InfraCosts {
  const items = rows.map(({ name, containers, milliseconds }) => ({
    name,
    containers,
    seconds: Number(milliseconds / 1_000n),
    microUsd: perHourMicroUsd === null ? null : String(containerCost(milliseconds, perHourMicroUsd)),
  }));
  const sum = (of: (row: (typeof items)[number]) => number): number => items.reduce((total, row) => total + of(row), 0);
  return {
    pricePerHourMicroUsd: perHourMicroUsd === null ? null : String(perHourMicroUsd),
    items,
    total: {
      containers: sum((row) => row.containers),
      seconds: sum((row) => row.seconds),
      microUsd:
        perHourMicroUsd === null ? null : String(items.reduce((total, { microUsd }) => total + BigInt(microUsd ?? "0"), 0n)),
    },
  };
}
