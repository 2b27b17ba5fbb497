import { wellFormed, wellFormedDeep } from "@aito/base";
import type { ContentBlock } from "./tool-loop.ts";

/** Arguments of one call, as JSON text. */
export const argumentCharsMax = 256_000;
export const argumentDepthMax = 64;
/** Calls of one answer; further ones are not run. */
export const callsMax = 64;
const textCharsMax = 200_000;
const shownCharsMax = 300;
const valuesMax = 200_000;
/** What the Messages API takes back as a call's id and name. */
const wordPattern = /^[\w-]{1,128}$/;

/** A tool call of the model. With a `problem` it must not be run: the model is told instead. */
export interface Call {
  id: string;
  name: string;
  input: Record<string, unknown>;
  problem: string | null;
}

/**
 * What a model answered, made safe to keep and to send back: text that no store refuses, ids that are each used once in a run (`used`
 * holds those of before and is added to), and every call either sound in form or marked with what is wrong with it. Whether arguments
 * fit their tool is the tool's to judge. Never throws, whatever `content` is.
 */
export function mendAnswer(content: unknown, used: Set<string>): { blocks: ContentBlock[]; calls: Call[] } {
  const blocks: ContentBlock[] = [];
  const calls: Call[] = [];
  const own = new Set<unknown>();
  for (const item of Array.isArray(content) ? (content as unknown[]) : []) {
    const block = (item !== null && typeof item === "object" ? item : {}) as ContentBlock;
    if (block.type === "tool_use") {
      const call = callOf(block, { used, own, tooMany: calls.length >= callsMax });
      calls.push(call);
      blocks.push({ type: "tool_use", id: call.id, name: call.name, input: call.input });
    } else if (block.type === "text") {
      const text = typeof block["text"] === "string" ? wellFormed(block["text"].slice(0, textCharsMax)) : "";
      // The API refuses an empty one.
      if (text.trim() !== "") blocks.push({ type: "text", text });
    } else if (typeof block.type === "string" && problemOf(block, argumentCharsMax) === null) {
      blocks.push(wellFormedDeep(block));
    }
  }
  if (blocks.length === 0) blocks.push({ type: "text", text: "(no text)" });
  return { blocks, calls };
}

function callOf(block: ContentBlock, seen: { used: Set<string>; own: Set<unknown>; tooMany: boolean }): Call {
  const { id: given, name, input } = block as { id?: unknown; name?: unknown; input?: unknown } & ContentBlock;
  const isNamed = isWord(name);
  // Calls without an id are not the same call.
  const problem =
    isWord(given) && seen.own.has(given)
      ? "another call of this answer had the same id; call it again if you mean both"
      : seen.tooMany
        ? `one answer may hold ${callsMax} calls; call it again later if it still matters`
        : isNamed
          ? inputProblem(input)
          : `there is no tool named ${shown(name)}`;
  seen.own.add(given);
  const id = freshId(given, seen.used);
  seen.used.add(id);
  return {
    id,
    name: isNamed ? name : "unknown",
    input: problem === null ? wellFormedDeep(input as Record<string, unknown>) : {},
    problem: problem === null ? null : `not run: ${problem}`,
  };
}

const isWord = (value: unknown): value is string => typeof value === "string" && wordPattern.test(value);

function freshId(given: unknown, used: Set<string>): string {
  if (isWord(given) && !used.has(given)) return given;
  let number = used.size + 1;
  while (used.has(`call_${number}`)) number += 1;
  return `call_${number}`;
}

function inputProblem(input: unknown): string | null {
  if (typeof input === "string") return `the arguments are not JSON: ${shown(input)}`;
  if (input === null || typeof input !== "object" || Array.isArray(input))
    return `the arguments must be a JSON object, not ${shown(input)}`;
  const problem = problemOf(input, argumentCharsMax);
  return problem === null ? null : `the arguments ${problem}`;
}

/** Walks without recursion, so that depth cannot exhaust the stack, and stops at the first limit. */
function problemOf(root: unknown, charsMax: number): string | null {
  const waiting: { value: unknown; depth: number }[] = [{ value: root, depth: 1 }];
  let chars = 0;
  for (let values = 0; waiting.length > 0; values += 1) {
    const { value, depth } = waiting.pop()!;
    if (depth > argumentDepthMax) return `are nested deeper than ${argumentDepthMax}`;
    if (typeof value === "number" && !Number.isFinite(value)) return "hold a number that is too large";
    if (typeof value === "string") chars += value.length;
    else if (value !== null && typeof value === "object") {
      for (const [key, item] of Object.entries(value)) {
        chars += Array.isArray(value) ? 1 : key.length;
        if (chars > charsMax || values + waiting.length > valuesMax) break;
        waiting.push({ value: item, depth: depth + 1 });
      }
    }
    if (chars > charsMax || values + waiting.length > valuesMax) return `are longer than ${charsMax} characters`;
  }
  return null;
}

/** A value as the model may read it back: short, on one line. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(wellFormed(value.slice(0, shownCharsMax))) + (value.length > shownCharsMax ? "…" : "");
}
