/** Days and hours as other languages write them. */
const hour = "(?:[01]?\\d|2[0-4])";
const joint = "(?:et|à|a|y|e|und|bis|-|–|et\\sjusqu[’']à)";

const spans =
  "seconds?|minutes?|hours?|days?|nights?|weeks?|weekends?|months?|quarters?|years?|Sekunden?|Minuten?|Stunden?|Tagen?|Wochen?|Monaten?|Quartalen?|Jahren?|heures?|jours?|semaines?|mois|ans|horas?|d[ií]as?|semanas?|mes(?:es)?|años?|ore|giorni|settimane|mesi|anni|anos?|uur|dagen|weken|maanden|jaar|timmar|dagar|dagarna|veckor|veckorna|månader|år";
const near =
  "last|past|previous|next|coming|following|letzten?|vergangenen?|vorigen?|nächsten?|kommenden?|derni[eè]re?s|prochaine?s|últim[oa]s|próxim[oa]s|pasad[oa]s|ultim[ei]|scors[ei]|prossim[ei]|afgelopen|komende|laatste|volgende|senaste|kommande";

export const hours: readonly RegExp[] = [
  // A span that says when: the last 7 days, 3 weeks ago. How long something took is a figure.
  new RegExp(
    `(?<=(?<!\\p{L})(?:${near})\\s)\\d{1,3}(?=\\s(?:(?:business|working|full|calendar|trading)\\s)?(?:${spans})(?!\\p{L}))`,
    "giu",
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}.,])\\d{1,3}(?=\\s(?:derni[eè]re?s|prochaine?s|(?:${spans})\\s(?:ago|fa|geleden|sedan|earlier|later)(?!\\p{L})))`,
    "giu",
  ),
  new RegExp(
    `(?<=(?<!\\p{L})(?:il\\sy\\sa|hace|há|vor)\\s)\\d{1,3}(?=\\s(?:Sekunden|Minuten|Stunden|Tagen|Wochen|Monaten|Jahren|heures|jours|semaines|mois|ans|horas|d[ií]as|semanas|meses|años|anos)(?!\\p{L}))`,
    "giu",
  ),
  // Am 15.03.; the preposition may begin the sentence.
  /(?<=(?<!\p{L})(?:am|bis|vom|zum|seit|ab|den|der|dem|d\.|il|al|dal|le|du|au|el|del|op)\s)(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?!\d)/giu,
  /(?<=(?<!\p{L})(?:am|bis|vom|zum|seit|ab|den)\s)(?:0?[1-9]|[12]\d|3[01])\.(?=\s?(?:und|bis|–|-|\/)\s?(?:0?[1-9]|[12]\d|3[01])\.)/giu,
  /(?<=(?<!\p{L})a\slas?\s)(?:[01]?\d|2[0-4])(?![.,:]\d)(?=\s*(?:[.,;)]|$)|\s(?:con|y|de|en|para|por|hasta|a)(?!\p{L}))/gimu,
  // Entre 14 h et 16 h, de 9h à 18h, zwischen 14 und 16 Uhr.
  new RegExp(
    `(?<=(?<!\\p{L})(?:entre|de|dès|von|zwischen|tra\\sle|fra\\sle|dalle|das|tussen)\\s(?:las?\\s)?)${hour}\\s?(?:(?:h|heures)\\s?[0-5]\\d|h|heures|Uhr|horas|ore|uur)?\\s${joint}\\s(?:las?\\s|le\\s)?${hour}\\s?(?:h|heures|Uhr|horas|ore|uur)(?![\\p{L}\\p{N}])`,
    "giu",
  ),
  new RegExp(
    `(?<=(?<!\\p{L})(?:à|vers|dès|avant|après|jusqu[’']à|depuis)\\s)${hour}\\s?(?:h|heures)(?:\\s?[0-5]\\d)?(?![\\p{L}\\p{N}])`,
    "giu",
  ),
  // Between 3 and 5 pm.
  new RegExp(
    `(?<=(?<!\\p{L})(?:between|from)\\s)${hour}\\s(?:and|to|until)\\s${hour}\\s?(?:[ap]\\.?m\\.?|o[’']clock)(?!\\p{L})`,
    "giu",
  ),
  new RegExp(
    `(?<=\\b(?:opens?|closes?|starts?|begins?|ends?|leaves?|arrives?|meets?|meeting)\\s(?:again\\s)?(?:at|by|around)\\s)${hour}(?=\\s*(?:[.,;)]|$))`,
    "giu",
  ),
  // Ore 9.30; alle 9.30; las 9.30; um 9.30; kl. 9.30.
  new RegExp(
    `(?<=(?<!\\p{L})(?:ore|alle|dalle|alle\\sore|las|às|um|gegen|kl\\.?|om|h\\.)\\s)${hour}[.:][0-5]\\d(?![\\p{L}\\p{N}%€$£]|[.,]\\d|\\s?(?:[%€$£]|Euro|Mio))`,
    "giu",
  ),
  new RegExp(`(?<=(?<!\\p{L})(?:ore|dalle|alle)\\s)${hour}(?=\\s(?:alle|e|del|di|in|si)(?!\\p{L})|[.,;)]|$)`, "giu"),
];
