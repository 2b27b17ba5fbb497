import {
  beforeYear,
  currencyWordsAbroad,
  monthsAbroad,
  multipliersAbroad,
  ofAbroad,
  ordinalAbroad,
  partsOfYear,
  unitWordsAbroad,
} from "./abroad-words.ts";
import { codes } from "./number-words.ts";

const months =
  `(?:${monthsAbroad}|` +
  "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?";
const ordinal = "(?:st|nd|rd|th)";
const day = `\\d{1,2}(?:${ordinal}|${ordinalAbroad})?`;
const of = `(?:(?:of|${ofAbroad})\\s*)?`;
const year = "(?:19|20)\\d{2}";
const clock =
  "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?!\\s?(?:[€$£¥%]|dollars?\\b|euros?\\b|pounds?\\b|cents\\b|(?:USD|EUR|GBP|CHF)\\b))";
/** 1:45 h is a length of time; 14:45 h, or one with a preposition before it, is an hour of the day. */
const duration =
  "(?<!\\b(?:at|from|until|to|by|um|ab|bis|gegen|las|à|om|kl\\.?|às|alle)\\s)\\d{1,3}:[0-5]\\d\\s?(?:h|hrs?|hours|Std\\.?|Stunden|min|minutes|Minuten)(?![\\p{L}])(?<!\\b1\\d:\\d\\d\\s?h|\\b2[0-3]:\\d\\d\\s?h)";
const zone = "(?:Z|UTC|GMT|CES?T|E[SD]T|P[SD]T|[+-]\\d{2}:?\\d{2})";
const dash = "(?:-|–|—|/|to|until|through|and|&)";
const spanned = (what: string): string => `${what}(?:\\s*${dash}\\s*${what})?`;
const money = "(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|US\\$)";
const eitherCase = (words: string[]): string =>
  words.map((word) => `[${word[0]!.toUpperCase()}${word[0]!}]${word.slice(1)}`).join("|");
const measures = eitherCase(["euro", "euros", ...[unitWordsAbroad, currencyWordsAbroad, multipliersAbroad].flatMap(Object.keys)]);
/** Units as they stand within a compound: a 40-percent rise, a 3-hour outage. */
const measureWords =
  "percent|point|pct|thousand|million|billion|fold|second|minute|hour|day|week|month|year|sec|min|hrs?|byte|megabyte|gigabyte|dollar|euro|pound|cent|franc|person|people|seat|customer|user|ticket|order";
/** What makes a number a quantity although it looks like something else. */
const noUnit = `(?!\\s*(?:%|percent\\b|per\\s?cent\\b|[€$£]|million\\b|thousand\\b|billion\\b|(?:${codes})\\b|(?:${measures})(?![\\p{L}])))`;

/** Code between backticks. */
export const inlineCode = /(`+)(?!`)(?:[^`]|(?!\1)`+)*?[^`]?\1(?!`)/gu;
/** A number with its words is no code, whatever marks stand around it. */
export const figureInCode = /^`+\s?[€$£]?\d[\d.,’]*(?:\s?[%€$£]|\s\p{L}{3,}(?:\s\p{L}{2,}){0,4})\s?`+$/u;

/** Addresses: what points somewhere says no number. */
export const addresses: readonly RegExp[] = [
  /\b[A-Z]{2}\d{2}(?:\s?[\dA-Z]{4}){3,7}(?:\s?[\dA-Z]{1,3})?\b/gu,
  /(?:[№§]\s?|!)\d+(?:\.\d+)*/gu,
  /\d\uFE0F?\u20E3/gu,
  /(?<![\p{L}\p{N}])\p{L}[\w.-]{0,80}(?:\/[\w.-]{1,80}){1,10}(?:\?[\w=&%.-]{1,200})?(?:#[\w-]{1,80})?/gu,
  /<(code|pre|kbd|samp)>[^\n]*?<\/\1>/giu,
  /<!--[^\n]*?-->/gu,
  /\]\([^)\s]*(?:\s+"[^"]*")?\)/gu,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>)\]]+/giu,
  /\bwww\.[^\s<>)\]]+/giu,
  /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+/gu,
  /\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.(?:com|org|net|io|dev|app|test|example|local|internal|de|eu|co|ai)(?::\d+)?(?:\/[^\s<>)\]]*)?/giu,
  /\blocalhost(?::\d+)?(?:\/[^\s<>)\]]*)?/giu,
  /(?<=^|\s)(?:~|\.{1,2})?(?:\/[\w.-]*[\p{L}_][\w.-]*){1,10}(?:[/?][\w./?=&%#-]*)?/gu,
  /\b[\w-]{1,80}\.(?:pdf|csv|xlsx?|docx?|png|jpe?g|svg|md|txt|json|ya?ml|ts|js|py|sql|zip|html?)\b/giu,
];

/** Names of things that hold digits. */
export const names: readonly RegExp[] = [
  // Addresses of machines; versions of three parts and more. Three digits after each point are groups, as in 1.234.567.
  /(?<![\p{L}\p{N}.,])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\p{L}\p{N}]|[.,]\d|\s*[%€$£])(?<!\d{1,3}(?:\.\d{3}){3})/gu,
  /(?<![\p{L}\p{N}.,])(?!\d{1,3}(?:\.\d{3})+(?![.\d]))v?\d+(?:\.\d+){2,}(?:[-+][\w.]+)?\b/giu,
  /(?<![\p{L}\p{N}.,])[vr]\d+(?:\.\d+)*(?:[-+][\w.]+)?\b(?!\s?[%‰€$£])/giu,
  /\b\d+(?:\.\d+)*\.x\b/giu,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/giu,
  /(?<![\p{L}\p{N}])[\p{L}\d/_.-]{0,80}#\d+\b/gu,
  new RegExp(`(?<![\\p{L}\\p{N}])(?!${money}-)\\p{L}[\\p{L}\\p{N}]{0,40}-\\d+(?:-\\d+)*\\b(?![.,]\\d)${noUnit}`, "gu"),
  /(?<![\p{L}\p{N}])[A-Z]{2,10}(?:\/\d+)+\b/gu,
  // Letters and digits in one word, but for a currency right before its amount.
  new RegExp(`(?<![\\p{L}\\p{N}])(?!${money}\\d)[\\p{L}_]{1,80}\\d[\\p{L}\\p{N}_]*`, "gu"),
  /\b(?=[0-9a-f]{0,64}[a-f])(?=[0-9a-f]{0,64}\d)[0-9a-f]{7,64}\b/gu,
  /\b24\/7\b/gu,
  // A number that begins with a nought is a name.
  /(?<![\p{L}\p{N}.,:$€£-]|\d[\s'’_])0\d+(?![.,'’]\d|:\d|\d*\s?[%€$£])\b/gu,
  /\b(?:version|release|ver\.?|Node(?:\.js)?|Python|Postgres(?:QL)?|Redis|React|TypeScript|Java|PHP|Ruby|Ubuntu|Debian|iOS|Android|Windows|macOS|Chrome|Firefox|Safari|TLS|HTTP|ISO|RFC|GPT|Claude|API|OAuth)[ -/]?v?\d+(?:\.\d+)*\b/giu,
  // Shares of a page, a screen, a film: a format, not a measurement.
  /(?<![\p{N}.,:])(?:16:9|9:16|16:10|21:9|4:3|3:4|3:2|2:3|4:5|1:1)(?![\p{N}:]|[.,]\d)/gu,
  // The most that a score can reach; the score before it is the number.
  /(?<=\d\s(?:out\s)?of\s)(?:5|10|100)(?![\p{L}\p{N}%]|[.,]\d|\s+(?!(?:in|for|this|last|on|at|by)\b)\p{L})/gu,
  /(?<=\d[.,]\d\s?\/\s?)(?:5|10|100)(?![\p{L}\p{N}%]|[.,]\d)/gu,
  // Ages, as groups of people are named by them.
  /(?<=\b(?:aged?|ages|people|adults?|users|wom[ae]n|m[ae]n|readers|viewers)\s)\d{2}(?:\s?[-–]\s?\d{2}|\+)(?![\p{L}\p{N}%]|[.,]\d)/giu,
  // What something is like: a 2-sided test, a 55-inch screen; lengths of time where they are its terms.
  new RegExp(`(?<![\\p{L}\\p{N}.,$€£])\\d{1,4}-(?!(?:${measureWords})(?![\\p{L}]))\\p{Ll}{3,20}(?=\\s+\\p{L})`, "gu"),
  /(?<![\p{L}\p{N}.,$€£])\d{1,3}-(?:second|minute|hour|day|week|month|year)(?=\s+(?:free\s+)?(?:version|spot|clip|video|teaser|cut|trial|window|period|notice|guarantee|term|limit|deadline|plan|pass|contract|shift|rule|cycle|retention|cool(?:ing)?|subscription)\b)/giu,
];

/** Days, times, years, quarters. */
export const whens: readonly RegExp[] = [
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?Z|\s?[+-]\d{2}:?\d{2})?)?\b/gu,
  new RegExp(`\\b${year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:T\\d{4,6}Z?)?\\b`, "gu"),
  new RegExp(`\\b${year}[-/.](?:0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\\d|3[01]))?\\b(?![.,]?\\d)`, "gu"),
  new RegExp(`(?<!\\d[./-])\\b\\d{1,2}[./-]\\d{1,2}[./-](?:${year}|\\d{2})\\b(?![.,]?\\d)`, "gu"),
  /(?<![\p{N}.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=[,;:)]|\s+\p{Ll})/gu,
  /(?<=\b(?:am|on|bis|vom|zum|seit)\s)(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.(?!\d)/gu,
  new RegExp(`\\b(?:0?[1-9]|1[0-2])[/.-]${year}\\b`, "gu"),
  new RegExp(`\\b\\d{1,2}-${months}-(?:${year}|\\d{2})\\b`, "giu"),
  new RegExp(`(?<=\\b(?:from|between|vom|du|del|dal)\\s)${day}(?=\\.?\\s*${dash}\\s*${day}\\.?\\s+${of}${months})`, "gu"),
  new RegExp(
    `(?<![\\d.,])\\b${day}\\.?(?:[-–]|\\s(?:to|bis|au|al|till|til)\\s)${day}\\.?\\s+${of}${months}(?:,?\\s+${of}${year})?(?![\\p{L}\\p{N}])`,
    "gu",
  ),
  new RegExp(`\\b${spanned(`${day}\\.?\\s+${of}${months}`)}(?:,?\\s+${of}${year}|\\s+[’']\\d{2})?(?![\\p{L}\\p{N}])`, "gu"),
  new RegExp(`\\b${spanned(day)}\\.?\\s+${of}${months}(?:,?\\s+${of}${year}|\\s+[’']\\d{2})?(?![\\p{L}\\p{N}])`, "gu"),
  new RegExp(`\\b${months}\\s+${spanned(day)}(?:,?\\s+${year})?\\b(?![.,]?\\d|\\s*%)`, "gu"),
  new RegExp(`\\b${months},?\\s+${of}(?:${year}|[’']\\d{2})\\b`, "gu"),
  new RegExp(`(?<!\\d)(?!${duration})\\b${spanned(clock)}(?:\\s?h\\b)?(?:\\s?[ap]\\.?m\\.?(?![\\p{L}]))?(?:\\s?${zone})?`, "giu"),
  /\b\d{1,2}(?:\.\d{2})?\s?(?:a\.m\.|p\.m\.|am|pm|o[’']clock|Uhr)(?![\p{L}\p{N}])/giu,
  /\b(?:quarter|half|five|ten|twenty|\d{1,2})\s(?:past|to)\s\d{1,2}\b(?![.,]?\d|\s*(?:%|\p{L}))/giu,
  /\b0\d\.\d{2}\b(?=\s+(?:on|h|hrs|hours|Uhr|CET|CEST|UTC)\b)/gu,
  /\b0[1-9]\/\d{2}\b(?!\/)/gu,
  new RegExp(`\\b${months}[-/](?:${year}|\\d{2})\\b`, "gu"),
  new RegExp(`\\b(?:KW|CW|W|wk|week|Woche|semaine|semana|settimana|vecka|uke|uge)\\.?\\s?\\d{1,2}\\s?[/-]\\s?${year}\\b`, "giu"),
  // Day and month alone, where a preposition of time leads to them.
  /(?<=\b(?:on|by|until|till|since|before|after|due|review:|from|to|am|bis|vom|zum|le|du|au|el|al|del|a|den|d\.)\s)(?:(?:0?[1-9]|1[0-2])\/(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])\/(?:0?[1-9]|1[0-2]))(?![\p{L}\p{N}/%]|[.,]\d|\s+(?:of|der|des|de\slos|checks?|tests?)\b)/giu,
  /\b\d{1,2}\s?h\s?\d{2}\b(?!\s*(?:m|min))/gu,
  /(?<=(?<!\p{L})kl\.?\s)\d{1,2}(?:[.:]\d{2})?(?![\d.,]*\d)/giu,
  // Parts of a year in other languages: 2. Quartal 2026, 1er trimestre de 2026, Quartal 2/2026, T2 2026.
  new RegExp(
    `(?<![\\p{L}\\p{N}.,])(?:[1-4]\\s?${ordinalAbroad}?|I{1,3}|IV)\\s+(?:${partsOfYear})(?:,?\\s+${of}${year})?(?![\\p{L}\\p{N}])`,
    "giu",
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${partsOfYear})\\s+(?:[1-4]|I{1,3}|IV)(?:\\s?/\\s?|\\s+${of})?(?:${year})?(?![\\p{L}\\p{N}]|[.,]\\d)`,
    "giu",
  ),
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${partsOfYear}|${beforeYear})\\s+${of}${year}(?![\\p{L}\\p{N}]|[.,’']\\d)${noUnit}`, "giu"),
  new RegExp(`\\b(?:[TSK][1-4]|[1-4][TSK])[ /-]?${of}${year}\\b`, "gu"),
  new RegExp(
    "(?<=(?<![\\p{L}])(?:om|um|gegen|ab|à|vers|(?:a )?las?|alle|às|at|kl\\.)\\s)\\d{1,2}(?:[.:h]\\d{2})?\\s?(?:Uhr|uur|h|heures|horas|ore)(?![\\p{L}\\p{N}])",
    "giu",
  ),
  /\b(?:UTC|GMT)\s?[+-]\d{1,2}(?::\d{2})?\b/gu,
  new RegExp(`\\b(?:Q[1-4]|H[12]|FY|CY|[1-4]Q|[12]H)(?:[ /’'-]{0,2}(?:${year}|\\d{2}))?(?:[/-]\\d{2})?(?![\\p{L}\\p{N}])`, "gu"),
  new RegExp(`\\b${year}[ /-]?(?:Q[1-4]|H[12]|W\\d{1,2})\\b`, "gu"),
  new RegExp(`\\b${year}s\\b|(?<![\\p{L}\\p{N}])[’']\\d{2}s?\\b`, "gu"),
  new RegExp(`\\b${year}\\s?(?:-|–|/)\\s?(?:${year}|\\d{2})\\b(?![.,]\\d)${noUnit}`, "gu"),
  new RegExp(
    "\\b(?:in|since|during|until|till|by|before|after|from|through|throughout|for|vs\\.?|versus|than|against|years?|fiscal|calendar|late|early|mid|" +
      `spring|summer|autumn|fall|winter|end|start|beginning|half|quarter|season|class|copyright|©)(?:\\s+of)?[\\s-]+${year}\\b(?![.,]\\d)${noUnit}`,
    "giu",
  ),
  new RegExp(`\\(${year}\\)|(?<=^[\\s#>*-]{0,12})${year}(?=:|\\s*$)|\\b${year}[’']s\\b`, "gmu"),
  new RegExp(
    `\\b${year}(?=(?:[’']s)?\\s+(?:budget|plan|report|season|edition|roadmap|goals?|targets?|strategy|fiscal|calendar|year|figures?|numbers|review|campaign|annual|level|baseline|was a|is a)\\b)`,
    "giu",
  ),
  new RegExp(`\\b\\d+(?:,\\d{3})*${ordinal}\\b`, "giu"),
];

export const phones: readonly RegExp[] = [
  /(?<![\p{L}\p{N}.,])(?:\+\d|00[1-9])\d{0,2}[\s.()/-]*\d(?:[\s.()/-]{0,3}\d){5,13}(?!\d)/gu,
  /\(\d{3,5}\)\s?\d{3,}(?:[\s-]\d{2,}){0,4}/gu,
  /(?<![\d.,$€£-])\b(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}\b/gu,
  /(?<![\d.,$€£-])\b\d{3}-\d{4}\b(?!\s*%)/gu,
  /(?<![\d.,]|\d[\s\u00A0\u202F])\b0\d{2,5}[\s/-]\d{3,}(?:[\s-]?\d{1,8}){0,4}\b/gu,
  /(?<=\b(?:tel|phone|fax|call|dial|mobile|number is)\b[:.]?\s{0,2})\d(?:[\s.()/-]?\d){5,14}\b/giu,
];

/** Numbers of list items, headings, footnotes. */
export const lists: readonly RegExp[] = [
  /^[\s>]{0,40}(?:[-*+]\s{1,4})?(?:\[[ xX]\]\s)?(?:\*\*|__)?\(?\d{1,3}(?:\.\d{1,3}){0,4}[.):]{1,2}(?:\*\*|__)?(?=\s|$)/gmu,
  /^[\s>]{0,40}\d{1,2}\s?[-–—/]\s(?=\p{L})/gmu,
  /^#{1,6}\s{1,4}(?:\d{1,3}(?:\.\d{1,3}){0,4}[.):]|\d{1,3}(?:\.\d{1,3}){1,4}|\d{1,2}(?=\s+\p{Lu}))(?=\s+\p{L})/gmu,
  /^[\s>]{0,20}\d{1,3}(?:\.\d{1,3}){1,4}(?=\s+\p{Lu})/gmu,
  /\[\^?\d{1,3}\](?!\()/gu,
  /(?<=\s|^)\(\d{1,2}\)(?=\s+\p{L})/gmu,
];

/** Four digits that may be a year; nothing around them says that they are an amount. */
export const bareYear = new RegExp(`(?<![\\p{L}\\p{N}.,$€£¥#/-])${year}(?![\\p{L}\\p{N}_]|[.,]\\d|[-–/]\\d)${noUnit}`, "gu");
/** Before it: words after which a quantity stands. */
export const measuresBefore =
  /(?:\b(?:was|were|is|are|be|been|reach(?:ed|es)?|hits?|at|to|saw|sees?|had|have|has|counted|counts?|recorded|measured|sold|got|totals?|totall?ed|of|by|about|around|approximately|roughly|nearly|almost|exactly|only|just|with|made|makes?|shows?|served|sent|handled|some)|[:=|~≈<>*_])\s*$/iu;
/** Before it: "of" that leads to a year. */
export const partOfYear =
  /(?:\uFFFC|\b(?:quarters?|half|halves|months?|years?|all|whole|rest|weeks?|end|start|beginning|course|part|most|spring|summer|autumn|fall|winter|remainder|days?|close|lists?|editions?|laws?|acts?|reports?|plans?|contracts?|agreements?|versions?))\s+of(?:\s+the\s+year)?\s*$/iu;
/** After it: a thing that is counted. */
export const countedAfter = /^\s+(?!(?:was|has|is|its|this|vs)\b)(?:\p{Ll}{2,20}\s)?\p{Ll}{2,30}(?:s|people)\b/u;
