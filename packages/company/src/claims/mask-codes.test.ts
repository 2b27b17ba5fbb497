import { expect, test } from "vitest";
import { findNumbers } from "./find-numbers.ts";

const numbers = (text: string): string[] => findNumbers(text).map((number) => number.text);

test.each([
  "Our shop is at 48 Elm Street, Portland, OR 97205; the depot at 7 North Quay Road.",
  "Kaiserallee 112a, 76185 Karlsruhe, und Am Neuen Markt 3; Lager in der Hafenstr. 9–11.",
  "12, avenue Foch, 75116 Paris ; rue du Bac 40 ; 3 ter, place des Vosges.",
  "C/ Alcalá, 21, 3.º A, avenida de América 5, via Roma 18, 10121 Torino, corso Italia 7.",
  "Keizersgracht 241, NL-1016 Amsterdam, Drottninggatan 12; PLZ 50667, P.O. Box 118, zip code 60614.",
])("S10 houses, streets and postal codes say no quantity: %s", (text) => {
  expect(numbers(text)).toEqual([]);
});

test.each([
  "Ring 01 44 32 18 70, 06.12.34.56.78, 020 7946 0018 or 0221 555 01 44.",
  "Teléfono 91 555 21 43, tél. : 22 345 67 89, Handy 0151 2345678, hotline 1800 22 33 44.",
])("S10 telephones abroad say no quantity: %s", (text) => {
  expect(numbers(text)).toEqual([]);
});

test.each([
  "Paid with the card ending in 9024, Karte endend auf 3310, tarjeta terminada en 7781.",
  "Diagnoses K21.0 and F32.1; GTIN 5901234123457, UN 1263, RAL 7016, NACE 47.91, pipe DN 80.",
  "Container TGHU 512340-7 at berth 9, wagon 31, dock 4; plate 3107 BCD, Kennzeichen M-XY 481, targa FB 204 KL.",
  "See src/jobs/run.py:88 and lib/io.ts:12:4; EPAL 1 pallets; shoes in size 38, Größe 52, talla 44.",
  "Article 6(1), Art. 17 Abs. 2, courtroom 4C, Doc. 93, Zimmer 18, sala 6, table 9, linea 2.",
  "The Airbus 320 and the Galaxy 24 sell; il Regionale 2047; Pavilion 9 Partners wants more.",
  "The webhook answered 503, then a 429 and 200.",
  "Der Golf 2.0 TDI, das 3. Gespräch, beim 4. Versuch, la 3ª planta, the A 8 and the B 27.",
  "Am 07.11. und bis 30.09. zwischen 8 und 12 Uhr, entre 9 h et 11 h, alle ore 8.15, dalle ore 21.30.",
  "From 3–9 April and 12 to 15 May; barcode 7612345678900.",
])("S10 codes, plates, sizes, rooms, norms and times abroad say no quantity: %s", (text) => {
  expect(numbers(text)).toEqual([]);
});

test.each<[string, string[]]>([
  ["ORDERS 980", ["980"]],
  ["SALES 48000", ["48000"]],
  ["NET USD 980", ["USD 980"]],
  ["WEEK MRR 48000", ["48000"]],
  ["MRR ABCD 48000", ["48000"]],
  ["UMSATZ 4800, GEWINN 300, KUNDEN 12, SIGNUP 7", ["4800", "300", "12", "7"]],
  ["USD 1250000000", ["USD 1250000000"]],
  ["1250000000 USD", ["1250000000 USD"]],
  ["1250000000 Euro", ["1250000000 Euro"]],
  ["€ 1250000000", ["€ 1250000000"]],
  ["Invoice INV-2041 of 950 was paid", ["950"]],
])("S10 a figure under a heading in capitals, of money or behind a reference stays a number: %s", (text, wanted) => {
  expect(numbers(text)).toEqual(wanted);
});

test.each([
  "EAN 4006381333931, IFRS 16, HRB 12345, DIN EN ISO 9001, PO 4471, LEGO 10307, BATCH-12",
  "Auftrag 4500117832 ist freigegeben.",
  "Page 3 of 12. Schritt 2 von 5, étape 2 sur 9, página 4 de 10; pagina 2 di 8.",
])("S10 kinds of codes in capitals and counted pages say no quantity: %s", (text) => {
  expect(numbers(text)).toEqual([]);
});

test("S10 what stands like a code and is measured stays a number", () => {
  expect(numbers("NPS 61, ARR 5,200, MRR 48000, CTR 4.1 %, USD 70, a team size 14, 7 Street vendors")).toEqual([
    "61",
    "5,200",
    "48000",
    "4.1 %",
    "USD 70",
    "14",
    "7",
  ]);
  expect(numbers("We had 503 errors, 200 visits; the API served 404 customers.")).toEqual(["503", "200", "404"]);
  expect(numbers("In Berlin 40 customers left; 12345678901 impressions; 53 – 2 Sep 2026")).toEqual(["40", "12345678901", "53"]);
  expect(numbers("Der Umsatz stieg auf 12.500, 15.03 Euro, une durée de 14 h, EUR 1 more")).toEqual([
    "12.500",
    "15.03 Euro",
    "14 h",
    "EUR 1",
  ]);
});
