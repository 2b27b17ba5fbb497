import { currencyWordsAbroad, multipliersAbroad, unitWordsAbroad } from "./abroad-words.ts";
import { spelledUnits } from "./measure-words.ts";

/** Signs and words beside a number, and what a claim would call them. */
export const currencySigns: Readonly<Record<string, string>> = {
  $: "USD",
  US$: "USD",
  C$: "CAD",
  A$: "AUD",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  "₿": "BTC",
  "₺": "TRY",
  "₽": "RUB",
  "₩": "KRW",
  "₴": "UAH",
  "₪": "ILS",
  "฿": "THB",
  R$: "BRL",
  "FR.": "CHF",
  "SFR.": "CHF",
};

export const currencyWords: Readonly<Record<string, string>> = {
  ...currencyWordsAbroad,
  kr: "kr",
  zł: "PLN",
  kč: "CZK",
  reais: "BRL",
  dollar: "USD",
  dollars: "USD",
  bucks: "USD",
  euro: "EUR",
  euros: "EUR",
  pounds: "GBP",
  francs: "CHF",
  yen: "JPY",
  rupees: "INR",
  cents: "USD_minor",
  pence: "GBP_minor",
};

/** Words by which several countries call their money. */
export const currenciesNamed: Readonly<Record<string, readonly string[]>> = {
  kr: ["SEK", "NOK", "DKK", "ISK"],
  kroner: ["NOK", "DKK"],
};

export const codes =
  "USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CNY|INR|BRL|MXN|NZD|SGD|HKD|KRW|ZAR|CZK|HUF|TRY|ILS|AED|THB|RUB|IDR|MYR|PHP|TWD|UAH|RON|BGN|ISK|KWD|SAR|ARS|CLP|COP|EGP|NGN|KES|VND|BTC|ETH";

/** The power of ten of a multiplier. */
export const multipliers: Readonly<Record<string, number>> = {
  ...multipliersAbroad,
  k: 3,
  thousand: 3,
  thousands: 3,
  tsd: 3,
  m: 6,
  mn: 6,
  mio: 6,
  mln: 6,
  million: 6,
  millions: 6,
  bn: 9,
  b: 9,
  mrd: 9,
  mld: 9,
  mill: 6,
  tys: 3,
  tis: 3,
  billion: 9,
  billions: 9,
  tn: 12,
  trillion: 12,
  trillions: 12,
};

/** Words of some language, too, that often stand behind a number: they are units only as a claim's own. */
const ambiguous = new Set(["ha", "mi", "ton", "chilo"]);
const measureWords = Object.fromEntries(Object.entries(spelledUnits).filter(([word]) => !ambiguous.has(word)));

export const unitWords: Readonly<Record<string, string>> = {
  ...unitWordsAbroad,
  ...measureWords,
  "%": "percent",
  "％": "percent",
  percent: "percent",
  "per cent": "percent",
  pct: "percent",
  proc: "percent",
  "percentage points": "percent",
  "percentage point": "percent",
  pp: "percent",
  "‰": "permille",
  bps: "bp",
  "basis points": "bp",
  ns: "ns",
  µs: "us",
  us: "us",
  microseconds: "us",
  nanoseconds: "ns",
  ms: "ms",
  msec: "ms",
  msecs: "ms",
  millisecond: "ms",
  milliseconds: "ms",
  millis: "ms",
  s: "s",
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  min: "min",
  mins: "min",
  minute: "min",
  minutes: "min",
  h: "h",
  hr: "h",
  hrs: "h",
  hour: "h",
  hours: "h",
  d: "d",
  day: "d",
  days: "d",
  wk: "wk",
  wks: "wk",
  week: "wk",
  weeks: "wk",
  byte: "B",
  bytes: "B",
  kb: "kB",
  kilobyte: "kB",
  kilobytes: "kB",
  mb: "MB",
  megabyte: "MB",
  megabytes: "MB",
  gb: "GB",
  gigabyte: "GB",
  gigabytes: "GB",
  tb: "TB",
  terabyte: "TB",
  terabytes: "TB",
  kib: "KiB",
  mib: "MiB",
  gib: "GiB",
  tib: "TiB",
};

/** Words that say that a change or a result goes down, before a number and after it. */
export const fallsBefore =
  /\b(?:down|fell|fallen|falls?|falling|dropp?(?:ed|ing|s)?|decreas\w*|declin\w*|lost|los[es]s?\w*|lower\w*|reduc\w*|shr[aiu]nk\w*|minus|negative|short|behind|deficit|shortfall|worse)\b[^.!?]{0,40}$|\($/iu;
export const fallsAfter =
  /^[\s)*_]{0,4}(?:down|lower|fewer|less|below|declines?|decrease|drop|loss|shortfall|behind|short|under|worse|in the red)\b/iu;
