/** Days as text (2026-03-14) in UTC, both included. */
export interface Days {
  from: string;
  to: string;
}

const months = "january february march april may june july august september october november december".split(" ");
const weekdays = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const numbers = "zero one two three four five six seven eight nine ten".split(" ");
const monthWord =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const dayMs = 86_400_000;
const spansMax = 8;
const none = new Date(Number.NaN);

type Span = [from: Date, to: Date] | null;
interface Rule {
  pattern: string;
  read(words: (string | undefined)[], today: Date): Span;
}

const iso = (date: Date): string => date.toISOString().slice(0, 10);
const shift = (date: Date, days: number): Date => new Date(date.getTime() + days * dayMs);
const monthOf = (word: string): number => months.findIndex((name) => name.startsWith(word.slice(0, 3).toLowerCase()));
const monday = (today: Date): Date => shift(today, -((today.getUTCDay() + 6) % 7));

function day(year: number, month: number, date: number): Date {
  const made = new Date(Date.UTC(year, month, date));
  return made.getUTCMonth() === month ? made : none;
}

/** That day of the year in which it is nearest. */
function nearest(month: number, date: number, today: Date): Date {
  const year = today.getUTCFullYear();
  const all = [year - 1, year, year + 1].map((each) => day(each, month, date)).filter((each) => !Number.isNaN(each.getTime()));
  return all.toSorted((a, b) => Math.abs(a.getTime() - today.getTime()) - Math.abs(b.getTime() - today.getTime()))[0] ?? none;
}

function dated(month: number, date: number, year: string | undefined, today: Date): Span {
  const one = year ? day(Number(year), month, date) : nearest(month, date, today);
  return [one, one];
}

function wholeMonth(part: string | undefined, word: string, year: string | undefined, today: Date): Span {
  const month = monthOf(word);
  const in_ = year ? Number(year) : nearest(month, 15, today).getUTCFullYear();
  const [first, last] = [day(in_, month, 1), new Date(Date.UTC(in_, month + 1, 0))];
  if (part === "early") return [first, shift(first, 10)];
  if (part === "mid") return [shift(first, 9), shift(first, 19)];
  return [part === "late" ? shift(first, 19) : first, last];
}

const steps: Record<string, number> = { last: -1, this: 0, next: 1 };
const offsets: Record<string, number> = { today: 0, yesterday: -1, tomorrow: 1, "the day before yesterday": -2 };

function weekday(how: string, name: string, today: Date): Span {
  const ahead = (weekdays.indexOf(name) - today.getUTCDay() + 7) % 7;
  const one = shift(today, how === "last" ? ahead - 7 : how === "next" && ahead === 0 ? 7 : ahead);
  return [one, one];
}

function ago(count: string, unit: string, today: Date): Span {
  const many = /\d/.test(count) ? Number(count) : numbers.indexOf(count);
  const [days, slack] = unit === "day" ? [1, 0] : unit === "week" ? [7, 3] : [30, 10];
  const back = shift(today, -many * days);
  return [shift(back, -slack), shift(back, slack)];
}

/** What is read first is not read again as something shorter. All words come in lower case. */
const rules: readonly Rule[] = [
  { pattern: "(\\d{4})-(\\d{2})-(\\d{2})", read: ([y, m, d], today) => dated(Number(m) - 1, Number(d), y, today) },
  {
    pattern: `(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${monthWord}(?:,? (\\d{4}))?`,
    read: ([d, m, y], today) => dated(monthOf(m!), Number(d), y, today),
  },
  {
    pattern: `${monthWord} (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`,
    read: ([m, d, y], today) => dated(monthOf(m!), Number(d), y, today),
  },
  {
    // "May" and "march" by themselves are words more often than months.
    pattern: `(?:(early|mid|late)[- ]|(?:in|of|during|since|by|last|this|next|until|from) )${monthWord}(?: (\\d{4}))?`,
    read: ([part, m, y], today) => wholeMonth(part, m!, y, today),
  },
  {
    pattern: "(january|february|april|june|july|august|september|october|november|december)",
    read: ([m], today) => wholeMonth(undefined, m!, undefined, today),
  },
  {
    pattern: "(the day before yesterday|today|yesterday|tomorrow)",
    read: ([word], today) => [shift(today, offsets[word!]!), shift(today, offsets[word!]!)],
  },
  {
    pattern: "(last|this|next) week",
    read: ([which], today) => [shift(monday(today), 7 * steps[which!]!), shift(monday(today), 7 * steps[which!]! + 6)],
  },
  {
    pattern: "(last|this|next) month",
    read: ([which], today) => {
      const [year, month] = [today.getUTCFullYear(), today.getUTCMonth() + steps[which!]!];
      return [new Date(Date.UTC(year, month, 1)), new Date(Date.UTC(year, month + 1, 0))];
    },
  },
  { pattern: `(last|next|on|this) (${weekdays.join("|")})`, read: ([how, name], today) => weekday(how!, name!, today) },
  {
    pattern: `(\\d{1,3}|${numbers.join("|")}) (day|week|month)s? ago`,
    read: ([count, unit], today) => ago(count!, unit!, today),
  },
];

/**
 * Pure: the days that a text speaks of, as seen on `now`'s day: "14 March", "March 14, 2026", "2026-03-14", "in March", "yesterday",
 * "last week", "next Monday", "3 days ago". A month or day without a year is the nearest one. At most eight, in the text's order.
 */
export function daysIn(text: string, now: Date): Days[] {
  const today = new Date(`${iso(now)}T00:00:00Z`);
  const lower = text.toLowerCase();
  const spans: { at: number; end: number; days: Days }[] = [];
  for (const { pattern, read } of rules) {
    for (const match of lower.matchAll(new RegExp(`\\b${pattern}(?![\\w-])`, "g"))) {
      const [at, end] = [match.index, match.index + match[0].length];
      const span = spans.some((each) => at < each.end && end > each.at) ? null : read(match.slice(1), today);
      if (span && !Number.isNaN(span[0].getTime())) spans.push({ at, end, days: { from: iso(span[0]), to: iso(span[1]) } });
    }
  }
  return spans
    .toSorted((a, b) => a.at - b.at)
    .slice(0, spansMax)
    .map((span) => span.days);
}

const listedMax = 31;

/** The single days of what a text speaks of, for the column `days`; a span longer than a month is left out. */
export function dayList(days: Days[]): string[] {
  const all = new Set<string>();
  for (const { from, to } of days) {
    const count = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
    if (count > listedMax) continue;
    for (let at = 0; at < count; at += 1) all.add(iso(shift(new Date(from), at)));
  }
  return [...all].slice(0, 62);
}
