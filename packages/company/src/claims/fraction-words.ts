/** A share or a part of a large number in words: "two thirds of them", "half a million". */
export interface FractionWords {
  value: number;
  start: number;
  end: number;
  /** The whole, of a share; null where it is an amount of its own. */
  of: number | null;
}

/** Of these spans people take halves and quarters to tell the time. */
const time =
  "(?:an?\\s|the\\s|der\\s|des\\s|die\\s|de\\s(?:la\\s|l[’'])?|d[’']|del(?:la)?\\s|dell[’']|di\\s)?(?:first\\s)?(?:second|minute|hour|day|week|month|quarter|year|decade|century|season|way|time|Stunde|Tag|Woche|Monat|Jahr|Weg|Zeit|heure|jour|semaine|mois|année|an(?!\\p{L})|hora|día|semana|mes|año|ora|giorno|settimana|mese|anno|dia|mês|ano|uur|dag|maand|jaar)";
const of = `\\s(?:of|der|des|aller|unserer?|von|des|de|du|d[’']|del|dell[ae’']|di|dei|degli|da|do|van)(?![\\p{L}])(?!\\s?(?:${time}|it(?!\\p{L})))`;

/** "Half of them within 2 s" tells a median. */
const noMedian =
  "(?![^.;:!?]{0,60}\\b(?:within|under|below|above|less|more|over|at\\smost|at\\sleast|faster|slower|longer|shorter)(?!\\p{L}))";

/** A denominator, by how many and in which words. */
const shares: readonly { words: string; value: number; of: number }[] = [
  {
    words: `(?:a|one)[ -]third(?=${of})|ein(?:em)?\\sDrittel|un\\stiers(?=${of})|un\\stercio(?=${of})|un\\sterzo(?=${of})|um\\sterço(?=${of})|een\\sderde(?=${of})`,
    value: 1,
    of: 3,
  },
  {
    words: `two[ -]thirds|zwei\\sDrittel(?:n)?|deux\\stiers|dos\\stercios|due\\sterzi|dois\\sterços|twee\\sderde`,
    value: 2,
    of: 3,
  },
  {
    words: `(?:a|one)[ -]quarter(?=${of})|ein(?:em)?\\sViertel(?=${of})|un\\squart(?=${of})|un\\squarto(?=${of})|um\\squarto(?=${of})|een\\skwart(?=${of})`,
    value: 1,
    of: 4,
  },
  {
    words: `three[ -]quarters(?=${of})|drei\\sViertel(?=${of})|trois\\squarts(?=${of})|tres\\scuart(?:os|as\\spartes)(?=${of})|tre\\squarti(?=${of})|driekwart(?=${of})`,
    value: 3,
    of: 4,
  },
  { words: `(?:a|one)[ -]fifth(?=${of})|ein(?:em)?\\sFünftel`, value: 1, of: 5 },
  { words: `two[ -]fifths|zwei\\sFünftel`, value: 2, of: 5 },
  { words: `three[ -]fifths|drei\\sFünftel`, value: 3, of: 5 },
  { words: `four[ -]fifths|vier\\sFünftel`, value: 4, of: 5 },
  { words: `(?:a|one)[ -]tenth(?=${of})|ein(?:em)?\\sZehntel`, value: 1, of: 10 },
  {
    words: `(?<!(?:first|second|other|this|that|last|next|each|the|one|top|bottom)\\s)half(?=\\sof\\s(?:the|our|all|them|those|these|their)\\s(?!${time})${noMedian})|(?<!\\p{L})half(?=\\sof\\sthem(?!\\p{L}))|(?:die\\s)?Hälfte(?=${of})|(?:la\\s)?moitié(?=${of})|(?:la\\s)?mitad(?=${of})|(?:la\\s)?metà(?=${of})|(?:a\\s)?metade(?=${of})|(?:de\\s)?helft(?=${of})`,
    value: 1,
    of: 2,
  },
];
const share = new RegExp(shares.map(({ words }, at) => `(?<s${at}>(?<!\\p{L})(?:${words})(?!\\p{L}))`).join("|"), "giu");

const amounts: readonly { words: string; value: number }[] = [
  { words: "(?:one[ -]and[ -]a[ -]half|eineinhalb|anderthalb)\\s(?:million|Millionen)", value: 1_500_000 },
  {
    words:
      "half[ -]a[ -]million|(?:eine[nr]?\\s)?halbe[nr]?\\sMillion|un\\sdemi-million|medio\\smillón|mezzo\\smilione|meio\\smilhão|(?:een\\s)?half\\smiljoen",
    value: 500_000,
  },
  { words: "half[ -]a[ -]billion|(?:eine[nr]?\\s)?halbe[nr]?\\sMilliarde", value: 500_000_000 },
  { words: "a[ -]quarter(?:[ -]of)?[ -]a[ -]million|(?:eine\\s)?Viertelmillion", value: 250_000 },
  { words: "a[ -]quarter(?:[ -]of)?[ -]a[ -]billion", value: 250_000_000 },
  {
    words: `(?:twice|double)(?=\\s(?:as\\s(?:many|much|high|long)|last|what|(?:the|our)\\s(?:number|amount|figure|usual|average|volume)))`,
    value: 2,
  },
  {
    words: `(?:three\\stimes|triple)(?=\\s(?:as\\s(?:many|much|high|long)|last|what|(?:the|our)\\s(?:number|amount|figure|usual|average|volume)))`,
    value: 3,
  },
];
const amount = new RegExp(amounts.map(({ words }, at) => `(?<a${at}>(?<!\\p{L})(?:${words})(?!\\p{L}))`).join("|"), "giu");

/** Pure: fractions in words of a line whose names and dates are covered. */
export function fractionWords(line: string): FractionWords[] {
  const found: FractionWords[] = [];
  for (const match of line.matchAll(amount)) {
    const at = amounts.findIndex((_, index) => match.groups![`a${index}`] !== undefined);
    found.push({ value: amounts[at]!.value, start: match.index, end: match.index + match[0].length, of: null });
  }
  for (const match of line.matchAll(share)) {
    const end = match.index + match[0].length;
    if (found.some((other) => match.index < other.end && other.start < end)) continue;
    const at = shares.findIndex((_, index) => match.groups![`s${index}`] !== undefined);
    found.push({ value: shares[at]!.value, start: match.index, end, of: shares[at]!.of });
  }
  return found;
}
