import type { ClaimPeriod } from "../claims-case.ts";
import type { Chance } from "./chance.ts";

export type Language = "en" | "de" | "fr" | "es" | "nl" | "ch";

const months: Record<Language, string[]> = {
  en: "January February March April May June July August September October November December".split(" "),
  de: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
  ch: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
  fr: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" "),
  es: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" "),
  nl: "januari februari maart april mei juni juli augustus september oktober november december".split(" "),
};

const iso = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");
export const later = (at: string, ms: number): string => iso(Date.parse(at) + ms);
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const span = (fromMs: number, toMs: number): ClaimPeriod => ({ from: iso(fromMs), to: iso(toMs) });

/** Periods that were over by `now`, the youngest of each length first. */
export function endedPeriods(now: string): ClaimPeriod[] {
  const at = new Date(now);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const quarter = Math.floor(month / 3);
  return [
    ...[1, 2, 3, 4].map((back) => span(Date.UTC(year, month - back), Date.UTC(year, month - back + 1))),
    ...[1, 2].map((back) => span(Date.UTC(year, 3 * (quarter - back)), Date.UTC(year, 3 * (quarter - back + 1)))),
    span(Date.UTC(year - 1, 0), Date.UTC(year, 0)),
    ...[1, 2].map((back) => span(Date.UTC(year, month, day - back), Date.UTC(year, month, day - back + 1))),
  ];
}

export const daysOf = (period: ClaimPeriod): number => (Date.parse(period.to) - Date.parse(period.from)) / dayMs;

/** A period with its preposition, as a writer of that language puts it. */
export function periodInWords(period: ClaimPeriod, language: Language, by: Chance): string {
  const from = new Date(period.from);
  const [year, month, day] = [from.getUTCFullYear(), months[language][from.getUTCMonth()]!, from.getUTCDate()];
  const quarter = Math.floor(from.getUTCMonth() / 3) + 1;
  const length = daysOf(period);
  const step = length < 2 ? 0 : length < 32 ? 1 : length < 100 ? 2 : 3;
  const words: Record<Language, string[][]> = {
    en: [
      [`on ${day} ${month} ${year}`, `on ${month} ${day}, ${year}`, `on ${period.from.slice(0, 10)}`],
      [`in ${month} ${year}`, `for ${month} ${year}`, `in ${month.slice(0, 3)} ${year}`, `during ${month} ${year}`],
      [
        `in Q${quarter} ${year}`,
        `over Q${quarter} ${year}`,
        `in the ${["first", "second", "third", "fourth"][quarter - 1]} quarter of ${year}`,
      ],
      [`in ${year}`, `in the year ${year}`, `over the whole of ${year}`],
    ],
    de: [
      [`am ${day}. ${month} ${year}`],
      [`im ${month} ${year}`],
      [`im Q${quarter} ${year}`, `im ${quarter}. Quartal ${year}`],
      [`im Jahr ${year}`],
    ],
    ch: [[`am ${day}. ${month} ${year}`], [`im ${month} ${year}`], [`im ${quarter}. Quartal ${year}`], [`im Jahr ${year}`]],
    fr: [[`le ${day} ${month} ${year}`], [`en ${month} ${year}`], [`au T${quarter} ${year}`], [`en ${year}`]],
    es: [[`el ${day} de ${month} de ${year}`], [`en ${month} de ${year}`], [`en el T${quarter} de ${year}`], [`en ${year}`]],
    nl: [[`op ${day} ${month} ${year}`], [`in ${month} ${year}`], [`in Q${quarter} ${year}`], [`in ${year}`]],
  };
  return by.one(words[language][step]!);
}
