import { codes, currencyWords } from "./number-words.ts";

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
const money = `${codes}|${Object.keys(currencyWords).join("|")}`;
/** Names of codes are short; longer words in capitals are headings, unless a hyphen makes them part of a reference. */
const kindOfCode = `(?!(?:${codes}|${measured})(?![\\p{L}\\p{N}]))(?:\\p{Lu}{2,4}(?!\\p{L})|(?:SWIFT|UNSPSC|EPREL|ECLASS)(?!\\p{L})|\\p{Lu}{5,6}(?=-\\d))`;
/** Nothing is counted behind it: the sentence goes on with no noun in the plural. */
const ends = "(?![\\p{L}\\p{N}_])";

/** Things of a house, a station, a harbour, a document that bear a number, in the singular. */
const labelled =
  "courtroom|berth|quay|pier|bay|aisle|shelf|rack|bin|desk|seat|row|coach|wagon|carriage|train|ward|bed|booth|stall|stand|locker|pump|machine|station|stop|pen|silo|tank|oven|" +
  "kiln|press|mill|pit|shaft|plot|crane|boat|trailer|ramp|chute|slot|cage|gate|yard|pier|jetty|runway|lift|elevator|hall|building|block|house|apartment|apt\\.?|flat|doc\\.?|docket|document|exhibit|schedule|recital|reg(?:ulation)?|directive|standard|episode|lesson|" +
  "class|grade|category|channel|camera|screen|printer|server|node|host|pod|shard|bucket|index|ledger|journal|policy|permit|licen[cs]e|contract|matter|motion|item|lot|set|kit|part|type|" +
  "Linie|Zimmer|Saal|Tor|Rampe|Maschine|Bahnsteig|Tisch|Regal|Gebäude|Haus|Etage|Wagen|Zug|Los|Charge|Ofen|Presse|Kasse|Platz|Kessel|Tank|Spur|Bus|Werk|Bett|Rampe|Schicht|Artikel|Absatz|Abs\\.|Art\\.|Ziffer|Satz|Pos\\.|" +
  "chambre|salle|quai|voie|porte|table|bâtiment|étage|lot|train|vol|rayon|poste|bureau|caisse|machine|four|article|alinéa|quai|ligne|" +
  "habitación|sala|andén|vía|puerta|mesa|edificio|planta|piso|lote|tren|vuelo|asiento|pasillo|muelle|máquina|caja|horno|artículo|apartado|línea|" +
  "camera|stanza|binario|porta|tavolo|piano|lotto|treno|volo|posto|linea|banchina|corsia|macchina|cassa|forno|articolo|comma|" +
  "quarto|cais|prédio|andar|comboio|trem|voo|linha|artigo|máquina|kamer|zaal|spoor|perron|deur|tafel|gebouw|verdieping|partij|trein|vlucht|lijn|artikel|lid|" +
  "rum|værelse|spår|perrong|bord|byggnad|tåg|linje|platform";
const sizes = "size|sizes|Größe|Gr\\.|Konfektionsgröße|taille|pointure|talla|número de pie|taglia|tamanho|maat|storlek|størrelse";
const ofMany =
  "sample|team|batch|file|queue|basket|deal|order|group|party|average|market|list|heap|pool|cluster|crew|family|ticket|cache|page|buffer|bundle|image|database|step|lot";

/** A label may begin a sentence; what it labels is in capitals. */
const eitherCase = (words: string): string =>
  words.replaceAll(/(?<=^|\|)\p{Ll}/gu, (letter) => `[${letter.toUpperCase()}${letter}]`);
const plates = eitherCase(
  "plates?|licen[cs]e\\splate|registration|reg\\.|Kennzeichen|Nummernschild|plaque|immatriculée?|immatriculation|matrícula|placa|targa|targato|targata|kenteken|registreringsnummer|chassis|VIN|IMO|MMSI",
);
const articles = eitherCase(
  "the|our|an|a|il|lo|la|le|el|un|una|une|del|dell[ao]|au|du|os|der|die|das|den|dem|ein|eine|een|het|de|det",
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
  // Roads.
  /(?<=(?<!\p{L})(?:the|die|der|auf|sur|la|el|de|van|på)\s|l[’'])[ABDEMNRS]\s\d{1,3}(?![\p{L}\p{N}]|[.,]\d|\s?[%€$£])/gu,
  new RegExp(`(?<=(?<!\\p{L})${endings}\\s)\\d{2,6}${ends}`, "giu"),
  /(?<=[•*x…]{2,12}\s?)\d{3,4}(?![\p{L}\p{N}])/giu,
  // Pallets of the European norm.
  /(?<![\p{L}\p{N}])(?:EUR|EPAL)[\s-]?[1-6](?=[\s-]+(?:pallets?|Palette|Paletten|palettes?|palés?|palets?|bancal[ei]?|pallar|pallen)(?!\p{L}))/giu,
  // EAN 4006381333931, UN 3480, DN 50, LEGO 10307: letters in capitals and a plain number.
  new RegExp(
    `(?<![\\p{L}\\p{N}]|[€$£]\\s?)(?<!(?<!\\p{L})(?:${codes}|${figures})[/ -])${kindOfCode}(?:[/ -]${kindOfCode}){0,2}[\\s-](?:\\d{1,2}\\.\\d{1,2}|\\d{1,14})(?:-\\d{1,5}){0,2}\\p{Lu}?(?![\\p{L}\\p{N}_])${noMeasure}(?!\\s?[/×x]\\s?\\d)`,
    "gu",
  ),
  // A barcode or an account: so long a number without groups measures nothing.
  new RegExp(
    `(?<![\\p{L}\\p{N}.,$€£¥₹+-])(?<!(?:[€$£¥₹]|(?<!\\p{L})(?i:${money}))\\s)\\d{10,20}(?![\\p{L}\\p{N}]|[.,]\\d|\\s?(?:[%€$£¥₹]|(?i:${money})(?!\\p{L}))|\\s+\\p{Ll}{2,30}(?:s|n|i)(?!\\p{L})|\\s(?:[kKMGT]?B|ms)\\b)`,
    "gu",
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}-])(?:${labelled})\\s(?:n[°º.]\\s?|no\\.?\\s|nr\\.?\\s)?(?:\\d{1,6}[a-zA-Z]?|[A-Z]\\d{1,4})(?:[./-]\\d{1,4}){0,3}${ends}${noMeasure}(?!\\s+(?:people|persons|customers|guests)\\b|\\s+(?-i:\\p{Lu}\\p{Ll}{2,20}(?:en|er|e|n))(?!\\p{L}))`,
    "giu",
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?<!(?:${ofMany})\\s)(?:${sizes})\\s\\d{1,3}(?:\\s?[-–/]\\s?\\d{1,3})?${ends}${noMeasure}`,
    "giu",
  ),
  // Called by an article, a product or a house: the Galaxy 24, il Frecciarossa 9631, the iPhone 15.
  new RegExp(
    `(?<=(?<!\\p{L})(?:${articles})\\s(?:new\\s|old\\s)?)\\p{Lu}[\\p{L}-]{2,24}\\s\\d{1,5}${ends}${noMeasure}(?!\\s+\\p{Ll}{2,20}s\\b)(?!\\s+\\p{Lu}\\p{Ll}{2,20}(?:n|er|e|s)(?!\\p{L}))`,
    "gu",
  ),
  new RegExp(`(?<![\\p{L}\\p{N}])\\p{Ll}{1,2}\\p{Lu}\\p{L}{2,12}\\s\\d{1,3}${ends}${noMeasure}`, "gu"),
  // In English the number of a name stands between two capitals: Studio 54 Events.
  new RegExp(
    `(?<=\\s(?:and|with|from|at|by|for|of|to|&)\\s|[.!?;]\\s|^)\\p{Lu}\\p{Ll}{2,20}\\s\\d{1,4}(?=\\s\\p{Lu}\\p{Ll}{2,20}\\s(?:is|are|was|were|has|have|and|will|wants?|asked)\\b)`,
    "gmu",
  ),
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
