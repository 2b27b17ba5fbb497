import { expect, test } from "vitest";
import { spelledNumbers } from "./spelled-numbers.ts";

const values = (text: string): number[] => spelledNumbers(text).map(({ value }) => value);

test.each<[string, number[]]>([
  ["We signed three hundred and forty-two clubs and sixty cafés.", [342, 60]],
  ["Two thousand five hundred people, then one million two hundred thousand more.", [2_500, 1_200_000]],
  ["Five dozen boxes.", [60]],
  [
    "Wir haben dreitausendfünfhundert Briefe und einundzwanzig Pakete verschickt, zweihundertvierzig kamen zurück.",
    [3_500, 21, 240],
  ],
  [
    "Nous avons formé quatre-vingt-dix personnes, trois cents l’an dernier, soixante-douze ce mois et deux mille en tout.",
    [90, 300, 72, 2_000],
  ],
  ["Hemos cerrado cuarenta y dos casos, quinientas consultas y tres mil pedidos.", [42, 500, 3_000]],
])("S10 figures in words are numbers: %s", (text, wanted) => {
  expect(values(text)).toEqual(wanted);
});

test.each([
  "One of three, at ten to five or twenty past four, a hundred times; one hundred per cent sure.",
  "Thousands came, hundreds stayed, a dozen left; the twenty-first century; in the nineties.",
  "Hundert Prozent. Einzig zwölf von neun. Tausend Dank!",
  "Cinq pour cent, mille mercis, cent fois; un, deux, trois.",
  "Dos o tres por ciento, mil gracias.",
])("S10 what is a way of speaking is no figure: %s", (text) => {
  expect(values(text)).toEqual([]);
});

test("S10 a scale said twice begins no larger number", () => {
  expect(values("Twelve dozen boxes, two thousand hundred.")).toEqual([144, 2_000]);
  expect(Math.max(...values(`One${" hundred".repeat(11)} came, three${" dozen".repeat(20)} left.`))).toBe(100);
});

test("S10 a figure in words is where it stands", () => {
  const text = "First line.\nSome ninety-nine came.";
  const [found] = spelledNumbers(text);
  expect(text.slice(found!.start, found!.end)).toBe("ninety-nine");
});
