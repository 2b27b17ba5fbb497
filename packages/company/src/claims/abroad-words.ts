/** Words of the languages that reports are written in beside English: German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian. */
const monthNames =
  "januar jänner januari janvier enero gennaio janeiro februar februari février fevrier febrero febbraio fevereiro märz maerz mars marzo março " +
  "maart marts april avril abril aprile mai mayo maggio maio mei maj juni juin junio giugno junho juli juillet julio luglio julho " +
  "august août aout agosto augustus augusti september septembre septiembre setiembre settembre setembro oktober octobre octubre ottobre " +
  "outubro november novembre noviembre novembro dezember décembre decembre diciembre dicembre dezembro december";

/** A month's name in another language, as it stands in a sentence: most languages write it small. */
export const monthsAbroad = monthNames
  .split(" ")
  .toSorted((a, b) => b.length - a.length)
  .map((name) => `[${name[0]!.toUpperCase()}${name[0]!}]${name.slice(1)}`)
  .join("|");

/** Between a day and its month, a month and its year. */
export const ofAbroad = "de|del|di|do|da|d[’']|van";
/** After the number of a day or of a part of the year. */
export const ordinalAbroad = "(?:\\.?[ºª°]|\\.|er|ère|re|ème|eme|ième|nd|e|o|a)";
export const partsOfYear =
  "Quartals?|Halbjahre?s?|Kalenderwoche|Geschäftsjahre?s?|trimestres?|semestres?|cuatrimestres?|kwartaal|kwartalen|halfjaar|kvartal(?:et)?|" +
  "trimestri|quadrimestre";
/** A year stands after these; what also stands before amounts (bis, hasta, tot) is left to the words around it. */
export const beforeYear =
  "im Jahre?|Jahr|Ende|Anfang|Mitte|Frühjahr|Frühling|Sommer|Herbst|Winter|seit|en|depuis|année|début|été|automne|hiver|printemps|" +
  "desde|año|finales de|principios de|verano|otoño|invierno|primavera|nel|dal|anno|fine|inizio|estate|autunno|inverno|em|ano|verão|" +
  "outono|sinds|jaar|eind|zomer|herfst|året|siden|sedan|sommeren|sommaren";
/** Units of measure, as a claim would call them. */
export const unitWordsAbroad: Readonly<Record<string, string>> = {
  prozent: "percent",
  "pour cent": "percent",
  "por ciento": "percent",
  "per cento": "percent",
  "por cento": "percent",
  procent: "percent",
  prosent: "percent",
  prozentpunkte: "percent",
  promille: "permille",
  millisekunden: "ms",
  millisecondes: "ms",
  milisegundos: "ms",
  millisecondi: "ms",
  milliseconden: "ms",
  sekunden: "s",
  sekunde: "s",
  secondes: "s",
  segundos: "s",
  secondi: "s",
  seconden: "s",
  sekunder: "s",
  minuten: "min",
  minutos: "min",
  minuti: "min",
  minuut: "min",
  minuter: "min",
  stunden: "h",
  stunde: "h",
  heures: "h",
  heure: "h",
  horas: "h",
  hora: "h",
  ore: "h",
  uren: "h",
  timer: "h",
  timmar: "h",
  tage: "d",
  tagen: "d",
  jours: "d",
  días: "d",
  dias: "d",
  giorni: "d",
  dagen: "d",
  dage: "d",
  dagar: "d",
  wochen: "wk",
  semaines: "wk",
  semanas: "wk",
  settimane: "wk",
  weken: "wk",
  uger: "wk",
  veckor: "wk",
  octets: "B",
};

export const currencyWordsAbroad: Readonly<Record<string, string>> = {
  franken: "CHF",
  dólares: "USD",
  dolares: "USD",
  dollari: "USD",
  libras: "GBP",
  pfund: "GBP",
  livres: "GBP",
  kroner: "kroner",
  kronor: "SEK",
};

/** The power of ten of a multiplier. */
export const multipliersAbroad: Readonly<Record<string, number>> = {
  tausend: 3,
  mille: 3,
  mil: 3,
  mila: 3,
  duizend: 3,
  tusen: 3,
  tusind: 3,
  millionen: 6,
  million: 6,
  millón: 6,
  millones: 6,
  milione: 6,
  milioni: 6,
  milhão: 6,
  milhões: 6,
  miljoen: 6,
  miljoner: 6,
  millioner: 6,
  milliarden: 9,
  milliarde: 9,
  milliard: 9,
  milliards: 9,
  miliardo: 9,
  miliardi: 9,
  miljard: 9,
  miljarder: 9,
};
