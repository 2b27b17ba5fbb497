import { errorText } from "@aito/base";
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import type { z } from "zod";
import { type Problem, quote } from "./parse-problem.ts";

export type YamlPath = readonly PropertyKey[];

export interface YamlFile {
  /** Plain values; undefined when the text is not readable as YAML. */
  value: unknown;
  /** Where the value at a path stands, or the nearest thing above it that exists. */
  at(path: YamlPath): { line: number; column: number };
  problems: Problem[];
}

const aliasesMax = 50;

/** Reads YAML with positions. Never throws: what is wrong is in `problems`. */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const at = (path: YamlPath): { line: number; column: number } => place(offsetOf(document, path));
  const problems = [...document.errors, ...document.warnings].map((error): Problem => ({
    file,
    ...place(error.pos[0]),
    expected: "readable YAML",
    found: `a fault: ${errorText(error)}`,
  }));
  if (problems.length > 0) return { value: undefined, at, problems };
  try {
    return { value: document.toJS({ maxAliasCount: aliasesMax }) as unknown, at, problems };
  } catch (error) {
    return {
      value: undefined,
      at,
      problems: [{ file, line: 1, column: 1, expected: "readable YAML", found: `a fault: ${errorText(error)}` }],
    };
  }
}

function offsetOf(document: Document, path: YamlPath): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

/** What a schema found wrong, in words and with positions. */
export function schemaProblems(file: string, yaml: YamlFile, schema: z.ZodType, error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const where = { file, ...yaml.at(issue.path) };
    const name = issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => ({
        file,
        ...yaml.at([...issue.path, key]),
        expected: known.length > 0 ? `one of the keys ${known.join(", ")}${name}` : `a known key${name}`,
        found: `the unknown key ${quote(key)}`,
      }));
    }
    const value = valueAt(yaml.value, issue.path);
    if (issue.code === "invalid_type") return [{ ...where, expected: `${issue.expected}${name}`, found: describe(value) }];
    if (issue.code === "invalid_key") {
      const why = issue.issues.map((each) => each.message).join("; ");
      return [{ ...where, expected: `a usable name${name} (${why})`, found: quote(String(issue.path.at(-1))) }];
    }
    return [{ ...where, expected: `a valid value${name} (${issue.message})`, found: describe(value) }];
  });
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let here = value;
  for (const step of path)
    here = typeof here === "object" && here !== null ? (here as Record<PropertyKey, unknown>)[step] : undefined;
  return here;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object"
    ? "a map"
    : typeof value === "string"
      ? quote(value)
      : `the ${typeof value} ${JSON.stringify(value)}`;
}

interface SchemaDef {
  type: string;
  innerType?: z.ZodType;
  valueType?: z.ZodType;
  shape?: Record<string, z.ZodType>;
}

function knownKeys(schema: z.ZodType, path: YamlPath): string[] {
  let def = unwrapped(schema);
  for (const step of path) {
    const next = def.type === "object" ? def.shape?.[String(step)] : def.valueType;
    if (!next) return [];
    def = unwrapped(next);
  }
  return Object.keys(def.shape ?? {});
}

function unwrapped(schema: z.ZodType): SchemaDef {
  let def = schema.def as unknown as SchemaDef;
  while (def.innerType) def = def.innerType.def;
  return def;
}
