import { sha256 } from "@aito/base";
import { canonicalText, type ToolWords } from "@aito/company";
import { visibleLine } from "@aito/connectors";
import { maps, notes } from "./schema-notes.ts";
import { schemaProblem } from "./schema-problem.ts";

export const descriptionCharactersMax = 2_000;
const noteCharactersMax = 500;
export const schemaCharactersMax = 32_000;

/** What a server says of one of its tools, as it came. */
export interface SaidTool {
  name: string;
  description?: string | undefined;
  inputSchema: unknown;
  outputSchema?: unknown;
}

const empty = '{"type":"object"}';

/**
 * Pure: a server's words about one tool with the hash that stands for all of them, name, description, input and output schema, as they
 * were said. What is kept for people and models is one visible line of bounded length; a tool whose schema hides something, is too
 * large or cannot be checked within bounds has a problem and is never offered.
 */
export function wordsOf(tool: string, said: SaidTool): ToolWords {
  const words = { tool, description: visibleLine(said.description ?? "", descriptionCharactersMax) };
  const { name, description = "", inputSchema, outputSchema = null } = said;
  let whole: string;
  try {
    whole = canonicalText({ name, description, inputSchema, outputSchema });
  } catch (error) {
    const problem = `its schema cannot be read: ${String(error).slice(0, 200)}`;
    return { ...words, hash: sha256(`unreadable ${name}\n${description}`), inputSchema: empty, outputSchema: null, problem };
  }
  const hash = sha256(whole);
  const problem =
    (whole.length > schemaCharactersMax ? `its words are longer than ${schemaCharactersMax} characters` : null) ??
    schemaProblem(inputSchema, { isInput: true }) ??
    (outputSchema === null ? null : schemaProblem(outputSchema, { isInput: false }));
  if (problem !== null) return { ...words, hash, inputSchema: empty, outputSchema: null, problem };
  return {
    ...words,
    hash,
    inputSchema: canonicalText(visible(inputSchema)),
    outputSchema: outputSchema === null ? null : canonicalText(visible(outputSchema)),
    problem: null,
  };
}

/** The schema with the notes in it made visible and short. A property that is called like a note is none. */
function visible(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => visible(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      !isMap && notes.has(key) && typeof item === "string"
        ? visibleLine(item, noteCharactersMax)
        : visible(item, !isMap && maps.has(key)),
    ]),
  );
}
