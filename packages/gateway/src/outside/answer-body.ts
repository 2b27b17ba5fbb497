import { wellFormedDeep } from "@aito/base";
import type { CallToolResult } from "@modelcontextprotocol/client";

/** So much of an answer goes to a model; the rest is kept with the receipt. */
export const answerCharactersMax = 20_000;

export interface AnswerBody {
  /** What the caller is told. */
  body: Record<string, unknown>;
  /** All of it, where that is more. */
  whole: Record<string, unknown> | null;
}

/**
 * Pure: an outside tool's answer as a tool's result. Text is text; what is no text is named and left out. A structured answer that is too
 * long is only kept whole.
 */
export function answerBody(from: string, result: CallToolResult, withoutSecret: (text: string) => string): AnswerBody {
  const text = result.content
    .map((part) => {
      if (part.type === "text") return part.text;
      if (part.type === "resource" && "text" in part.resource) return part.resource.text;
      if (part.type === "resource_link") return `(a link, not followed: ${part.uri})`;
      return `(${part.type}, left out)`;
    })
    .join("\n");
  const structured = result.structuredContent;
  const whole = JSON.parse(
    withoutSecret(JSON.stringify(wellFormedDeep({ from, text, ...(structured === undefined ? {} : { structured }) }))),
  ) as { from: string; text: string; structured?: unknown };
  const structuredLength = structured === undefined ? 0 : JSON.stringify(structured).length;
  if (whole.text.length + structuredLength <= answerCharactersMax) return { body: whole, whole: null };
  const cut = { characters: whole.text.length + structuredLength, kept: "all of it is with the receipt" };
  // A server that says the same twice, as text and as structure, need not be heard twice.
  const body =
    structured !== undefined && structuredLength <= answerCharactersMax
      ? { from, text: whole.text.slice(0, answerCharactersMax - structuredLength), structured: whole.structured, cut }
      : { from, text: whole.text.slice(0, answerCharactersMax), cut };
  return { body: wellFormedDeep(body), whole };
}
