/** A span of time that a text names, half-open, in UTC. */
export interface NamedPeriod {
  from: number;
  to: number;
  start: number;
  end: number;
  /** Words before it say that something began, ended or is compared there, not that it was measured over it. */
  aside: boolean;
}

const months = [
  "jan(?:uar[iy]?|vier|eiro)?|jänner|enero|gennaio",
  "feb(?:ruar[iy]?|rero|braio)?|février|fevereiro",
  "mar(?:ch|s|zo|ço)?|märz|maart",
  "apr(?:ile?)?|avril|abril",
  "may|mai|mayo|maggio|maio|mei|maj",
  "june?|juni|juin|junio|giugno|junho",
  "july?|juli|juillet|julio|luglio|julho",
  "aug(?:ust(?:us|i)?)?|août|agosto",
  "sept?(?:ember|embre|iembre)?|settembre|setembro",
  "o[ck]t(?:ober|obre|ubre)?|ottobre|outubro",
  "nov(?:ember|embre|iembre|embro)?",
  "de[cz](?:ember)?|décembre|diciembre|dicembre|dezembro|desember",
].map((names) => new RegExp(`^(?:${names})$`, "iu"));

const year = "(?<year>(?:19|20)\\d{2})";
const patterns: {
  pattern: RegExp;
  span: (groups: Record<string, string | undefined>) => [first: number, count: number] | null;
}[] = [
  {
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?<month>\\p{L}{3,10})\\.?,?\\s+(?:de\\s+|of\\s+)?${year}(?![\\p{N}]|[.,]\\d)`, "gu"),
    span: ({ month }) => {
      const at = months.findIndex((names) => names.test(month!));
      return at < 0 ? null : [at, 1];
    },
  },
  {
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])[QT](?<part>[1-4])[ /-]?(?:de\\s+)?${year}(?![\\p{N}]|[.,]\\d)`, "gu"),
    span: ({ part }) => [(Number(part) - 1) * 3, 3],
  },
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(?<part>[1-4])(?:st|nd|rd|th|er|e|\\.|º|\\.º)?\\s+(?:quarter|Quartal|trimestre|kwartaal|kvartal)\\s+(?:of\\s+|de\\s+)?${year}(?![\\p{N}]|[.,]\\d)`,
      "giu",
    ),
    span: ({ part }) => [(Number(part) - 1) * 3, 3],
  },
  {
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])H(?<part>[12])[ /-]?${year}(?![\\p{N}]|[.,]\\d)`, "gu"),
    span: ({ part }) => [(Number(part) - 1) * 6, 6],
  },
];

/** A day before the month: the day is named, not the month. */
const dayBefore = /\d{1,2}(?:st|nd|rd|th|\.|º)?\s+(?:of\s+|de\s+)?$/u;
const asideBefore =
  /(?:\b(?:since|from|until|till|to|by|before|after|than|vs\.?|versus|against|agreed|decided|published|dated|starting|compared\s+(?:to|with)|depuis|avant|après|seit|bis|ab|vor|nach|desde|hasta|dal|fino a|sinds|tot|sedan|siden|früher|gegenüber)|[(,–-])\s*(?:in\s+|on\s+|the\s+)?$/iu;

/** Pure: months, quarters and half years that a text names with their year. */
export function namedPeriods(text: string): NamedPeriod[] {
  const found: NamedPeriod[] = [];
  for (const { pattern, span } of patterns)
    for (const match of text.matchAll(pattern)) {
      const within = span(match.groups!);
      const before = text.slice(Math.max(0, match.index - 40), match.index);
      if (!within || dayBefore.test(before)) continue;
      const own = Number(match.groups!["year"]);
      const [first, count] = within;
      found.push({
        from: Date.UTC(own, first, 1),
        to: Date.UTC(own, first + count, 1),
        start: match.index,
        end: match.index + match[0].length,
        aside: asideBefore.test(before),
      });
    }
  return found.toSorted((a, b) => a.start - b.start);
}
