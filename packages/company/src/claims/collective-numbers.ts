/** A number as a noun: "une quarantaine de tartes", "half a dozen returns". It says that number and no range around it. */
export interface CollectiveNumber {
  value: number;
  start: number;
  end: number;
}

const nouns: Readonly<Record<string, number>> = {
  dizaine: 10,
  douzaine: 12,
  quinzaine: 15,
  vingtaine: 20,
  trentaine: 30,
  quarantaine: 40,
  cinquantaine: 50,
  soixantaine: 60,
  centaine: 100,
  decena: 10,
  docena: 12,
  quincena: 15,
  veintena: 20,
  treintena: 30,
  cuarentena: 40,
  cincuentena: 50,
  centena: 100,
  centenar: 100,
  decina: 10,
  dozzina: 12,
  quindicina: 15,
  ventina: 20,
  trentina: 30,
  quarantina: 40,
  cinquantina: 50,
  sessantina: 60,
  centinaio: 100,
  dezena: 10,
  dúzia: 12,
  quinzena: 15,
  vintena: 20,
  dutzend: 12,
  tiental: 10,
  dozijn: 12,
  vijftiental: 15,
  twintigtal: 20,
  dertigtal: 30,
  veertigtal: 40,
  honderdtal: 100,
  dussin: 12,
  tjog: 20,
};
const times: Readonly<Record<string, number>> = {
  une: 1,
  un: 1,
  una: 1,
  uma: 1,
  um: 1,
  ein: 1,
  een: 1,
  ett: 1,
  deux: 2,
  dos: 2,
  due: 2,
  duas: 2,
  zwei: 2,
  twee: 2,
  två: 2,
  trois: 3,
  tres: 3,
  tre: 3,
  três: 3,
  drei: 3,
  drie: 3,
  vier: 4,
  quatre: 4,
};
const collective = new RegExp(
  `(?<!\\p{L})(?<times>${Object.keys(times).join("|")})\\s(?:petite\\s|bonne\\s|gute[ns]?\\s)?(?<noun>${Object.keys(nouns).join("|")})s?(?=\\s(?:d[eio]s?|di|van)\\s\\p{L}|\\s?d[’']\\p{L}|\\s\\p{Lu}|\\s\\p{Ll}{3,}(?:en|s|r)(?!\\p{L}))`,
  "giu",
);
/** "A dozen left" is a way of speaking; what is counted stands in the plural. A fortnight is a time. */
const dozen = /(?<!\p{L})(?<half>half\s)?a\s(?:half\s)?dozen(?=\s+(?:\p{Ll}{3,20}\s)?\p{Ll}{2,20}s(?!\p{L})|\s+people\b)/giu;
const fortnight = /^\s?(?:de\s(?:jours|días)|di\sgiorni)(?!\p{L})/iu;

/** Pure: the collective numbers of a line whose names and dates are covered. */
export function collectiveNumbers(line: string): CollectiveNumber[] {
  const found: CollectiveNumber[] = [];
  for (const match of line.matchAll(collective)) {
    const end = match.index + match[0].length;
    if (fortnight.test(line.slice(end))) continue;
    const value = times[match.groups!["times"]!.toLowerCase()]! * nouns[match.groups!["noun"]!.toLowerCase()]!;
    found.push({ value, start: match.index, end });
  }
  for (const match of line.matchAll(dozen))
    found.push({ value: /half/i.test(match[0]) ? 6 : 12, start: match.index, end: match.index + match[0].length });
  return found;
}
