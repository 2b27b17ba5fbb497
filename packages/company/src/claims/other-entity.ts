import type { Claim } from "@aito/protocol";
import { toldTimes } from "./told-times.ts";

interface Placed {
  start: number;
  end: number;
  claims: readonly Claim[];
}

/** What stands for the whole: a sentence need not name it. */
const whole = /^(?:company|all|total|overall|everything|group|global|us|we|firma|unternehmen|entreprise|empresa|azienda)$/iu;
const stem = (word: string): string =>
  word
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replace(/(?:es|en|s|n|e)$/u, "");
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]{2,}/gu) ?? [];

/** One of many of a kind: what stands before it is which. */
const kind =
  "team|queue|store|branch|site|office|region|warehouse|department|plant|service|channel|desk|shop|crew|campaign|market|location|hub|depot|restaurant|hotel|clinic|ward|server|cluster|product|line|shift|" +
  "Team|Filiale|Werk|Standort|Abteilung|Lager|équipe|agence|site|magasin|service|équipo|equipo|tienda|sucursal|oficina|almacén|squadra|negozio|filiale|sede|reparto|magazzino";
const article =
  "(?:the|our|its|their|der|die|das|dem|den|unser(?:e[nmrs]?)?|le|la|les|l[’']|notre|el|los|las|nuestr[oa]|il|lo|gli|nostr[oa])";
/** "50 % of the office team", "17 in the Leeds shop", "12 von der Filiale Bonn". */
const behind = new RegExp(
  `^[\\s*_]*(?:\\p{Ll}{3,20}\\s)?(?:of|in|at|for|from|by|on|bei|in|im|aus|von|beim|de|du|des|en|dans|pour|di|del|della|dell[’']|nel|nella|per)\\s?(?:${article}\\s?)?(?:(?<before>[\\p{L}\\p{N}-]{2,30})\\s(?:${kind})|(?:${kind})\\s(?:d[eiu]l?\\s|d[’'])?(?<after>\\p{Lu}[\\p{L}-]{2,30}))(?!\\p{L})`,
  "u",
);
/** "The York branch sold 91", "La tienda de Sevilla vendió 77": named in the same clause before it. */
const ahead = new RegExp(
  `(?:^|[\\s(])(?:(?:[Tt]he|[Oo]ur|[Dd]er|[Dd]ie|[Dd]as|[Uu]nsere?|[Ll]e|[Ll]a|[Ll][’']|[Ee]l|[Ii]l|[Ll]o)\\s?)(?:(?<before>\\p{Lu}[\\p{L}-]{2,30})\\s(?:${kind})|(?:${kind})\\s(?:d[eiu]l?\\s|d[’'])?(?<after>\\p{Lu}[\\p{L}-]{2,30}))\\s[^.;:!?,]{0,40}$`,
  "u",
);
const had =
  "had|has|saw|sees|reported|counted|recorded|logged|reached|hit|made|sold|brought|got|gave|drew|took|earned|spent|shipped|won|lost|served|handled|hatte|hat|zählte|verzeichnete|meldete|a\\seu|avait|compte|enregistre|tuvo|tiene|registró|contó|ha\\savuto|aveva|registra|conta|teve|had|heeft|telde|hade";
/** "Search had 1,377", at the beginning of what a clause says. */
const subject = new RegExp(
  `(?:^|[.:;,–—]\\s|\\b(?:and|but|while|und|aber|et|mais|y|pero|e|ma)\\s)(?:${article}\\s)?(?<name>[\\p{L}\\p{N}_-]{2,30}(?:\\s[\\p{L}\\p{N}_-]{2,30})?)\\s(?:${had})\\s(?:only\\s|just\\s|nur\\s)?[*_]*$`,
  "iu",
);
/** "In Wales": a place that a sentence names. */
const place =
  /(?<![\p{L}\p{N}])(?:in|at|from|for|aus|bei|nach|à|en|di|van)\s(?<name>\p{Lu}\p{Ll}[\p{L}-]{2,30})(?![\p{L}\p{N}]|\s?[\p{Lu}\d])/gu;
/** Nobody's name. */
const pronoun =
  /^(?:we|i|you|he|she|it|they|who|which|that|this|there|everyone|everybody|nobody|one|all|both|each|team|company|customers?|people|month|week|year|quarter|day|today|yesterday|total|result|report|number|count|and|also|then|system|wir|ich|er|sie|es|man|das|dies|nous|on|il|elle|ils|elles|ce|cela|nosotros|ellos|ella|noi|loro|essa|uno|se|ci|which|what|now|still|only)$/iu;

/** The only place that a sentence names, where the claims are each about one by its own name. */
function placeIn(sentence: string, claims: readonly Claim[]): string | undefined {
  if (!claims.every(({ entity }) => /^\p{Lu}\p{Ll}+$/u.test(entity))) return undefined;
  const named = [...sentence.matchAll(place)]
    .map(({ groups }) => groups!["name"]!)
    .filter((each) => toldTimes(`in ${each}`).length === 0);
  return named.length === 1 ? named[0] : undefined;
}

/** Pure: the words of a text as names are looked up among them. */
export const wordsSaid = (text: string): ReadonlySet<string> => new Set(wordsOf(text).map(stem));

/**
 * Pure: the numbers of a sentence that are said of somebody by name, where nothing in the text names whom their claims are about.
 * `said`: the words of the whole text, asked for only where they matter.
 */
export function ofOtherEntity<T extends Placed>(sentence: string, said: () => ReadonlySet<string>, numbers: readonly T[]): T[] {
  return numbers.filter(({ start, end, claims }) => {
    if (claims.length === 0 || claims.some(({ entity }) => whole.test(entity.trim()))) return false;
    const name =
      behind.exec(sentence.slice(end, end + 90))?.groups ??
      (subject.exec(sentence.slice(Math.max(0, start - 90), start)) ?? ahead.exec(sentence.slice(Math.max(0, start - 90), start)))
        ?.groups;
    const other = name?.["before"] ?? name?.["after"] ?? name?.["name"] ?? placeIn(sentence, claims);
    if (other === undefined || wordsOf(other).some((word) => pronoun.test(word))) return false;
    const own = new Set(claims.flatMap(({ metric, unit }) => wordsOf(`${metric.replaceAll("_", " ")} ${unit}`)).map(stem));
    if (wordsOf(other).some((word) => own.has(stem(word)))) return false;
    return claims.every(({ entity }) => wordsOf(entity).every((word) => !said().has(stem(word))));
  });
}
