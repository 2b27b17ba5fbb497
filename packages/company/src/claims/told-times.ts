/** A month or a day that a text names; the year where it stands beside. Half-open, in days of the year's calendar. */
export interface ToldTime {
  start: number;
  end: number;
  year: number | null;
  /** From nought. */
  month: number;
  day: number | null;
}

const months: readonly string[] = [
  "January|Jan\\.?|[Jj]anuar|[Jj]änner|[Jj]anvier|[Ee]nero|[Gg]ennaio|[Jj]aneiro|januari",
  "February|Feb\\.?|[Ff]ebruar|[Ff]évrier|[Ff]ebrero|[Ff]ebbraio|[Ff]evereiro|februari",
  "March|Mar\\.?|[Mm]ärz|[Mm]ars|[Mm]arzo|[Mm]arço|maart|marts",
  "April|Apr\\.?|[Aa]vril|[Aa]bril|[Aa]prile|april",
  "May|Mai|[Mm]ayo|[Mm]aggio|[Mm]aio|mei|maj|mai",
  "June|Jun\\.?|[Jj]uni|[Jj]uin|[Jj]unio|[Gg]iugno|[Jj]unho",
  "July|Jul\\.?|[Jj]uli|[Jj]uillet|[Jj]ulio|[Ll]uglio|[Jj]ulho",
  "August|Aug\\.?|[Aa]oût|[Aa]gosto|augustus|augusti|august",
  "September|Sept?\\.?|[Ss]eptembre|[Ss]eptiembre|[Ss]ettembre|[Ss]etembro|september",
  "October|Oct\\.?|[Oo]ktober|[Oo]ctobre|[Oo]ctubre|[Oo]ttobre|[Oo]utubro|oktober",
  "November|Nov\\.?|[Nn]ovembre|[Nn]oviembre|[Nn]ovembro|november",
  "December|Dec\\.?|[Dd]ezember|[Dd]écembre|[Dd]iciembre|[Dd]icembre|[Dd]ezembro|december|desember",
];
const named = months.map((names) => new RegExp(`^(?:${names})$`, "u"));
const month = `(?<month>${months.join("|")})(?!\\p{L})`;
const year = "(?:,?\\s+(?:de\\s+|del\\s+|of\\s+)?(?<year>(?:19|20)\\d{2})(?![\\d-]|[.,]\\d))?(?!\\d)";
const number = "(?<day>0?[1-9]|[12]\\d|3[01])";
const patterns: readonly RegExp[] = [
  /(?<![\p{N}-])(?<year>(?:19|20)\d{2})-(?<number>0[1-9]|1[0-2])-(?<day>0[1-9]|[12]\d|3[01])(?![\p{N}-])/gu,
  /(?<![\p{N}.,])(?<day>0?[1-9]|[12]\d|3[01])\.\s?(?<number>0?[1-9]|1[0-2])\.(?<year>(?:19|20)\d{2})?(?![\p{N}])/gu,
  new RegExp(`(?<![\\p{N}.,])${number}(?:st|nd|rd|th|\\.|er|º|\\.º)?\\s+(?:of\\s+|de\\s+)?${month}${year}`, "gu"),
  new RegExp(`(?<!\\p{L})${month}\\s+${number}(?:st|nd|rd|th)?(?![\\p{N}\\p{L}%€$£]|[.,:]\\d|\\s?[%€$£])${year}`, "gu"),
  new RegExp(`(?<![\\p{L}-])${month}${year}`, "gu"),
];

/** Pure: the days and months that a text names, with or without their year, in order; none within another. */
export function toldTimes(text: string): ToldTime[] {
  const found: ToldTime[] = [];
  for (const pattern of patterns)
    for (const match of text.matchAll(pattern)) {
      const groups = match.groups!;
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const at =
        groups["number"] === undefined ? named.findIndex((names) => names.test(groups["month"]!)) : Number(groups["number"]) - 1;
      const day = groups["day"] === undefined ? null : Number(groups["day"]);
      // "May" and "March" are words of their own, too; so are "mars" and "mai".
      if (day === null && groups["year"] === undefined && !leads(text, start, end)) continue;
      found.push({ start, end, year: groups["year"] === undefined ? null : Number(groups["year"]), month: at, day });
    }
  return found.toSorted((a, b) => a.start - b.start);
}

const before =
  /(?:^|[\n|:;,(–—]\s?|\bd[’']|\b(?:in|during|for|of|late|early|mid|im|vom|für|des|en|de|d[’']|au mois de|pour|durante|a|ad|di|nel|in|del|em|no mês de|i|over|last|this|closed|throughout|the|our|to|from|until|since|than|by|vs|and|against|with)\s)[*_]*$/iu;
const after = /^\s*(?:$|[:|,.;)–—*_\n]|\p{L})/u;

const leads = (text: string, start: number, end: number): boolean =>
  before.test(text.slice(Math.max(0, start - 14), start)) && after.test(text.slice(end, end + 3));
