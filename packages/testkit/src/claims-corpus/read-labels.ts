import type { CaseClaim, CaseFact, ClaimsCase } from "./claims-case.ts";

/**
 * The labels of a case worked out a second time, by the rules of the claims alone and with nothing of what made the corpus:
 * plain and slow, for these texts only. It guards the labels; it is no verifier.
 */

/** All in tenths of a millionth of the smallest unit, so that no comparison needs a division. */
const fine = 10_000_000n;
const families: [family: string, sizes: Record<string, bigint>][] = [
  ["n", { count: 1n }],
  ["%", { percent: 1n, ratio: 100n }],
  ["t", { ms: 1n, s: 1_000n, min: 60_000n, h: 3_600_000n, d: 86_400_000n }],
  ["b", { B: 1n, kB: 1_000n, MB: 1_000_000n, GB: 1_000_000_000n }],
];

function familyOf(unit: string): [string, bigint] {
  for (const [family, sizes] of families) if (unit in sizes) return [family, sizes[unit]!];
  return [unit.slice(0, 3), unit.endsWith("_minor") ? 1n : 100n];
}

interface Reading {
  family: string;
  /** In `fine` parts of the family's smallest unit. */
  value: bigint;
  /** Half of what the last written place is worth. */
  half: bigint;
  digits: number;
}

function reading(decimal: string, unit: string, scale = 1n): Reading {
  const [family, size] = familyOf(unit);
  const places = decimal.includes(".") ? decimal.length - decimal.indexOf(".") - 1 : 0;
  const step = (fine * size * scale) / 10n ** BigInt(places);
  const value = BigInt(decimal.replace(".", "")) * step;
  return { family, value, half: step / 2n, digits: decimal.replace(/^-?[0.]*/, "").replace(".", "").length };
}

/** Whether what is written stands for the exact value: equal, or rounded to two digits and more; either way of ties. */
const standsFor = (written: Reading, exact: Reading): boolean => {
  const distance = written.value > exact.value ? written.value - exact.value : exact.value - written.value;
  return written.family === exact.family && (distance === 0n || (written.digits >= 2 && distance <= written.half));
};

function factHolds(claim: CaseClaim, fact: CaseFact, now: string): boolean {
  const isSame =
    fact.metric === claim.metric &&
    fact.entity === claim.entity &&
    fact.period?.from === claim.period?.from &&
    fact.period?.to === claim.period?.to;
  const observed = Date.parse(fact.observedAt);
  const isFresh = fact.period ? observed >= Date.parse(fact.period.to) : observed >= Date.parse(now) - 86_400_000;
  return isSame && isFresh && standsFor(reading(claim.value, claim.unit), reading(fact.value, fact.unit));
}

function claimHolds({ receipts, report, now }: ClaimsCase, claim: CaseClaim): boolean {
  return receipts.some(
    (receipt) =>
      claim.receipts.includes(receipt.id) &&
      receipt.status === "succeeded" &&
      (receipt.agent === report.agent || (report.task !== null && receipt.task === report.task)) &&
      receipt.facts.some((fact) => factHolds(claim, fact, now)),
  );
}

const month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
const noQuantities = [
  /`[^`]*`/g,
  /https?:\/\/[^\s>)]+/g,
  /"[^"]*"|\u201c[^\u201d]*\u201d/g,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
  /\+\d[\d ]{8,}\d/g,
  /\b\d{4}-\d\d(-\d\d)?([T ]\d\d:\d\d(:\d\d)?)?Z?\b/g,
  /\b\d\d\.\d\d\.\d{4}\b|\b\d\d\/\d\d\/\d{4}\b/g,
  /\b\d{1,2}:\d\d\b( pm)?/g,
  new RegExp(`\\b\\d{1,2} ${month} \\d{4}\\b|\\b${month} (\\d{1,2}, )?\\d{4}\\b`, "g"),
  /\bv\d+(\.\d+)+|\bversion \d+\.\d+/g,
  /#\d+|\b[A-Z]{2,}-\d+\b|\b[QH]\d\b|\bFY\d+\b|\bp99\b|\b\d+(st|nd|rd|th)\b/g,
  /^\d+\. /gm,
  /\b(19|20)\d\d\b(?![.,\u202f\u00a0]\d|%| ?[a-z]*%)/g,
];

const unitWords: Record<string, string> = {
  "%": "percent", percent: "percent", "per cent": "percent", ms: "ms", milliseconds: "ms", s: "s", sec: "s", seconds: "s", min: "min",
  mins: "min", minutes: "min", h: "h", hrs: "h", hours: "h", d: "d", days: "d", B: "B", bytes: "B", kB: "kB", MB: "MB", GB: "GB",
  $: "USD", "€": "EUR", "£": "GBP", USD: "USD", EUR: "EUR", GBP: "GBP", CHF: "CHF",
}; // prettier-ignore
const scales: Record<string, bigint> = { k: 1_000n, K: 1_000n, thousand: 1_000n, M: 1_000_000n, million: 1_000_000n };

const money = "USD|EUR|GBP|CHF|[$€£]";
const after = Object.keys(unitWords)
  .filter((word) => /^[a-z%]/i.test(word))
  .toSorted((one, other) => other.length - one.length)
  .join("|");
const quantity = new RegExp(
  `[-\u2212]?(?:(?:${money}) ?)?[-\u2212]?\\d(?:[\\d.,\u202f\u00a0]*\\d)?` +
    `(?:[ \u00a0]?(?:k|K|M|thousand|million)(?![a-zA-Z]))?(?:[ \u00a0]?(?:${after}|[€£$])(?![a-zA-Z]))?`,
  "g",
);

/** Digits with separators as a decimal: the last separator is the decimal mark unless it can only part thousands. */
function decimalText(digits: string): string {
  const spaceless = digits.replace(/[\u202f\u00a0]/g, "");
  const marks = spaceless.replace(/\d/g, "");
  if (marks === "") return spaceless;
  const last = marks.at(-1)!;
  const tail = spaceless.length - spaceless.lastIndexOf(last) - 1;
  const isGroups = marks.length > 1 ? new Set(marks).size === 1 : last === "," && tail === 3;
  if (isGroups) return spaceless.replace(/[.,]/g, "");
  const at = spaceless.lastIndexOf(last);
  return `${spaceless.slice(0, at).replace(/[.,]/g, "")}.${spaceless.slice(at + 1)}`;
}

function textReadings(written: string): { unit: string | null; read: (unit: string) => Reading } {
  const digits = /\d(?:[\d.,\u202f\u00a0]*\d)?/.exec(written)![0];
  const words = written.replace(digits, " ").match(/per cent|[$€£%]|[a-zA-Z]+/g) ?? [];
  const scale = words.map((word) => scales[word]).find(Boolean) ?? 1n;
  const unit = words.map((word) => unitWords[word]).find(Boolean) ?? null;
  const sign = /[-\u2212]/.test(written.slice(0, written.indexOf(digits))) ? "-" : "";
  return { unit, read: (as) => reading(sign + decimalText(digits), as, scale) };
}

/** What the rules say of a case, in the shape of its labels. */
export function readLabels(each: ClaimsCase): ClaimsCase["expect"] {
  const { report, receipts, tools } = each;
  const holding = report.claims.map((claim) => claimHolds(each, claim));
  const supported = report.claims.filter((_, at) => holding[at]);
  const text = noQuantities.reduce((left, pattern) => left.replace(pattern, (match) => "x".repeat(match.length)), report.text);
  const numbers = [...text.matchAll(quantity)].map(([match]) => match);
  const isSupported = (number: string): boolean => {
    const { unit, read } = textReadings(number);
    return supported.some(
      (claim) =>
        standsFor(read(unit ?? claim.unit), reading(claim.value, claim.unit)) ||
        (unit === null && claim.unit === "percent" && standsFor(read("ratio"), reading(claim.value, claim.unit))),
    );
  };
  const didIt = receipts.some(
    ({ task, status, tool }) => status === "succeeded" && task === report.task && tools[tool] !== "read",
  );
  return {
    claims: holding.map((holds) => (holds ? "supported" : "unsupported")),
    unsupportedNumbers: numbers.filter((number) => !isSupported(number)),
    done: report.finishes ? (didIt && report.task !== null ? "accepted" : "refused") : null,
  };
}
