import { findNumbers } from "./find-numbers.ts";
import type { Quantity } from "./quantity.ts";

const decimalsMax = 12;

/**
 * Pure: the first number behind these words on the same line, as a plain decimal in that unit. Null where there is none, where it can be
 * read in two ways (1,234), where it is written in another unit, or where the words stand more than once: which one is meant is a guess.
 */
export function numberAfter(text: string, words: string, unit: string): string | null {
  const parts = text.split(words);
  if (parts.length !== 2) return null;
  const [number] = findNumbers(parts[1]!.split("\n")[0]!);
  if (!number) return null;
  const readings = number.readings.filter((reading) => reading.unit === null || reading.unit === unit);
  if (readings.length !== 1 || number.readings.length !== 1) return null;
  return decimal(readings[0]!.value);
}

function decimal({ num, den }: Quantity): string | null {
  const scale = 10n ** BigInt(decimalsMax);
  if ((num * scale) % den !== 0n) return null;
  const scaled = (num * scale) / den;
  const size = (scaled < 0n ? -scaled : scaled).toString().padStart(decimalsMax + 1, "0");
  const fraction = size.slice(-decimalsMax).replace(/0+$/, "");
  return `${scaled < 0n ? "-" : ""}${size.slice(0, -decimalsMax)}${fraction === "" ? "" : `.${fraction}`}`;
}
