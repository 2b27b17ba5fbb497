export type Tongue = "en" | "de" | "fr" | "es" | "it" | "pt" | "nl" | "nordic";

/** Small words that stand in nearly every sentence of a language. */
const small: Readonly<Record<Tongue, string>> = {
  en: "the of and was were is are we had has have with from for that this than it they our came by went at on been which stood over in out a to as",
  de: "der die das und ist sind war waren wir haben hatte im am bei von vom mit auf für nicht ein eine einen den dem zum zur es sich noch auch wurde wurden heute gestern über seit lag liegen",
  fr: "le la les des et est sont était nous avons avec pour dans du une au aux sur par il elle ce cette qui que hier été reste depuis pas",
  es: "el la los las y es son fue fueron hemos del con para por en una al se que no hoy ayer había hay han ha está más",
  it: "il lo gli le e è sono era erano abbiamo della del dei delle con per nel nella di da una un al si che ieri oggi stato stati più",
  pt: "o os as e é são foi foram temos do da dos das com para por no na em uma ao que não ontem hoje mais há",
  nl: "het een en is zijn was waren wij we hebben van met op voor in de niet dat bij gisteren vandaag te aan nog",
  nordic: "och det är var vi har med för på av en ett som inte i og er ikke til den af på igår idag blev",
};
const words = new Map<string, Tongue[]>();
for (const [tongue, list] of Object.entries(small) as [Tongue, string][])
  for (const word of list.split(" ")) words.set(word, [...(words.get(word) ?? []), tongue]);

const readMax = 4_000;

/** Pure: the language that most of a text's small words are of; null where there are none, or as many of another. */
export function tongueOf(text: string): Tongue | null {
  const counts = new Map<Tongue, number>();
  for (const [word] of text
    .slice(0, readMax)
    .toLowerCase()
    .matchAll(/\p{L}+/gu))
    for (const tongue of words.get(word) ?? []) counts.set(tongue, (counts.get(tongue) ?? 0) + 1);
  const [first, second] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return first && first[1] > (second?.[1] ?? 0) ? first[0] : null;
}
