import { codes } from "./number-words.ts";

/** What a thing is called and not how much of it there is: codes, plates, sizes, norms, references, products. */

/** Short names of what is measured: what stands behind them is a figure, whatever other word in capitals is between. */
const figures =
  "NET|GROSS|REV|COST|SPEND|PROFIT|LOSS|MARGIN|INCOME|BUDGET|CASH|DEBT|CHURN|STOCK|STAFF|REACH|PRICE|RATE|SCORE|SHARE|GROWTH|YIELD|UMSATZ|GEWINN|KOSTEN|KUNDEN|" +
  "ADS|LEAD|SALE|USER|CALL|FANS|HRS|PCS|QTY|PAX|MQL|SQL|NRR|GRR|IRR|NPV|EPS|RPM|OPEX|CAPEX|COGS|ACOS|ADR|AUM|PAID|SOLD|SENT|WON|LOST|GAIN|" +
  "NPS|CSAT|CES|CTR|CVR|CPC|CPA|CPL|CPM|CPO|ROAS|ROI|ROE|MRR|ARR|LTV|CLV|CAC|AOV|ARPU|DAU|MAU|WAU|SLA|SLO|QPS|RPS|TPS|FTE|GMV|EBIT|EBITDA|KPI|OEE|MTTR|MTBF|GDP|PPM|CO2|VAT|TOTAL|SUM|MAX|MIN|AVG|COUNT";
const measured =
  `${figures}|(?!HTTPS|IFRS)\\p{Lu}{3,5}S|` +
  "TODAY|NEW|OPEN|ALL|AND|OR|TO|OF|WE|IN|AT|NOT|ONLY|CA|IS|ARE|WAS|HAS|HAD|GOT|BY|UP|DOWN|FROM|USA|UK|EU|US|DE|FR|ES|IT|EMEA|APAC|LATAM|DACH|B2B|B2C";
const noMeasure = `(?![.,’']?\\d|\\s*(?:[%‰€$£]|(?:${codes}|percent|Prozent|pour cent|por ciento|per cento)(?![\\p{L}])))`;
/** Names of codes are short; longer words in capitals are headings, unless a hyphen makes them part of a reference. */
const kindOfCode = `(?!(?:${codes}|${measured})(?![\\p{L}\\p{N}]))(?:\\p{Lu}{2,4}(?!\\p{L})|(?:SWIFT|UNSPSC|EPREL|ECLASS)(?!\\p{L})|\\p{Lu}{5,6}(?=-\\d))`;
const ends = "(?![\\p{L}\\p{N}_])";

const sizes = "size|sizes|Größe|Gr\\.|Konfektionsgröße|taille|pointure|talla|número de pie|taglia|tamanho|maat|storlek|størrelse";
const ofMany =
  "sample|team|batch|file|queue|basket|deal|order|group|party|average|market|list|heap|pool|cluster|crew|family|ticket|cache|page|buffer|bundle|image|database|step|lot";

/** A label may begin a sentence; what it labels is in capitals. */
const eitherCase = (words: string): string =>
  words.replaceAll(/(?<=^|\|)\p{Ll}/gu, (letter) => `[${letter.toUpperCase()}${letter}]`);
const plates = eitherCase(
  "plates?|licen[cs]e\\splate|registration|reg\\.|Kennzeichen|Nummernschild|plaque|immatriculée?|immatriculation|matrícula|placa|targa|targato|targata|kenteken|registreringsnummer|chassis|VIN|IMO|MMSI",
);
const endings =
  "(?:(?<=(?:card|account|Karte|Konto|carte|compte|tarjeta|cuenta|carta|conto)\\s)(?:ending|ends)|(?:ending|ends|ended|endend|endet|endet\\sauf|terminant|terminée?|terminada|terminado|termina|que\\stermina|terminante|finissant|eindigend|eindigt|slutar|som\\sslutar)\\s(?:in|with|on|auf|mit|par|en|con|por|op|på|com|em))";

const counted =
  "pages?|steps?|parts?|sheets?|slides?|chapters?|phases?|levels?|stages?|Seite|Schritt|Teil|Blatt|Folie|Stufe|Etappe|étape|niveau|nivel|livello|nível|partie|página|pagina|paso|passo|parte|blad|deel|stap|sida|side|steg|del";

export const named: readonly RegExp[] = [
  // Page 3 of 12.
  new RegExp(
    `(?<=(?<!\\p{L})(?:${counted})\\s(?:\\d{1,3}|\\uFFFC{1,3})\\s(?:of|von|sur|de|di|van|av)\\s)\\d{1,3}(?=\\s*(?:[.,;)]|$|\\s(?:is|are|was|and|ist|und|est|et|y|e)\\b))`,
    "giu",
  ),
  // Letters and digits in one word with a point in it: J45.9.
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?!(?:${codes})\\d)\\p{Lu}{1,3}\\d{1,4}(?:\\.\\d{1,4}){1,3}(?![\\p{L}\\p{N}%]|\\s?[%€$£])`,
    "gu",
  ),
  // A file and its line; a container; a plate; what a card ends in.
  /(?<![\p{L}\p{N}])[\w./-]{1,80}\.[a-z]{1,5}:\d{1,6}(?::\d{1,4})?(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]{3}[UJZ]\s?\d{6}(?:[\s-]?\d)?(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])\p{Lu}{1,3}[-\s]\p{Lu}{1,2}[-\s]\d{1,4}[EH]?(?![\p{L}\p{N}]|[.,]\d)/gu,
  new RegExp(
    `(?<=(?<!\\p{L})(?:${plates})(?:\\s?:)?\\s{1,2})(?=[\\p{Lu}\\s·-]{0,8}\\d)[\\p{Lu}\\d]{1,7}(?:[\\s·-][\\p{Lu}\\d]{1,7}){0,3}(?![\\p{L}\\p{N}])`,
    "gu",
  ),
  new RegExp(`(?<=(?<!\\p{L})${endings}\\s)\\d{2,6}${ends}`, "giu"),
  /(?<=[•*x…]{2,12}\s?)\d{3,4}(?![\p{L}\p{N}])/giu,
  // Pallets of the European norm.
  /(?<![\p{L}\p{N}])(?:EUR|EPAL)[\s-]?[1-6](?=[\s-]+(?:pallets?|Palette|Paletten|palettes?|palés?|palets?|bancal[ei]?|pallar|pallen)(?!\p{L}))/giu,
  // EAN 4006381333931, UN 3480, DN 50, LEGO 10307: letters in capitals and a plain number.
  new RegExp(
    `(?<![\\p{L}\\p{N}]|[€$£]\\s?)(?<!(?<!\\p{L})(?:${codes}|${figures})[/ -])${kindOfCode}(?:[/ -]${kindOfCode}){0,2}[\\s-](?:\\d{1,2}\\.\\d{1,2}|\\d{1,14})(?:-\\d{1,5}){0,2}\\p{Lu}?(?![\\p{L}\\p{N}_])${noMeasure}(?!\\s?[/×x]\\s?\\d)`,
    "gu",
  ),
  // In groups as no amount is written, and citations: 4 391 022 017 27; 512 F.3d 881, 42 U.S.C. § 1983.
  /(?<![\p{L}\p{N}.,])(?=\d{1,4}(?: \d{1,4}){0,8} (?:\d{1,2}|\d{4})(?!\d))\d{1,4}(?: \d{2,4}){3,8}(?![\p{L}\p{N}%€$£]|[.,]\d)/gu,
  /(?<![\p{L}\p{N}.,])\d{1,4}\s\p{Lu}[\p{L}\d]{0,4}\.(?:\s?[\p{L}\d]{1,5}\.?){0,4}\s(?:§{1,2}\s?)?(?:\d{1,5}|\uFFFC)(?![\p{L}\p{N}%€$£]|[.,]\d)/gu,
  // A barcode or an account at the beginning of what is said of it: 4006381333931 is sold out.
  /(?<=(?:^|[.!?:;]\s)[\s*_>-]{0,6})\d{8,20}(?=\s(?:is|are|was|has|will|can|ist|war|hat|est|était|es|está|è|é|har|är)\s)/gmu,
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?<!(?:${ofMany})\\s)(?:${sizes})\\s\\d{1,3}(?:\\s?[-–/]\\s?\\d{1,3})?${ends}${noMeasure}`,
    "giu",
  ),
  new RegExp(`(?<![\\p{L}\\p{N}])\\p{Ll}{1,2}\\p{Lu}\\p{L}{2,12}\\s\\d{1,3}${ends}${noMeasure}`, "gu"),
  /(?<=^|[.!?]\s|\b(?:and|with|from|by|for|client|customer|supplier|partner|account)\s)\d[A-Z](?=\s(?:and|is|are|was|were|has|have|will|wants?|asked)\b|[’']s\b|[,;)])/gmu,
  // An engine: its litres and its kind, behind a maker's name.
  new RegExp(`(?<=\\p{Lu}\\p{L}{1,20}\\s)\\d\\.\\d\\s(?!(?:${codes}|[KMGT]B|MW|KW)\\b)\\p{Lu}{2,4}${ends}`, "gu"),
  // In other languages the ordinal is a number with a point or a raised letter, and a noun behind it.
  /(?<=(?<!\p{L})(?:das|der|die|dem|den|des|im|am|zum|zur|beim|vom|ins|ab|unser|unsere[mnrs]?|dieses?|jede[mnrs]?|schon|bereits|det|för)\s)\d{1,3}\.(?=\s+\p{L})/giu,
  /(?<![\p{N}.,])\d{1,3}\.?[ºª](?:\s\p{Lu}(?!\p{L}))?/gu,
];

/** Behind what is covered by then: 28(3), 7.2(b), users.ts:118. */
export const behindNames: readonly RegExp[] = [
  /(?<=\uFFFC):\d{1,6}(?::\d{1,4})?(?![\p{L}\p{N}]|[.,]\d)/gu,
  /(?<=\uFFFC)(?:\.\d{1,3})?(?:\((?:\d{1,3}|\p{Ll}{1,4})\)){1,3}/gu,
];

const statuses =
  "200|201|202|203|204|205|206|301|302|303|304|307|308|400|401|402|403|404|405|406|408|409|410|411|412|413|414|415|416|418|421|422|423|424|425|426|428|429|431|451|500|501|502|503|504|505|507|508|511";
const ofHttp =
  /\b(?:HTTPS?|status codes?|endpoints?|response codes?|webhooks?|API|Statuscodes?|Endpunkte?|codes? (?:de )?(?:statut|estado|stato))\b/iu;
const answered = new RegExp(
  `(?<=(?<!\\p{L})(?:answers?|answered|returns?|returned|responds?|responded|responds?\\swith|gives?|gave|gets?|got|with|a|an|by|and|or|of|not|from|into|then|still|also|liefert|antwortet|mit|ein|eine|und|statt|renvoie|répond|un|une|et|devuelve|responde|con|y|restituisce|risponde|e)\\s)(?:${statuses})(?![\\p{L}\\p{N}%€$£]|[.,]\\d|\\s+(?!(?:on|twice|once|again|now|until|after|before|since|then|for|if|when|instead|and|or|to|at|in|with|from|by|is|was|as|bei|für|und|oder|statt|si|sur|pour|et|en|para|y|o|per|al|response|error|status|code)\\b)\\p{L})`,
  "giu",
);

/** In a sentence about a web service, the numbers by which it answers. */
export const coverStatuses = (line: string, covered: (found: string) => string): string =>
  ofHttp.test(line) ? line.replace(answered, covered) : line;
