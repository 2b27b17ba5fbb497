import { codeCharactersMax } from "./data-blocks.ts";
import { fencesOf, isProse } from "./fences.ts";
import { behindNames, coverStatuses, named } from "./mask-codes.ts";
import { isLabelWord } from "./label-words.ts";
import { hours } from "./mask-hours.ts";
import { coverFurther, coverLabels, type LabelContext } from "./mask-labels.ts";
import {
  addresses,
  bareYear,
  countedAfter,
  figureInCode,
  inlineCode,
  lists,
  measuresBefore,
  names,
  partOfYear,
  phones,
  whens,
} from "./mask-patterns.ts";
import { undisguised } from "./undisguised.ts";
import { tongueOf } from "./tongue-of.ts";
import { phonesAbroad, phonesWithPoints, places } from "./mask-places.ts";

/** Stands where something that is no quantity was; as long as what it covers, so that offsets stay. */
const cover = "\uFFFC";
/** No line is read longer at once: whatever a text is made of, reading it takes time in proportion to its length. */
const pieceCharactersMax = 1_500;

/**
 * The text with everything covered that holds digits and is no quantity: days and times, versions, names, phone numbers, addresses,
 * code, list numbers, and quoted titles. As long as the text.
 */
export function maskText(text: string, titles: readonly string[] = [], figures: ReadonlySet<string> = new Set()): string {
  const plain = undisguised(text);
  const lines = coverTitles(plain, titles).split("\n");
  const context: LabelContext = { tongue: tongueOf(plain), figures };
  const fenced = fencedLines(lines);
  return coverCells(lines)
    .map((line, index) =>
      fenced.has(index)
        ? maskCode(line, context)
        : piecesOf(line)
            .map((piece) => maskPiece(piece, context))
            .join(""),
    )
    .join("\n");
}

/** In this order: what is written with a name or a place around it is told from days and times first. */
const first = [...places, phonesWithPoints, ...phones, ...hours, ...whens, ...phonesAbroad];
const then = [...named, ...names, ...behindNames, ...lists];

function maskPiece(piece: string, context: LabelContext): string {
  if (piece.trim() === "") return piece;
  let masked = piece.replace(inlineCode, (found) => (figureInCode.test(found) ? found : covered(found)));
  for (const pattern of addresses) masked = masked.replace(pattern, covered);
  masked = coverQuotations(masked);
  masked = coverStatuses(masked, covered);
  for (const pattern of first) masked = masked.replace(pattern, covered);
  masked = coverLabels(masked, context, covered);
  for (const pattern of then) masked = masked.replace(pattern, covered);
  masked = coverFurther(masked, covered);
  return masked.replace(bareYear, (found, at: number, whole: string) => (isYear(whole, at, found) ? covered(found) : found));
}

function isYear(text: string, at: number, found: string): boolean {
  const before = text.slice(Math.max(0, at - 40), at);
  if (partOfYear.test(before)) return true;
  return !measuresBefore.test(before) && !countedAfter.test(text.slice(at + found.length, at + found.length + 60));
}

/** Nobody writes code in lines so long: sentences between its signs are read. */
const maskCode = (line: string, context: LabelContext): string =>
  line.length <= codeCharactersMax
    ? covered(line)
    : line
        .split(/(?<=[{}<>=;$|\\])/u)
        .flatMap(piecesOf)
        .map((piece) => (isProse(piece) ? maskPiece(piece, context) : covered(piece)))
        .join("");

/** Long lines in pieces, cut at a space. */
function piecesOf(line: string): string[] {
  const pieces: string[] = [];
  let left = line;
  while (left.length > pieceCharactersMax) {
    const space = left.lastIndexOf(" ", pieceCharactersMax);
    const at = space > 0 ? space : pieceCharactersMax;
    pieces.push(left.slice(0, at));
    left = left.slice(at);
  }
  return [...pieces, left];
}

/** Lines of fenced code, and of code that is set in by four columns after an empty line. */
function fencedLines(lines: readonly string[]): Set<number> {
  const within = new Set<number>();
  const fences = fencesOf(lines);
  for (const { opened, closed } of fences) {
    for (let index = opened; index <= Math.min(closed, lines.length - 1); index++) within.add(index);
  }
  let list = false;
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:[-*+]|\d{1,3}[.)])\s/u.test(line)) list = true;
    else if (/^\S/u.test(line)) list = false;
    const before = lines[index - 1] ?? "";
    if (!list && /^(?: {4}|\t)\s*\S/u.test(line) && (before.trim() === "" || within.has(index - 1))) within.add(index);
  }
  for (const index of within) if (isProse(lines[index]!)) within.delete(index);
  for (const { opened, closed } of fences) {
    if (closed === lines.length || !/^\s*[`~]+\s*$/u.test(lines[opened]!)) continue;
    if (areFigures(lines.slice(opened + 1, closed))) for (let index = opened + 1; index < closed; index++) within.delete(index);
  }
  return within;
}

/** A fence without a language in which each line is a label and its number is a table, whatever it is dressed as. */
function areFigures(lines: readonly string[]): boolean {
  const full = lines.filter((line) => line.trim() !== "");
  return full.length > 1 && full.every(isFigure);
}

/** The label has no digits, so that the first one parts it from its number. */
function isFigure(line: string): boolean {
  const at = line.search(/\d/);
  return (
    at > 0 &&
    at <= figureLabelMax &&
    /^\s*\p{L}[\p{L} ()/%€$.-]{0,60}(?:\s{2,}|\t|:\s+)[-+€$£]?$/u.test(line.slice(0, at)) &&
    /^[\d.,’' ]+\s?[\p{L}%€$£]{0,12}$/u.test(line.slice(at).trimEnd())
  );
}
const figureLabelMax = 200;

const countsRows = /^(?:#|no\.?|nr\.?|№|rank|row|pos\.?)$/iu;
/** The first column says which one each row is about where its head is a thing that bears numbers. */
const labelsRows = (head: string, index: number, cells: readonly string[]): boolean =>
  index === (cells[0]!.trim() === "" ? 1 : 0) && isLabelWord(head.toLowerCase());
const tellsWhen = /\b(?:when|period|year|month|date|quarter|time|since|until|as of)\b/iu;
const yearCell = /^[\s*_]*(?:19|20)\d{2}[\s*_]*$/u;

/** Cells of tables that count the rows, and years in columns whose head says that they tell when. */
function coverCells(lines: readonly string[]): string[] {
  let heads: string[] | null = null;
  return lines.map((line) => {
    if (!line.includes("|")) heads = null;
    if (!line.includes("|") || line.length > pieceCharactersMax) return line;
    const cells = line.split("|");
    if (!heads) {
      heads = cells.map((cell) => cell.replace(/[*_`]/gu, "").trim());
      return line;
    }
    return cells
      .map((cell, index) => {
        const head = heads?.[index] ?? "";
        const mere =
          ((countsRows.test(head) || labelsRows(head, index, cells)) && /^\s*\d{1,6}\.?\s*$/u.test(cell)) ||
          (tellsWhen.test(head) && yearCell.test(cell));
        return mere ? covered(cell) : cell;
      })
      .join("|");
  });
}

/** What holds no digit stays: it tells what stands behind it ("ISO/IEC 27001"). */
const covered = (found: string): string =>
  /\d/u.test(found) ? found.replace(/[^\n]/gu, (character) => cover.repeat(character.length)) : found;

function coverTitles(text: string, titles: readonly string[]): string {
  let masked = text;
  for (const title of titles) {
    const wanted = title.trim();
    // A name has letters: nobody's name is a mere number.
    if (wanted.length >= 3 && /\d/.test(wanted) && /\p{L}/u.test(wanted)) masked = masked.replace(exactly(wanted), covered);
  }
  return masked;
}

const exactly = (words: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\p{L}\\p{N}])`, "giu");

const quoted =
  /"[^"]{3,300}"|“[^”]{3,300}”|„[^“”]{3,300}[“”]|«[^»]{3,300}»|‹[^›]{3,300}›|(?<![\p{L}\p{N}])['‘][^'’]{3,300}['’](?![\p{L}\p{N}])/gu;
/** Before a quotation, or after it: it is the name of a piece of work. */
const work =
  "(?:tasks?|tickets?|issues?|titled?|called|named|goals?|items?|jobs?|story|epic|milestone|request|brief|subject|re|project|card|finished|completed?|closed|closing|done|handed in|delivered)";
const workBefore = new RegExp(`\\b${work}\\b[\\s:(,*_#-]*(?:the\\s+|of\\s+)?(?:task\\s+)?[\\s:(*_]*$`, "iu");
const workAfter = /^[\s,)*_]*(?:is|was|are|has been|will be|comes|remains|went|stays|task|ticket|issue|\()/iu;
/** A title is no sentence about what somebody had. */
const sentence = /\b(?:we|i|they|you|he|she|it|was|were|had|has|have|is|are|got|saw|reached)\b|[.!?]$/iu;

const amount = /[€$£¥%‰]|\b(?:percent|USD|EUR|GBP)\b|\d[.,]\d|\d{5}|\d\s?[kKM]\b|\d\W*$/u;

function coverQuotations(text: string): string {
  return text.replace(quoted, (found, offset: number, whole: string) => {
    const words = found.slice(1, -1).trim();
    const before = workBefore.test(whole.slice(Math.max(0, offset - 60), offset));
    const name = /^\p{Lu}\p{L}+\s/u.test(words) && !sentence.test(words);
    const titled = name && workAfter.test(whole.slice(offset + found.length, offset + found.length + 30));
    // The name of some work in quotation marks may count things; it states no money and no share.
    if (name && !amount.test(words)) return covered(found);
    return before || titled ? covered(found) : found;
  });
}
