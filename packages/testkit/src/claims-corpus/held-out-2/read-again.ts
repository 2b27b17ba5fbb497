import type { CaseClaim, CaseFact, ClaimsCase } from "../claims-case.ts";

/** Each unit as another one and how many of that it is; written anew, with floating point, so that no slip is made twice. */
const bases: Record<string, [string, number]> = {
  ratio: ["percent", 100],
  s: ["ms", 1e3],
  min: ["ms", 6e4],
  h: ["ms", 3.6e6],
  d: ["ms", 8.64e7],
  kB: ["B", 1e3],
  MB: ["B", 1e6],
  GB: ["B", 1e9],
};
const inBase = (unit: string): [string, number] =>
  bases[unit] ?? (unit.endsWith("_minor") ? [unit.slice(0, 3), 0.01] : [unit, 1]);
const places = (decimal: string): number => decimal.split(".")[1]?.length ?? 0;
/** Whether `value` is `given` at the precision in which it is written, in steps of `step`. */
const agrees = (value: number, given: number, step: number): boolean => Math.abs(value - given) <= step * 0.500001;

function states(fact: CaseFact, claim: CaseClaim, now: string): boolean {
  if (
    fact.metric !== claim.metric ||
    fact.entity !== claim.entity ||
    JSON.stringify(fact.period) !== JSON.stringify(claim.period)
  )
    return false;
  const old = fact.period ? fact.observedAt < fact.period.to : Date.parse(now) - Date.parse(fact.observedAt) > 86_400_000;
  const [a, b] = [inBase(fact.unit), inBase(claim.unit)];
  return !old && a[0] === b[0] && agrees((Number(fact.value) * a[1]) / b[1], Number(claim.value), 10 ** -places(claim.value));
}

function supported(each: ClaimsCase, claim: CaseClaim): boolean {
  return claim.receipts.some((id) => {
    const receipt = each.receipts.find((one) => one.id === id);
    const own = receipt && (receipt.agent === each.report.agent || (receipt.task !== null && receipt.task === each.report.task));
    return own && receipt.status === "succeeded" && receipt.facts.some((fact) => states(fact, claim, each.now));
  });
}

const monthNames =
  "Jan(?:uary|uar|\\b)|Feb(?:ruary|ruar|\\b)|Mar(?:ch|\\b)|März|Apr(?:il|\\b)|Ma[yi]|Ju(?:ne|n|ni)\\b|Ju(?:ly|l|li)\\b|Aug(?:ust|\\b)|Sep(?:tember|\\b)|O[ck]t(?:ober|\\b)|Nov(?:ember|\\b)|De[cz](?:ember|\\b)|" +
  "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december";
const dates = [
  /\d{4}-\d{2}-\d{2}/g,
  new RegExp(`(?:${monthNames}) \\d{1,2}, 20\\d\\d`, "g"),
  new RegExp(`(?:\\d{1,2}\\.? (?:de )?)?(?:${monthNames})(?: de)? 20\\d\\d`, "g"),
  /\b[QT][1-4](?: de)? 20\d\d|\b[1-4]\. Quartal 20\d\d|quarter of 20\d\d/g,
  /(?:\b(?:[Ii]n|year|[Oo]ver the whole of|[Dd]uring|Jahr|[Ee]n)|\|) 20\d\d(?=[ ,.:]|$)/gm,
  /^\d\. /gm,
];

/** Factors by which a number in a text of that dress states a claim's base unit. */
const dress: Record<string, [string, number]> = {
  "%": ["percent", 1],
  percent: ["percent", 1],
  "per cent": ["percent", 1],
  ms: ["ms", 1],
  milliseconds: ["ms", 1],
  s: ["ms", 1e3],
  seconds: ["ms", 1e3],
  min: ["ms", 6e4],
  minutes: ["ms", 6e4],
  h: ["ms", 3.6e6],
  hours: ["ms", 3.6e6],
  days: ["ms", 8.64e7],
  kB: ["B", 1e3],
  MB: ["B", 1e6],
  GB: ["B", 1e9],
};
const signs: Record<string, string> = { $: "USD", "€": "EUR", "£": "GBP" };
const number =
  /(?:(?:USD|EUR|GBP|CHF) |€ )?[-\u2212]?[$€£]?\d(?:[\d.,'\u202f]*\d)?(?:k\b|M\b| million\b)?(?:[ \u00a0]?(?:%|€|percent|per cent|milliseconds|ms|seconds|s|minutes|min|hours|h|days|kB|MB|GB|USD|EUR|GBP|CHF)(?![A-Za-z]))?/g;

function reading(shown: string, comma: boolean): { value: number; step: number; unit: string | null } {
  const digits = /\d(?:[\d.,'\u202f]*\d)?/.exec(shown)![0];
  const plain = comma ? digits.replaceAll(/[.\u202f]/g, "").replace(",", ".") : digits.replaceAll(/[,']/g, "");
  const short = /million|\dM\b/.test(shown) ? 1e6 : /\dk\b/.test(shown) ? 1e3 : 1;
  const code = /USD|EUR|GBP|CHF/.exec(shown)?.[0] ?? signs[/[$€£]/.exec(shown)?.[0] ?? ""];
  const word = /(%|[A-Za-z][A-Za-z ]*)$/.exec(shown.replace(/ million$/, ""))?.[0];
  const [unit, factor] = code ? [code, 1] : (dress[word ?? ""] ?? [null, 1]);
  const sign = /[-\u2212]/.test(shown) ? -1 : 1;
  return { value: sign * Number(plain) * short * factor, step: 10 ** -places(plain) * short * factor, unit };
}

/** What a careful reader says of a case: which claims hold, which numbers of the text nothing holds, whether it is done. */
export function readAgain(each: ClaimsCase, asides: readonly string[]): ClaimsCase["expect"] {
  const { report } = each;
  const held = report.claims.filter((claim) => supported(each, claim));
  const comma = /^(vertriebsleitung|direction-marketing|operaciones|inkoop)$/.test(report.agent);
  let text = report.text;
  for (const aside of asides) text = text.replace(aside, "");
  for (const date of dates) text = text.replaceAll(date, "");
  const unsupportedNumbers = (text.match(number) ?? []).filter((shown) => {
    const { value, step, unit } = reading(shown, comma);
    return !held.some((claim) => {
      const [base, factor] = inBase(claim.unit);
      // The first number of a range leaves its unit to the second.
      const factors = unit === null ? [1, factor] : unit === base ? [factor] : [];
      return factors.some((by) => agrees(Number(claim.value) * by, value, step));
    });
  });
  const done = each.receipts.some(
    ({ status, task, tool }) => status === "succeeded" && task === report.task && each.tools[tool] !== "read",
  );
  return {
    claims: report.claims.map((claim) => (held.includes(claim) ? "supported" : "unsupported")),
    unsupportedNumbers,
    done: report.finishes ? (done ? "accepted" : "refused") : null,
  };
}
