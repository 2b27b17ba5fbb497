import type { Tongue } from "./tongue-of.ts";

export const table = (words: string, from: number, step = 1): [string, number][] =>
  words.split(" ").flatMap((word, at) => word.split("|").map((one): [string, number] => [one, from + at * step]));

export interface NumberTongue {
  name: Tongue;
  small: ReadonlyMap<string, number>;
  /** Multiply what stands before them; alone they are a manner of speaking, or the half of a per cent. */
  scales: ReadonlyMap<string, number>;
  joint: ReadonlySet<string>;
}

const english: NumberTongue = {
  name: "en",
  small: new Map([
    ...table(
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
      1,
    ),
    ...table("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    ["dozen", 12],
  ]),
  scales: new Map([
    ["hundred", 100],
    ["thousand", 1_000],
    ["million", 1_000_000],
    ["billion", 1_000_000_000],
  ]),
  joint: new Set(["and"]),
};
const french: NumberTongue = {
  name: "fr",
  small: new Map([
    ...table("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize", 2),
    ...table("vingt|vingts trente quarante cinquante soixante", 20, 10),
    ...table("septante huitante|octante nonante", 70, 10),
    ["un", 1],
    ["une", 1],
  ]),
  scales: new Map([
    ["cent", 100],
    ["cents", 100],
    ["mille", 1_000],
  ]),
  joint: new Set(["et"]),
};
const spanish: NumberTongue = {
  name: "es",
  small: new Map([
    ...table("dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince", 2),
    ...table(
      "veinte veintiuno|veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
      20,
    ),
    ...table("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10),
    ...table("doscientos|doscientas trescientos|trescientas cuatrocientos|cuatrocientas quinientos|quinientas", 200, 100),
    ...table("seiscientos|seiscientas setecientos|setecientas ochocientos|ochocientas novecientos|novecientas", 600, 100),
    ["uno", 1],
    ["una", 1],
  ]),
  scales: new Map([["mil", 1_000]]),
  joint: new Set(["y"]),
};

const elided = (tens: string, one: string): string =>
  (/^[uo]/.test(one) ? tens.slice(0, -1) : tens) + (one === "tre" ? "tré" : one);
/** Italian and Dutch write a number as one word, too: trentacinque, duemila, vijfendertig. */
function italianWords(): [string, number][] {
  const low = "uno due tre quattro cinque sei sette otto nove".split(" ");
  const teens = "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove".split(" ");
  const tens = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split(" ");
  const under: string[] = [...low, ...teens];
  for (const ten of tens) under.push(ten, ...low.map((one) => elided(ten, one)));
  const all: [string, number][] = under.map((word, at) => [word, at + 1]);
  for (const [at, times] of ["", ...low.slice(1)].entries()) {
    const hundred = `${times}cento`;
    all.push(
      [hundred, (at + 1) * 100],
      ...under.map((word, one): [string, number] => [hundred + word, (at + 1) * 100 + one + 1]),
    );
  }
  return [
    ...all.filter(([word]) => word !== "uno"),
    ...all.filter(([, value]) => value > 1).map(([word, value]): [string, number] => [`${word}mila`, value * 1_000]),
  ];
}
const dutchLow = "een twee drie vier vijf zes zeven acht negen";
const dutchTens = "twintig dertig veertig vijftig zestig zeventig tachtig negentig";
const dutchWords: [string, number][] = [
  ...table(dutchLow.slice(4), 2),
  ...table("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien", 10),
  ...table(dutchTens, 20, 10),
  ...table(dutchTens, 20, 10).flatMap(([tens, value]) =>
    table(dutchLow, 1).map(([one, low]): [string, number] => [`${one}${one.endsWith("e") ? "ën" : "en"}${tens}`, value + low]),
  ),
];
const none: ReadonlySet<string> = new Set();
const italian: NumberTongue = { name: "it", small: new Map(italianWords()), scales: new Map([["mille", 1_000]]), joint: none };
const dutch: NumberTongue = {
  name: "nl",
  small: new Map(dutchWords),
  scales: new Map([
    ["honderd", 100],
    ["duizend", 1_000],
  ]),
  joint: none,
};
const portuguese: NumberTongue = {
  name: "pt",
  small: new Map([
    ...table("dois|duas três quatro cinco seis sete oito nove dez onze doze treze catorze|quatorze quinze", 2),
    ...table("dezesseis|dezasseis dezessete|dezassete dezoito dezenove|dezanove", 16),
    ...table("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa", 20, 10),
    ...table("duzentos|duzentas trezentos|trezentas quatrocentos|quatrocentas quinhentos|quinhentas", 200, 100),
  ]),
  scales: new Map([["mil", 1_000]]),
  joint: new Set(["e"]),
};
const nordic: NumberTongue = {
  name: "nordic",
  small: new Map([
    ...table("två|to tre fyra|fire fem sex|seks sju|syv åtta|åtte|otte nio|ni tio|ti elva|elleve|elve tolv", 2),
    ...table(
      "tretton|tretten fjorton|fjorten|fjorten femton|femten sexton|seksten|sejsten sjutton|sytten|sytten arton|atten nitton|nitten",
      13,
    ),
    ...table("tjugo|tyve trettio|tretti fyrtio|førti femtio|femti sextio|seksti sjuttio|sytti åttio|åtti nittio|nitti", 20, 10),
  ]),
  scales: new Map([
    ["hundra", 100],
    ["tusen", 1_000],
  ]),
  joint: none,
};
/** Small ones only: what is composed is one word of its own grammar. */
const germanSmall: NumberTongue = {
  name: "de",
  small: new Map(
    table(
      "zwei|zwo drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
      2,
    ),
  ),
  scales: new Map(),
  joint: none,
};
export const numberTongues: readonly NumberTongue[] = [english, french, spanish, germanSmall, italian, portuguese, dutch, nordic];

/** Words of another language that mean something else: they are numbers where the sentence is of their own. */
export const meansElse: ReadonlySet<string> = new Set(
  "once due sei sept six dix neuf elf acht tres tre onze fire sex to ni ti fem tien seize quince dos mil cent cinco nove doze deze uno una un une um drie zes tolv atten nitten elva sette otto otte sete dez ti".split(
    " ",
  ),
);
