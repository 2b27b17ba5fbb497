/** Days and hours as other languages write them. */
const hour = "(?:[01]?\\d|2[0-4])";
const joint = "(?:et|à|a|y|e|und|bis|-|–|et\\sjusqu[’']à)";

export const hours: readonly RegExp[] = [
  // Am 15.03.; the preposition may begin the sentence.
  /(?<=(?<!\p{L})(?:am|bis|vom|zum|seit|ab|den|der|dem|d\.|il|al|dal|le|du|au|el|del|op)\s)(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?!\d)/giu,
  /(?<=(?<!\p{L})(?:am|bis|vom|zum|seit|ab|den)\s)(?:0?[1-9]|[12]\d|3[01])\.(?=\s?(?:und|bis|–|-|\/)\s?(?:0?[1-9]|[12]\d|3[01])\.)/giu,
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
