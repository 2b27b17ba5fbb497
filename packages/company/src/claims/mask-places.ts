/** Where somebody lives and how to call them: numbers of houses, postal codes and telephones measure nothing. */

const name = "\\p{Lu}[\\p{L}’'.-]{0,30}";
/** "of", "the" and titles between the kind of a street and its name. */
const particle = "(?:d[eiuao]|del|della|delle|dei|des?|las?|le|les|los|el|San|Santa|St\\.?)";
const house = "\\d{1,4}(?:\\s?[-–/]\\s?\\d{1,4})?(?:\\s?[a-zA-Z](?![\\p{L}\\p{N}]))?(?:\\s(?:bis|ter|quater)(?!\\p{L}))?";
/** Languages that put the kind of street first. */
const kindFirst =
  "(?:rue|avenue|av\\.|boulevard|bd\\.?|chemin|quai|allée|impasse|cours|route|place|via|viale|v\\.le|piazza|piazzale|corso|largo|vicolo|" +
  "lungomare|calle|c/|avenida|avda\\.?|plaza|paseo|ronda|carretera|rua|praça|travessa|alameda|estrada|rambla)";
/** Those that put it last, as a word of its own or grown together with the name. */
const kindLast =
  "(?:St\\.?|Street|Ave\\.?|Avenue|Blvd\\.?|Boulevard|Rd\\.?|Road|Lane|Ln\\.?|Drive|Dr\\.|Way|Square|Sq\\.|Court|Place|Pl\\.|Parkway|Pkwy\\.?|Highway|Hwy\\.?|Terrace|Crescent|Row|Wharf|Quay)";
const grownTogether =
  "(?:stra(?:ße|sse)|str\\.|weg|platz|allee|gasse|ring|damm|ufer|markt|chaussee|steig|straat|laan|plein|gracht|kade|dijk|singel|gatan|vägen|gata|veien|vej|gade|torget|torv|katu|tie)";
const streetWord = `(?:${name}[\\s-]){0,2}(?:\\p{Lu}\\p{L}{0,30}${grownTogether}|(?:Am|Im|An|Auf|Zum|Zur)\\s(?:der|den|dem)?\\s?\\p{Lu}\\p{L}{2,30}${grownTogether}|\\p{Lu}[\\p{L}-]{1,30}[\\s-](?:Stra(?:ße|sse)|Str\\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Markt))`;
/** After a street: the postal code with its town, a floor, a door. */
const postal = `(?:,?\\s{1,2}(?:[A-Z]{1,2}[- ])?(?:\\d{4,5}(?:-\\d{3,4})?|\\d{3}\\s\\d{2})(?=\\s+\\p{Lu})(?:\\s+[A-Z]{2}(?=\\s+\\p{Lu}))?)?`;
const inside = `(?:,\\s{0,2}\\d{1,3}\\.?[ºª°]?(?:\\s?[A-Za-z]|\\s(?:izq|dcha|dto|esq)\\.?)?(?![\\p{L}\\p{N}]|[.,]\\d)){0,2}`;

export const places: readonly RegExp[] = [
  // 12, rue de la Paix, 75002 Paris; rue de la Paix 12; C/ Mayor, 8, 2.º B; piazza Garibaldi 5, 80142 Napoli.
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${kindFirst.toLowerCase()}|${kindFirst.replaceAll(/(?<=[(|])\p{Ll}/gu, (letter) => letter.toUpperCase())})\\s*` +
      `(?:${particle}\\s+|[dl][’']){0,3}${name}(?:[\\s-](?:${particle}\\s+){0,2}${name}){0,3},?\\s+(?:n[°º.]\\s?|núm\\.\\s?)?${house}(?!\\d|[.,]\\d)${inside}${postal}`,
    "gu",
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}.,])${house},?\\s+${kindFirst}\\s+(?:${particle}\\s+|[dl][’']){0,3}${name}(?:[\\s-]${name}){0,3}${postal}`,
    "giu",
  ),
  // 1200 Harbour Blvd, Suite 450; Ludwigstraße 14, 67059 Ludwigshafen; Am Alten Markt 3.
  new RegExp(
    `(?<![\\p{L}\\p{N}.,])${house}\\s+(?:(?:North|South|East|West|[NSEW]\\.?)\\s)?(?:${name}\\s+){1,3}${kindLast}(?!\\p{L})`,
    "gu",
  ),
  new RegExp(`(?<![\\p{L}\\p{N}])${streetWord}\\s+${house}(?![\\p{L}\\p{N}%€$£]|[.,]\\d|\\s?[%€$£])${postal}`, "gu"),
  // A town with its state or its country before the code; a code that says what it is.
  /(?<=\p{Lu}\p{L}+,?\s)(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\s\d{5}(?:-\d{4})?(?![\p{L}\p{N}]|[.,]\d)/gu,
  /(?<![\p{L}\p{N}])(?:[ABDFIL]|CH|NL|DK|SE|ES|FR|IT|PT)-\d{4,5}(?=\s+\p{Lu})/gu,
  /(?<![\p{L}\p{N}])(?:zip(?:\scode)?|postcode|postal\scode|post\scode|PLZ|Postleitzahl|code\spostal|CP|CAP|código\spostal|C\.P\.|postnummer|P\.?\s?O\.?\sBox|Postfach|BP|apartado\s(?:de\scorreos)?)\s*:?\s*\d{2,6}(?:-\d{3,4})?(?![\p{L}\p{N}]|[.,]\d)/giu,
  /(?<=\uFFFC,\s?)(?:\d{4,5}|\d{3}\s\d{2})(?=\s+\p{Lu}\p{L}+)/gu,
  /(?<=(?<!\p{L})(?:in|à|nach|en|te)\s)\d{5}(?=\s+\p{Lu}\p{L}+\s*(?:[.,;)]|$))/gu,
];

const calls =
  "tel|tél|tlf|telephone|téléphone|teléfono|telefono|telefone|telefoon|Telefon|phone|fax|mobile?|mobil|móvil|cellulare|cell|telemóvel|Handy|hotline|Rufnummer|Durchwahl|portable|WhatsApp";

/** Telephone numbers as other countries write them. */
export const phonesWithPoints = /(?<![\p{L}\p{N}.,-])0\d(?:\.\d{2}){4}(?![\p{L}\p{N}]|[.,]\d)/gu;

export const phonesAbroad: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${calls})\\.?(?:\\s(?:number|no\\.?|Nr\\.?|n[°º])|(?:\\s\\p{L}{2,12}){1,2}(?=:))?[\\s:]{0,3}(?:\\(?\\+?\\d(?:[\\s.()/-]{0,2}\\d){4,14})(?![\\p{L}\\p{N}%])`,
    "giu",
  ),
  // In groups of two, as no amount is written: 612 34 56 78.
  /(?<![\p{L}\p{N}.,]|\d[\s\u00A0\u202F])\d{2,4}(?:[ \u00A0.]\d{2}){3,4}(?![\p{L}\p{N}%]|[.,]\d|[ \u00A0]\d)/gu,
  // In groups, the first with a nought before it: 04 72 55 01 42, 0621 555-0199, 06 12 34 56 78, 020 7946 0018.
  /(?<![\p{L}\p{N}.,]|\d[\s\u00A0\u202F])\(?0\d{1,4}\)?(?:(?:[\u00A0.-]|\s?[\s/-]\s?)\d{2,4}){2,5}(?![\p{L}\p{N}%]|[.,]\d)/gu,
];
