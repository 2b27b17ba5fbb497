import { hostilePayloads } from "./hostile-payloads.ts";

const evil = "http://evil.example";
const code = (character: string): string => character.codePointAt(0)!.toString(16);

const tags = ["img", "svg", "video", "audio", "body", "input", "details", "marquee", "iframe", "object", "a", "form", "math"];
const handlers = ["onerror", "onload", "onfocus", "ontoggle", "onbegin", "onmouseenter"];
const markup = tags.flatMap((tag) =>
  handlers.map(
    (handler, at) => (at % 2 === 0 ? "" : `'">`) + `<${tag} src=x href=x ${handler}=alert(1) autofocus open tabindex=0>`,
  ),
);

const schemes = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
];
const addresses = [...schemes, "vbscript:alert(1)", `${evil}/x`, "//evil.example/x", "\\\\evil.example\\x", "file:///etc/passwd"];
const markdown = addresses.flatMap((address) => [
  `[read the receipt](${address})`,
  `![chart](${address} "a title")`,
  `[x]: ${address}\n\nread [this][x] and ![that][x]`,
  `<a href="${address}">more</a> <${address}>`,
]);

// Colours, moves, an erased line, a title, a link of terminals, a reset, in both spellings of the introducer.
const sequences = ["[31m", "[2J", "[1A", "[2K", "]0;title\u0007", "]8;;http://evil.example\u0007", "c", "[?1049h"];
const ansi = sequences.flatMap((sequence) => [`\u001b${sequence}DENIED\u001b[0m`, `\u009b${sequence}\rAPPROVED`]);

const turns = ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u200e", "\u200f", "\u061c"];
const bidi = turns.flatMap((turn) => [`pay ${turn}001$ to Bob`, `${turn}file${turn}gpj.exe`, `${turn.repeat(120)}unbalanced`]);

const nothings = ["\u200b", "\u200c", "\u200d", "\u2060", "\u2063", "\ufeff", "\u00ad", "\u180e", "\u3164", "\u{e0061}"];
const zeroWidth = nothings.flatMap((nothing) => [`ap${nothing}prove`, `alice@exam${nothing}ple.com`, nothing.repeat(150)]);

const lookalikes = [
  "p\u0430ypal.com",
  "\u0410pprove",
  "g\u043e\u043egle",
  "m\u0456crosoft",
  "\u03bfffice",
  "\u0555range",
  "Ap\u13ae",
];
const more = [
  "\u{1d5ba}lice",
  "\u216cLC",
  "evil\u2215example",
  "$5\u041e0",
  "$\u04170",
  "\u0455cope",
  "https://\u0430\u0440\u0440\u04cf\u0435.com/",
];
const homoglyphs = [...lookalikes, ...more].flatMap((word) => [word, `pay ${word} now`]);

const nulls = ["\0", "a\0b", "\0<script>alert(1)</script>", "<img\0src=x onerror=alert(1)>", "\0".repeat(500)];
const units = [
  "W",
  "\u6f22",
  "\ufdfd",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "a\u0300\u0301\u0302\u0303",
  "\n",
  "\t",
  " ",
  "<",
  "&nbsp;",
];
const long = units.map((unit) => `long ${unit.repeat(Math.ceil(300 / unit.length))} end`);
/** One of each kind that no page may grow by. */
const floods = ["x", "\u200b", "\u202e", "\n", "\u0300"].map((unit) => `flood ${unit.repeat(4_000)} end`);
const broken = [
  `{"a":`,
  "%00%0a%0d",
  "${7*7}",
  "\\u003cscript\\u003e",
  "\r\n\r\n",
  "\ud83d",
  "<!--",
  "<![CDATA[",
  "__proto__",
  "constructor",
];

/**
 * Three hundred and more: markup, Markdown, terminal sequences, reordering, nothing, letters that pass for others, NUL, and far too much.
 * Each is told apart from all others.
 */
export const hostileFamilies: string[] = [
  ...new Set([
    ...hostilePayloads,
    ...markup,
    ...markdown,
    ...ansi,
    ...bidi,
    ...zeroWidth,
    ...homoglyphs,
    ...nulls,
    ...long,
    ...floods,
    ...broken,
  ]),
];

/** What stands on the page for a letter that passes for another: its code beside it. */
export const codeBeside = (character: string): string => `${character}U+${code(character).toUpperCase().padStart(4, "0")}`;
