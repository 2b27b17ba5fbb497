import type { Tongue } from "./tongue-of.ts";

/** What stands between a number and the noun that it counts: adjectives, and no small word that begins something else. */
const goesOn =
  /^(?:of|and|or|to|in|at|on|by|for|from|with|as|than|but|is|was|are|were|be|been|has|have|had|will|if|when|that|who|which|it|we|they|von|und|oder|bis|in|am|an|im|auf|für|mit|ist|sind|war|waren|als|wenn|et|ou|de|à|en|sur|pour|par|est|sont|que|qui|y|o|a|por|con|es|son|si|e|di|per|da|il|la|le|les|los|las|van|of|op|te|is|och|att|som|i|på|og)$/iu;
const irregular =
  /^(?:people|men|women|children|staff|percent|per|feet|teeth|crew|kg|km|kilos?|aircraft|sheep|personnel|Leute)$/iu;
const plural: Readonly<Record<Tongue, RegExp>> = {
  en: /[^su’'i]s$/u,
  fr: /[sx]$/u,
  es: /s$/u,
  pt: /s$/u,
  it: /[ieaà]$/u,
  de: /^\p{Lu}/u,
  nl: /(?:en|s|ers)$/u,
  nordic: /(?:r|n|a|e|t)$/u,
};
const betweenMax: Readonly<Record<Tongue, number>> = { en: 3, de: 3, nl: 2, nordic: 2, fr: 1, es: 1, pt: 1, it: 1 };

/** Lengths of time that say when, not how long something took: "in ten minutes", "die letzten sieben Tage". */
const time =
  /^\s+(?:\p{L}+\s+)?(?:second|minute|hour|day|week|month|year|Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr|seconde|heure|jour|semaine|mois|an(?:s|née)|segundo|minuto|hora|día|semana|mes|año|ora|ore|giorn|settiman|mes[ei]|ann[oi]|dia|mês|ano|uur|uren|dag|weken|maand|jaar|timm|veck|månad|år)/iu;
const when =
  /(?:^|[^\p{L}])(?:in|within|every|after|during|since|last|next|past|previous|coming|first|innerhalb|seit|nach|alle|letzte[nr]?|nächste[nr]?|erste[nr]?|binnen|vor|dans|depuis|après|sous|derni(?:ers|ères)|prochaine?s|premi(?:ers|ères)|desde|tras|cada|dentro de|hace|últim[oa]s|próxim[oa]s|primer[oa]s|tra|fra|da|ogni|entro|dopo|ultim[ie]|prossim[ie]|prim[ie]|há|em|após|nos últimos|binnen|over|na|sinds|afgelopen|komende|inom|efter|under|om)\s+(?:the\s+|den\s+|der\s+|les\s+|los\s+|las\s+|le\s+|gli\s+|i\s+|de\s+)?$/iu;
/** What the text itself goes on to tell one by one: the reader counts it. */
const toldAfter = /^[^.;!?]{0,80}:\s*$/u;
const stated =
  /(?:[:=|]|(?:^|[^\p{L}])(?:was|were|is|are|totals?|totall?ed|counted|reached|war|waren|sind|lag bei|beträgt|était|étaient|est|sont|fue|fueron|son|era|erano|sono|foram|são|waren|zijn|var|är)(?:\s(?:only|just|exactly|nur|genau|solo|seulement|apenas))?)[\s*_]*$/iu;
const closed = /^[\s*_]*(?:$|[.;!)|](?!\d)|,\s+(?!\p{L}+\s*(?:,|and\b|or\b|und\b|et\b|y\b|e\b)))/u;
/** "Eighteen are broken": who they are was said before. */
const alone =
  /^\s(?:are|were|have|had|sind|waren|haben|hatten|sont|étaient|ont|son|eran|han|sono|erano|hanno|são|foram|zijn|hebben|är|har)(?!\p{L})/iu;
const begins =
  /(?:^|[.:;]\s|(?:^|[^\p{L}])(?:some|about|only|another|nearly|almost|rund|etwa|weitere|quelque|unos|circa|altri|otros|autres)\s)$/iu;
/** Words beside a number that make a saying of it. */
const saying = /^\s+(?:times\s+(?:over|out)|figures?\b|digits?\b|o[’']clock|past\b|Uhr\b|à\s|heures?\b|horas\b|ore\b)/iu;

/** Pure: the noun that a number in words counts, null where it counts nothing that the line names; "" where it stands as a figure alone. */
export function countedBy(before: string, after: string, tongue: Tongue): string | null {
  if (saying.test(after) || toldAfter.test(after)) return null;
  if (time.test(after) && when.test(before)) return null;
  const words =
    after
      .match(/^(?:\s+[\p{L}][\p{L}’'-]*){1,4}/u)?.[0]
      .trim()
      .split(/\s+/u) ?? [];
  for (const word of words.slice(0, betweenMax[tongue])) {
    if (goesOn.test(word)) break;
    if (word.length >= 3 && (irregular.test(word) || plural[tongue].test(word))) return word;
  }
  return (stated.test(before) && closed.test(after)) || (begins.test(before) && alone.test(after)) ? "" : null;
}
