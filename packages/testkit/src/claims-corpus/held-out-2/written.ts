import type { Chance } from "./chance.ts";
import { converted, equal, exact, fairlyRounded, over, rounded, unitsLike } from "./exact.ts";
import type { Language } from "./times.ts";

const marks: Record<Language, [group: string, point: string]> = {
  en: [",", "."],
  de: [".", ","],
  es: [".", ","],
  nl: [".", ","],
  fr: ["\u202f", ","],
  ch: ["'", "."],
};

export function grouped(decimal: string, language: Language): string {
  const [group, point] = marks[language];
  const [whole, part] = decimal.replace("-", "").split(".");
  const text = whole!.replace(/\B(?=(\d{3})+$)/g, group);
  return part === undefined ? text : `${text}${point}${part}`;
}

const symbols: Record<string, string> = { USD: "$", EUR: "€", GBP: "£" };
const words: Record<string, string[]> = {
  ms: [" ms", " milliseconds"],
  s: [" s", " seconds"],
  min: [" min", " minutes"],
  h: [" h", " hours"],
  d: [" days"],
  kB: [" kB"],
  MB: [" MB"],
  GB: [" GB"],
  percent: ["%", " %", " percent", " per cent"],
};

/** How a text dresses a number of that unit; `short` is k, M or million and stands directly behind the number. */
function dresses(unit: string, short: string, language: Language): ((digits: string, sign: string) => string)[] {
  if (unit === "count") return [(digits, sign) => `${sign}${digits}${short}`];
  if (unit === "percent" && language !== "en")
    return [language === "fr" ? "\u00a0%" : " %"].map((end) => (digits, sign) => `${sign}${digits}${end}`);
  if (unit in words)
    return (language === "en" ? words[unit]! : [words[unit]![0]!]).map((end) => (digits, sign) => `${sign}${digits}${end}`);
  const symbol = symbols[unit];
  const code = [
    (digits: string, sign: string) => `${sign}${digits}${short} ${unit}`,
    (digits: string, sign: string) => `${unit} ${sign}${digits}${short}`,
  ];
  if (language === "ch") return [code[1]!];
  if (language === "nl") return symbol ? [(digits, sign) => `${symbol} ${sign}${digits}${short}`] : code;
  if (!symbol) return code;
  if (language !== "en") return [(digits, sign) => `${sign}${digits}${short}${language === "fr" ? "\u00a0" : " "}${symbol}`];
  const before = (digits: string, sign: string): string => `${sign}${symbol}${digits}${short}`;
  return [before, before, before, ...code];
}

export interface Manner {
  language: Language;
  /** Exact, short (3.1k, 1.2 million), rounded (12 %), or in another unit of its family. */
  way: "as it is" | "short" | "rounded" | "converted";
}

/** The value as a text writes it, fair to both the fact and the claim; null where that way does not fit. */
export function written(values: readonly { value: string; unit: string }[], manner: Manner, by: Chance): string | null {
  const own = values[0]!.unit;
  const currency = /^[A-Z]{3}(_minor)?$/.test(own);
  const plain = currency ? own.slice(0, 3) : own === "ratio" ? "percent" : own;
  const others = unitsLike(plain).filter((unit) => unit !== plain && unit in words);
  const unit = manner.way === "converted" ? by.one(others) : plain;
  if (!unit) return null;
  const scale = manner.way === "short" ? by.one(["1000", "1000000"]) : "1";
  const most = manner.way === "as it is" ? [0, 1, 2] : manner.way === "short" ? [1, 2] : [0, 1];
  if (manner.way === "short" && !currency && own !== "count") return null;
  const inUnit = values.map(({ value, unit: from }) => over(converted(exact(value), from, unit)!, exact(scale)));
  const asItIs = most.find((each) => equal(exact(rounded(inUnit[0]!, each)), inUnit[0]!));
  const decimals = manner.way === "as it is" ? asItIs : by.one(currency && manner.way === "rounded" ? [0] : most);
  if (decimals === undefined) return null;
  // Nobody writes 10,228.0 parcels.
  if (asItIs !== undefined && decimals > asItIs) return null;
  const texts = inUnit.map((each) => fairlyRounded(each, decimals));
  const text = texts[0];
  if (!text || texts.some((each) => each !== text)) return null;
  if (scale !== "1" && (Math.abs(Number(text)) < 1 || Math.abs(Number(text)) >= 1000)) return null;
  if (manner.way === "converted" && (Math.abs(Number(text)) < 0.1 || Math.abs(Number(text)) > 9999)) return null;
  const short = scale === "1" ? "" : scale === "1000" ? "k" : by.one([" million", "M"]);
  const money = manner.way === "as it is" && currency && text.includes(".") ? text.replace(/\.(\d)$/, ".$10") : text;
  const sign = text.startsWith("-") ? by.one(["-", "\u2212"]) : "";
  return by.one(dresses(unit, short, manner.language))(grouped(money, manner.language), sign);
}
