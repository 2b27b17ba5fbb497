import { verifyReport } from "@aito/company";
import type { Claim } from "@aito/protocol";

/** A claim as "metric value unit of entity, period": `day`, `month` or nothing for a moment. */
type Said = [metric: string, value: string, unit: string, period?: string, entity?: string];
type Report = [kind: string, text: string, ...claims: Said[]];

/** Reports that are true: what holds digits in them is a name, or said by their claims. */
export const honestReports: readonly Report[] = [
  // Addresses and telephones.
  ["address", "We moved to 2450 Lakeview Drive, Madison, WI 53704, last Friday. Desks in use: 61.", ["desks", "61", "count"]],
  ["address", "Neue Anschrift: Bahnhofstraße 22b, 8001 Zürich. Heute sind 17 Anfragen offen.", ["anfragen", "17", "count"]],
  ["address", "Le dépôt du 148, boulevard Voltaire, 75011 Paris, a reçu 23 palettes.", ["palettes", "23", "count"]],
  ["address", "Recogida en la calle Serrano 45, 1.º izq., 28001 Madrid; hoy hay 12 pedidos.", ["pedidos", "12", "count"]],
  ["address", "Il furgone parte da via Emilia 210, 41121 Modena. Consegne di oggi: 38.", ["consegne", "38", "count"]],
  ["address", "De levering gaat naar Prinsengracht 512, 1017 KH Amsterdam. Pakketten vandaag: 64.", ["pakketten", "64", "count"]],
  ["address", "Leveransen går till Storgatan 8, 111 51 Stockholm. Paket idag: 31.", ["paket", "31", "count"]],
  [
    "phone",
    "Call the depot on 0161 496 0733 or +44 7700 900142 if the gate is shut. Parcels waiting: 19.",
    ["parcels", "19", "count"],
  ],
  ["phone", "Rückfragen an 089 / 555 12-34 oder 0170 5551234. Offene Reklamationen: 6.", ["reklamationen", "6", "count"]],
  ["phone", "Joignable au 06 39 98 12 45 toute la journée. Devis en attente : 14.", ["devis", "14", "count"]],
  ["phone", "Teléfono de guardia: 612 34 56 78. Avisos abiertos: 9.", ["avisos", "9", "count"]],
  // Products and names.
  [
    "product",
    "The Pixel 9 and the ThinkPad 14 are back on the shelf; the Xbox 360 is not. Orders today: 83.",
    ["orders", "83", "count"],
  ],
  ["product", "Der VW Golf 1.6 TDI steht bereit, das iPad 10 ist bestellt. Fahrzeuge im Hof: 43.", ["fahrzeuge", "43", "count"]],
  ["product", "The Cessna 172 and the Boeing 747 are in the hangar. Flights today: 11.", ["flights", "11", "count"]],
  ["product", "Il Freccia 1000 e la Panda 4x4 sono in officina. Interventi di oggi: 7.", ["interventi", "7", "count"]],
  // Codes and ids.
  ["code", "Refunded to the card ending 8812 and the one ending in 0043. Refunds so far today: 5.", ["refunds", "5", "count"]],
  [
    "code",
    "Container HLXU 204417-9 waits at pier 6, trailer 55 at ramp 3. Containers on the yard: 71.",
    ["containers", "71", "count"],
  ],
  ["code", "Codes I10, N39.0 and Z51.11 were billed most. Patients today: 58.", ["patients", "58", "count"]],
  ["code", "The crash is in lib/cart/total.py:214, called from app.js:33. Failing tests: 4.", ["failing_tests", "4", "count"]],
  ["code", "The API gave 429 twice, then 200; after the fix it returns 204. Requests now queued: 35.", ["queued", "35", "count"]],
  [
    "code",
    "Lkw mit Kennzeichen HB-LM 377 an Tor 9, der andere (B-XY 2044) an Rampe 2. Lkw auf dem Hof: 8.",
    ["lkw", "8", "count"],
  ],
  [
    "code",
    "ISBN 9783161484100, ASIN B08N5WRWNW and GTIN 04012345678901 are listed. Titles in stock: 212.",
    ["titles", "212", "count"],
  ],
  ["code", "Véhicule immatriculé AB-123-CD, châssis VF1RFB00X61234567. Véhicules au garage : 16.", ["véhicules", "16", "count"]],
  ["code", "Train ICE 597 from platform 7, coach 21, seat 64, is on time. Travellers booked: 33.", ["travellers", "33", "count"]],
  // Norms, references, sizes.
  [
    "norm",
    "Under Article 6(1)(f) and Art. 32 GDPR, ISO 14001 and EN 1090-2 all is well. Audits open: 3.",
    ["audits_open", "3", "count"],
  ],
  ["norm", "Gemäß § 17 Abs. 3 UWG und DIN 5008, Rohre DN 100 und PN 16. Prüfungen heute: 12.", ["prüfungen", "12", "count"]],
  [
    "norm",
    "UN 1203 and ADR 2025 apply; RAL 9010 is the colour, IP 67 the class. Barrels loaded: 44.",
    ["barrels", "44", "count"],
  ],
  [
    "size",
    "Size 9 shoes and jeans in size 34 are out; taille 40 comes tomorrow. Pairs left: 126.",
    ["pairs_left", "126", "count"],
  ],
  ["size", "Größe 44 und Gr. 46 fehlen. Bestand heute: 310 Stück.", ["bestand", "310", "count"]],
  [
    "reference",
    "Doc. 12, Exhibit 7 and docket 22-451 are with the court, courtroom 3B. Hearings this week: 2.",
    ["hearings", "2", "count"],
  ],
  ["reference", "Linie 4 und Maschine 12 stehen in Halle 2. Störungen heute: 6.", ["störungen", "6", "count"]],
  [
    "reference",
    "La chambre 307 et la salle 2 sont prêtes ; le vol AF 1148 arrive. Arrivées du jour : 41.",
    ["arrivées", "41", "count"],
  ],
  ["reference", "La mesa 14 y la habitación 205 están libres. Reservas de hoy: 29.", ["reservas", "29", "count"]],
  // Days and hours abroad.
  [
    "time",
    "Ab 01.04. gilt der neue Plan, am 03.04. um 7.30 Uhr beginnt das 3. Training. Anmeldungen bisher: 22.",
    ["anmeldungen", "22", "count"],
  ],
  ["time", "Ouvert de 9 h à 19 h, fermé entre 12 h 30 et 14 h. Clients hier : 134.", ["clients", "134", "count"]],
  ["time", "Il negozio apre alle ore 8.45 e chiude alle 19.30. Scontrini di ieri: 205.", ["scontrini", "205", "count"]],
  ["time", "El taller abre a las 8.15 y la 2.ª planta a las 9 h. Coches hoy: 18.", ["coches", "18", "count"]],
  ["time", "This is the 4th audit in a row; between 3 and 5 pm the line was quiet. Calls taken: 77.", ["calls", "77", "count"]],
  // Units.
  ["unit", "We shipped 3.6 t, that is 3,600 kg, to Leeds.", ["weight", "3600", "kg"]],
  ["unit", "Le camion a roulé 412 km et brûlé 96 litres.", ["distance", "412000", "m"], ["fuel", "96", "l"]],
  ["unit", "Lead time is 5 days now.", ["lead_time", "5", "days"]],
  ["unit", "Verbrauch: 2,4 MWh im Werk.", ["verbrauch", "2400", "kWh"]],
  // Words.
  ["words", "I have two questions and three remarks, none of them urgent. Tickets open: 40.", ["tickets_open", "40", "count"]],
  ["words", "Seven of the fourteen complaints are closed.", ["complaints", "14", "count"], ["complaints_closed", "7", "count"]],
  [
    "words",
    "Once orders are shipped, one of us calls each of the two carriers. Orders shipped: 52.",
    ["orders_shipped", "52", "count"],
  ],
  ["words", "Heute fehlen elf Mitarbeiter, einer davon für zwei Wochen.", ["fehlende_mitarbeiter", "11", "count"]],
  [
    "words",
    "Hier nous avons reçu treize plaintes, d’une part pour le bruit, d’autre part pour le prix.",
    ["plaintes", "13", "count"],
  ],
  ["words", "In the next ten days we will call again, every six hours at first. Calls made: 15.", ["calls_made", "15", "count"]],
  // Days and months beside figures that they are not of.
  [
    "period",
    "July revenue was $48,200; the books were closed on 4 August and sent to the auditors on 6 August.",
    ["revenue", "48200", "USD", "2026-07"],
  ],
  ["period", "Compared with May, June was better: 312 bookings.", ["bookings", "312", "count", "2026-06"]],
  [
    "period",
    "Im Juni waren es 75 Anmeldungen, im Mai 61.",
    ["anmeldungen", "75", "count", "2026-06"],
    ["anmeldungen", "61", "count", "2026-05"],
  ],
  ["period", "As of 9 July: 418 orders in June. You may ask me for May, too.", ["orders", "418", "count", "2026-06"]],
  ["period", "Ventas de mayo: 8.410 €. En junio abrimos una tienda nueva.", ["ventas", "8410", "EUR", "2026-05"]],
  [
    "period",
    "On 14 July 36 vans went out; the march to 40 goes on.",
    ["vans", "36", "count", "2026-07-14"],
    ["goal", "40", "count"],
  ],
  // Blocks.
  [
    "block",
    "Setup used:\n\n```yaml\nreplicas: 4\nport: 8080\nmemory: 512\n```\n\nDeployments today: 6.",
    ["deployments", "6", "count"],
  ],
  [
    "block",
    "```\n2026-07-14T10:00:01Z worker=7 status=500 took=812\n```\n\nErrors on 14 July: 29.",
    ["errors", "29", "count", "2026-07-14"],
  ],
  ["block", "```\norders   418\nreturns  17\n```", ["orders", "418", "count"], ["returns", "17", "count"]],
  // Entities and names of what is measured.
  ["entity", "The Leeds store sold 91 bikes.", ["bikes_sold", "91", "count", undefined, "Leeds"]],
  ["entity", "Our team had 44 wins in the north.", ["wins", "44", "count", undefined, "North"]],
  ["metric", "We welcomed 512 guests.", ["covers", "512", "count"]],
  ["metric", "1,340 people came to the site.", ["visitors", "1340", "count"]],
  ["metric", "97 buyers, 12 of them new.", ["customers", "97", "count"], ["new_customers", "12", "count"]],
  // A second round, written when the first had been mended by.
  [
    "second round",
    "The newsletter went to 4,210 subscribers on 3 June; 27% opened it. Next issue: 10 June.",
    ["sent", "4210", "count", "2026-06-03"],
    ["open_rate", "27", "percent", "2026-06-03"],
  ],
  [
    "second round",
    "May closed with 88 orders, five more than April.",
    ["orders", "88", "count", "2026-05"],
    ["orders_change", "5", "count", "2026-05"],
  ],
  ["second round", "Invoices overdue: 14. I wrote to each of the fourteen on Monday.", ["invoices_overdue", "14", "count"]],
  ["second round", "Since we opened in March, we had 1,204 guests in June.", ["guests", "1204", "count", "2026-06"]],
  [
    "second round",
    "In June, 61 new contracts (May: 48).",
    ["contracts", "61", "count", "2026-06"],
    ["contracts", "48", "count", "2026-05"],
  ],
  ["second round", "The lease of the office ends in September; rent paid in June: €4,200.", ["rent", "4200", "EUR", "2026-06"]],
  ["second round", "Rent for June: €4,200, due on 3 July.", ["rent", "4200", "EUR", "2026-06"]],
  ["second round", "Sales on 12 June were 340; the fair on 15 June will bring more.", ["sales", "340", "count", "2026-06-12"]],
  ["second round", "The customer ordered on 2 June, we delivered 120 boxes on 5 June.", ["boxes", "120", "count", "2026-06-05"]],
  [
    "second round",
    "Support solved 96 cases; two were escalated to the second level.",
    ["tickets_solved", "96", "count"],
    ["escalated", "2", "count"],
  ],
  [
    "second round",
    "Wir haben in den letzten drei Wochen 54 Bewerbungen bekommen, fünf davon aus Österreich.",
    ["bewerbungen", "54", "count"],
    ["bewerbungen", "5", "count", undefined, "Österreich"],
  ],
  ["second round", "Le 12 juin, six personnes ont visité le showroom.", ["visiteurs", "6", "count", "2026-06-12"]],
  ["second round", "Hoy hemos cerrado ocho tickets; el próximo lunes vuelve Ana.", ["tickets", "8", "count"]],
  [
    "second round",
    "The truck (plate LT-4471-B) carried 12.5 t of gravel from pit 3 to the site at 8 Mill Lane.",
    ["load", "12.5", "t"],
  ],
  ["second round", "Our Series B and the 2026 plan are fixed. Cash: $3.2M.", ["cash", "3200000", "USD"]],
  [
    "second round",
    "The A/B test ran from 1 to 14 June: variant B won with 4.1%.",
    ["conversion", "4.1", "percent", undefined, "variant B"],
  ],
  ["second round", "Churn was 2.3% in June, as I said on 1 July.", ["churn", "2.3", "percent", "2026-06"]],
  [
    "second round",
    "Machine 4 made 812 parts on 9 June, shift 2 only 301.",
    ["parts", "812", "count", "2026-06-09", "Machine 4"],
    ["parts", "301", "count", "2026-06-09", "shift 2"],
  ],
  ["second round", "The Hamburg office had 12 visitors.", ["visitors", "12", "count", undefined, "Hamburg"]],
  [
    "second round",
    "Google Ads had 3,110 clicks, Bing 402.",
    ["clicks", "3110", "count", undefined, "Google Ads"],
    ["clicks", "402", "count", undefined, "Bing"],
  ],
  ["second round", "Checkout had 12 errors; nobody noticed.", ["errors", "12", "count", undefined, "checkout-service"]],
  [
    "second round",
    "Please see table 3 and figure 2.1 on page 17 of the June report. Units sold: 77.",
    ["units_sold", "77", "count", "2026-06"],
  ],
  [
    "second round",
    "We have 40 seats, of which eleven are free. Gate 4 opens at 6.",
    ["seats", "40", "count"],
    ["seats_free", "11", "count"],
  ],
  [
    "second round",
    "Consommation : 1 240 kWh en juin, soit 41 kWh par jour.",
    ["consommation", "1240", "kWh", "2026-06"],
    ["par_jour", "41", "kWh", "2026-06"],
  ],
  ["second round", "Level 5 of 8 is reached; the ISO 9001 audit of 4 May found 2 issues.", ["audit_issues", "2", "count"]],
];

/** True as well, and marked: a name with a number that stands where an entity with its figure stands. */
export const leftHonest: readonly Report[] = [
  [
    "product",
    "Client 7-Eleven renewed; Forever 21 and Pier 1 are still thinking. Accounts renewed: 27.",
    ["accounts_renewed", "27", "count"],
  ],
  [
    "product",
    "Motorola Solutions and 20th Century asked for Office 365; Formula 1 tickets are gone. Seats sold: 96.",
    ["seats", "96", "count"],
  ],
];

/** Reports with one lie each, of the kinds that the rules are about. */
export const lyingReports: readonly Report[] = [
  // Another month or day than the claim's.
  ["period", "Bookings in August came to 312.", ["bookings", "312", "count", "2026-06"]],
  ["period", "In May we earned €9,120.", ["revenue", "9120", "EUR", "2026-04"]],
  ["period", "Im Oktober lag der Umsatz bei 71.400 €.", ["umsatz", "71400", "EUR", "2026-09"]],
  ["period", "Chiffre d’affaires d’octobre : 18 940 €.", ["chiffre_affaires", "18940", "EUR", "2026-09"]],
  ["period", "Facturación de noviembre: 22.750 €.", ["facturación", "22750", "EUR", "2026-10"]],
  ["period", "Ricavi di marzo: 15.320 €.", ["ricavi", "15320", "EUR", "2026-02"]],
  ["period", "Omzet in maart: 6.480 euro.", ["omzet", "6480", "EUR", "2026-02"]],
  ["period", "On 3 June the line made 840 parts.", ["parts", "840", "count", "2026-06-02"]],
  ["period", "Parts made on June 12: 655.", ["parts", "655", "count", "2026-06-11"]],
  ["period", "Am 5. Mai kamen 58 Gäste.", ["gäste", "58", "count", "2026-05-04"]],
  ["period", "2026-06-18: 412 scans.", ["scans", "412", "count", "2026-06-17"]],
  ["period", "18.06.2026: 412 Scans.", ["scans", "412", "count", "2026-06-17"]],
  [
    "period",
    "2 July 2026: 51 calls. 3 July 2026: 68 calls.",
    ["calls", "68", "count", "2026-07-02"],
    ["calls", "51", "count", "2026-07-03"],
  ],
  [
    "period",
    "Visits in September were 7,730; those of August 8,110.",
    ["visits", "7730", "count", "2026-08"],
    ["visits", "8110", "count", "2026-09"],
  ],
  // Figures in words.
  ["words", "Tickets open: 40. Eleven customers threatened to leave.", ["tickets_open", "40", "count"]],
  ["words", "Orders today: 83. Eight of ten buyers come back.", ["orders", "83", "count"]],
  ["words", "Heute sind 17 Anfragen offen, dazu kommen neun Beschwerden.", ["anfragen", "17", "count"]],
  ["words", "Clients hier : 134, dont quinze nouveaux abonnés.", ["clients", "134", "count"]],
  ["words", "Clients hier : 134, et une vingtaine de retours.", ["clients", "134", "count"]],
  ["words", "Reservas de hoy: 29. Se cancelaron once cenas.", ["reservas", "29", "count"]],
  ["words", "Consegne di oggi: 38, con diciotto ritardi.", ["consegne", "38", "count"]],
  ["words", "Pakketten vandaag: 64, en er zijn zeventien klachten.", ["pakketten", "64", "count"]],
  ["words", "Reservas de hoje: 29. Tivemos treze cancelamentos.", ["reservas", "29", "count"]],
  ["words", "The average wait is now four and a half minutes. Calls taken: 77.", ["calls", "77", "count"]],
  ["words", "Half a dozen drivers quit this month. Vans on the road: 36.", ["vans", "36", "count"]],
  ["words", "Complaints closed: nine.", ["complaints_closed", "7", "count"]],
  ["words", "We lost twelve percent of them. Accounts: 97.", ["accounts", "97", "count"]],
  ["words", "Three complaints came in.", ["complaints", "2", "count"]],
  // Figures in blocks.
  ["block", "```\norders   418\nreturns  17\n```", ["orders", "418", "count"]],
  ["block", "```\nregion=north sales=912\nregion=south sales=877\n```", ["sales", "912", "count", undefined, "north"]],
  ["block", '```json\n{"signups": 318, "churned": 44}\n```', ["signups", "318", "count"]],
  ["block", "```csv\nday,visits,leads\nmonday,1204,63\n```", ["visits", "1204", "count"]],
  ["block", "Visits were 1,204, with `63 leads`.", ["visits", "1204", "count"]],
  // Another entity.
  ["entity", "Payments had 4,210 errors.", ["errors", "4210", "count", undefined, "Catalog"]],
  ["entity", "38 % of the Berlin team was ill.", ["sick_share", "38", "percent", undefined, "Hamburg"]],
  ["entity", "The York branch sold 91 bikes.", ["bikes_sold", "91", "count", undefined, "Leeds"]],
  ["entity", "La tienda de Sevilla vendió 77 sillas.", ["sillas_vendidas", "77", "count", undefined, "Bilbao"]],
  ["entity", "Die Filiale Bonn hatte 63 Kunden.", ["kunden", "63", "count", undefined, "Köln"]],
  // Another metric.
  ["metric", "We got 4,118 orders.", ["visits", "4118", "count"]],
  ["metric", "There were 912 complaints.", ["orders", "912", "count"]],
  ["metric", "Downloads: 3,040.", ["reviews", "3040", "count"]],
  ["metric", "Wir hatten 512 Bestellungen.", ["besucher", "512", "count"]],
  ["metric", "Nous avons eu 230 appels.", ["factures", "230", "count"]],
  // Units.
  ["unit", "We shipped 3,600 t to Leeds.", ["weight", "3600", "kg"]],
  ["unit", "Le camion a roulé 412 km.", ["distance", "412", "m"]],
  ["unit", "Fuel burnt: 96 gallons and 40 kg.", ["fuel", "96", "l"]],
  ["unit", "Lead time is 5 weeks now.", ["lead_time", "5", "days"]],
  // What stands like a name and is a figure.
  ["figure", "Parcels waiting: 19. We paid 4471 dollars for them.", ["parcels", "19", "count"]],
  ["figure", "Desks in use: 61. The waiting list has 2450 names.", ["desks", "61", "count"]],
  ["figure", "Fahrzeuge im Hof: 43. Im Lager 420 Kisten.", ["fahrzeuge", "43", "count"]],
  ["figure", "Flights today: 11. NPS 72.", ["flights", "11", "count"]],
  ["figure", "Requests now queued: 35. The API failed 404 times.", ["queued", "35", "count"]],
  ["figure", "Patients today: 58. The ward has 31 beds.", ["patients", "58", "count"]],
  // A second round, written when the first had been mended by.
  ["second round", "In August we had 1,204 guests.", ["guests", "1204", "count", "2026-06"]],
  ["second round", "The week of 3 August brought 96 cases.", ["tickets_solved", "96", "count", "2026-06-12"]],
  ["second round", "Churn fell to 2.3% in May.", ["churn", "2.3", "percent", "2026-06"]],
  ["second round", "Our June churn was 2.3%.", ["churn", "2.3", "percent", "2026-05"]],
  ["second round", "June: 88 orders.", ["orders", "88", "count", "2026-05"]],
  ["second round", "Q3 2026 bookings: 312.", ["bookings", "312", "count", "2026-06"]],
  ["second round", "The Munich office had 12 visitors.", ["visitors", "12", "count", undefined, "Hamburg"]],
  ["second round", "Bing brought 3,110 clicks.", ["clicks", "3110", "count", undefined, "Google Ads"]],
  ["second round", "Seats: 40. Some eighteen are broken.", ["seats", "40", "count"]],
  ["second round", "We solved 96 cases, and customers rated us nine out of ten.", ["tickets_solved", "96", "count"]],
  ["second round", "Nous avons 41 réservations et douze annulations.", ["reservations", "41", "count"]],
  ["second round", "Wir haben 41 Buchungen und ein Dutzend Stornos.", ["buchungen", "41", "count"]],
  ["second round", "Tenemos 41 reservas y una docena de cancelaciones.", ["reservas", "41", "count"]],
  ["second round", "Load: 12.5 kg.", ["load", "12.5", "t"]],
  ["second round", "Consommation : 1 240 MWh.", ["consommation", "1240", "kWh"]],
  ["second round", "There were 88 refunds.", ["orders", "88", "count"]],
  ["second round", "54 Kündigungen", ["bewerbungen", "54", "count"]],
  ["second round", "```\nclicks: 3110\nconversions: 95\n```", ["clicks", "3110", "count"]],
  ["second round", "Die Kosten stiegen um sieben Prozent.", ["kosten", "100", "EUR"]],
  ["second round", "We shipped 1,900 orders from 12 Elm Street.", ["orders", "190", "count"]],
];

/** A lie, and passed: a name and a figure that belongs to a name that the text never says. */
export const leftLying: readonly Report[] = [
  ["second round", "Bing: 3,110 clicks", ["clicks", "3110", "count", undefined, "Google Ads"]],
];

const tidy = (period: string | undefined): Claim["period"] => {
  if (period === undefined) return null;
  const [year, month, day] = period.split("-").map(Number);
  const [from, to] = day
    ? [Date.UTC(year!, month! - 1, day), Date.UTC(year!, month! - 1, day + 1)]
    : [Date.UTC(year!, month! - 1, 1), Date.UTC(year!, month, 1)];
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
};

/** What the verifier marks in such a report, in a company that measures what its claims are about. */
export function marksOf([, text, ...said]: Report): string[] {
  const claims: Claim[] = said.map(([metric, value, unit, period, entity = "company"]) => ({
    metric,
    value,
    unit,
    period: tidy(period),
    entity,
    receipts: ["r"],
  }));
  const observedAt = "2026-12-01T08:00:00Z";
  const receipt = { id: "r", agent: "a", task: "t", tool: "read", status: "succeeded" as const, finishedAt: observedAt };
  const facts = claims.map(({ metric, value, unit, period, entity }) => ({ metric, value, unit, period, entity, observedAt }));
  const report = { agent: "a", task: "t", finishes: false, text, claims };
  const { marks, claims: verdicts } = verifyReport(report, [{ ...receipt, facts }], { now: new Date("2026-12-01T09:00:00Z") });
  return [...marks.map((mark) => mark.text), ...verdicts.flatMap(({ why }) => (why === null ? [] : [why]))];
}
