import { expect, test } from "vitest";
import { findNumbers } from "./find-numbers.ts";

const numbers = (text: string): string[] => findNumbers(text).map(({ text: found }) => found);

test.each([
  "Fermenter 6 is clean and kettle 2 waits; the crew moved to chamber 14.",
  "We gave the Golf 8 and the Saab 900 back at counter 3.",
  "Belt 5 jams again. Rule 5710 fired. Gallery 3 reopened on Friday.",
  "It runs on nodes 3 and 4, later on lines 12, 14 and 15.",
  "Ship booking 77120345 with tracking 99120345110, please.",
  "Der Kran in Halle 5 wartet auf Charge 118, Hebebühne 3 ist frei.",
  "La remolque está en el muelle 7; la habitación 312 y la 415 están libres.",
  "The 1889 Monet hangs beside the 404 sign.",
  "Over the last 7 days and the next 30 days, since 3 weeks ago, in den letzten 14 Tagen, ces 10 derniers jours.",
  "ISO/IEC 27001 and IEC/TR 61000 hold.",
  "Valve 118 at pumping station 6; parcel 14 (Riesling), Frigo 2 réparé, la 14 est partie.",
  "Row F, seats 11 and 12; VLAN 310 and 311 are fine; AP-Nr. 4 391 022 017 27, appeal no. 17 went out.",
  "See 42 U.S.C. § 1983 and Smith v. Jones, 512 F.3d 881 (Dkt. 52).",
  "| Line | Note |\n|---|---|\n| 4 | jam |\n| 5 | mould 3 |",
  "Host 10.20.4.17 answered on 12.05., as agreed.",
])("S10 a number behind what it numbers only says which one: %s", (text) => {
  expect(numbers(text)).toEqual([]);
});

test.each<[string, string[]]>([
  ["Revenue was 1250000000.", ["1250000000"]],
  ["Revenue 1250, losses 27, complaints 3.", ["1250", "27", "3"]],
  ["Orders: Leeds 91, York 77.", ["91", "77"]],
  ["In Leeds 91, in York 77.", ["91", "77"]],
  ["We sold 40 and they hire 12; she planned 500.", ["40", "12", "500"]],
  ["The remaining 40 are late, another paltry 60 too.", ["40", "60"]],
  ["The 40 new customers and our 300 staff.", ["40", "300"]],
  ["Kunden 40 mehr, in Leeds 40 Kunden.", ["40", "40"]],
  ["At night 30 calls, per shift 40 parts.", ["30", "40"]],
  ["It took 7 days, within 24 hours.", ["7 days", "24 hours"]],
  ["La tienda vendió 77 sillas.", ["77"]],
  ["Scrap 311, rework 48.", ["311", "48"]],
  ["| What | Figure |\n|---|---|\n| Headcount | 12 |", ["12"]],
  ["We had orders 12 and 19.", ["12", "19"]],
  ["A further 159k, 14 649 visits.", ["159k", "14 649"]],
])("S10 a number behind a verb or what is measured, or before what it counts, is a figure: %s", (text, wanted) => {
  expect(numbers(text)).toEqual(wanted);
});
