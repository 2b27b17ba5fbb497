/** Days as text (2026-03-14) in UTC, both included. */
export interface Days {
  from: string;
  to: string;
}

const months = "january february march april may june july august september october november december".split(" ");
const weekdays = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const dayMs = 86_400_000;
const found = 8;

const iso = (date: Date): string => date.toISOString().slice(0, 10);
const shift = (date: Date, days: number): Date => new Date(date.getTime() + days * dayMs);
const monthOf = (word: string): number => {
  const lower = word.toLowerCase().replace(".", "");
  return lower.length < 3
    ? -1
    : months.findIndex((name) => name === lower || name.slice(0, 3) === lower || (lower === "sept" && name === "september"));
};
const monthWord =
  "(jan(?:uary|\\.)?|feb(?:ruary|\\.)?|mar(?:ch|\\.)?|apr(?:il|\\.)?|may|june?|july?|aug(?:ust|\\.)?|sept?(?:ember|\\.)?|oct(?:ober|\\.)?|nov(?:ember|\\.)?|dec(?:ember|\\.)?)";

/**
 * Pure: the days that a text speaks of, as seen on `now`'s day: "14 March", "March 14, 2026", "2026-03-14", "in March", "yesterday",
 * "last week", "next Monday", "3 days ago". A month or day without a year is the nearest one. At most eight, in the text's order.
 */
export function daysIn(text: string, now: Date): Days[] {
  const today = new Date(`${iso(now)}T00:00:00Z`);
  const spans: { at: number; end: number; days: Days }[] = [];
  const add = (at: number, end: number, from: Date, to: Date): void => {
    if (Number.isNaN(from.getTime()) || spans.some((span) => at < span.end && end > span.at)) return;
    spans.push({ at, end, days: { from: iso(from), to: iso(to) } });
  };
  const each = (pattern: string, use: (match: RegExpExecArray, at: number, end: number) => void): void => {
    for (const match of text.matchAll(new RegExp(`\\b${pattern}(?![\\w-])`, "gi")))
      use(match, match.index, match.index + match[0].length);
  };
  const day = (year: number, month: number, date: number): Date => {
    const made = new Date(Date.UTC(year, month, date));
    return made.getUTCMonth() === month ? made : new Date(Number.NaN);
  };
  const nearest = (month: number, date: number): Date => {
    const year = today.getUTCFullYear();
    const all = [year - 1, year, year + 1]
      .map((each_) => day(each_, month, date))
      .filter((each_) => !Number.isNaN(each_.getTime()));
    return (
      all.toSorted((a, b) => Math.abs(a.getTime() - today.getTime()) - Math.abs(b.getTime() - today.getTime()))[0] ??
      new Date(Number.NaN)
    );
  };
  const dated = (at: number, end: number, month: number, date: string, year: string | undefined): void => {
    const one = year ? day(Number(year), month, Number(date)) : nearest(month, Number(date));
    add(at, end, one, one);
  };

  each("(\\d{4})-(\\d{2})-(\\d{2})", (m, at, end) => dated(at, end, Number(m[2]) - 1, m[3]!, m[1]));
  each(`(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${monthWord}(?:,? (\\d{4}))?`, (m, at, end) =>
    dated(at, end, monthOf(m[2]!), m[1]!, m[3]),
  );
  each(`${monthWord} (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`, (m, at, end) => dated(at, end, monthOf(m[1]!), m[2]!, m[3]));
  each(`(?:(early|mid|late)[- ])?(?:in |of |during |since |by |last |this |next )?${monthWord}(?: (\\d{4}))?`, (m, at, end) => {
    // "May" is a word more often than a month, unless something says otherwise.
    if (/^may$/i.test(m[0])) return;
    const month = monthOf(m[2]!);
    const year = m[3] ? Number(m[3]) : nearest(month, 15).getUTCFullYear();
    const [first, last] = [day(year, month, 1), new Date(Date.UTC(year, month + 1, 0))];
    const part = m[1]?.toLowerCase();
    add(
      at,
      end,
      part === "late" ? shift(first, 19) : part === "mid" ? shift(first, 9) : first,
      part === "early" ? shift(first, 10) : part === "mid" ? shift(first, 19) : last,
    );
  });
  const relative: [string, number][] = [
    ["today", 0],
    ["yesterday", -1],
    ["tomorrow", 1],
    ["the day before yesterday", -2],
  ];
  for (const [word, offset] of relative.toReversed())
    each(word, (_m, at, end) => add(at, end, shift(today, offset), shift(today, offset)));
  const monday = shift(today, -((today.getUTCDay() + 6) % 7));
  for (const [word, offset] of [
    ["last", -7],
    ["this", 0],
    ["next", 7],
  ] as const) {
    each(`${word} week`, (_m, at, end) => add(at, end, shift(monday, offset), shift(monday, offset + 6)));
    each(`${word} month`, (_m, at, end) => {
      const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + offset / 7, 1));
      add(at, end, first, new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)));
    });
  }
  each(`(?:(last|next|on|this) )?(${weekdays.join("|")})`, (m, at, end) => {
    const ahead = (weekdays.indexOf(m[2]!.toLowerCase()) - today.getUTCDay() + 7) % 7;
    const one = shift(
      today,
      m[1]?.toLowerCase() === "last" ? ahead - 7 : m[1]?.toLowerCase() === "next" && ahead === 0 ? 7 : ahead,
    );
    if (m[1]) add(at, end, one, one);
  });
  each("(\\d{1,3}|one|two|three|four|five|six|seven|ten) (day|week|month)s? ago", (m, at, end) => {
    const words = ["zero", "one", "two", "three", "four", "five", "six", "seven"];
    const count = /\d/.test(m[1]!) ? Number(m[1]) : m[1]!.toLowerCase() === "ten" ? 10 : words.indexOf(m[1]!.toLowerCase());
    const unit = m[2]!.toLowerCase();
    const back = shift(today, -count * (unit === "day" ? 1 : unit === "week" ? 7 : 30));
    const slack = unit === "day" ? 0 : unit === "week" ? 3 : 10;
    add(at, end, shift(back, -slack), shift(back, slack));
  });
  return spans
    .toSorted((a, b) => a.at - b.at)
    .slice(0, found)
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
