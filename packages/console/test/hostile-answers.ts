import type { OpenApiDocument } from "./documented-answers.ts";

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  maxLength?: number;
  minimum?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Text that the platform makes, by the name of its field, with what stands there: never an agent's, nor the outside's. */
const ours: Record<string, string> = {
  digest: "d".repeat(64),
  callDigest: "c".repeat(64),
  argumentsDigest: "a".repeat(64),
  hash: "b".repeat(64),
  sha256: "e".repeat(64),
  requestSha256: "e".repeat(64),
  responseSha256: "e".repeat(64),
  signature: "s".repeat(88),
  publicKey: "k".repeat(60),
  usd: "1.25",
  usdTotal: "20000.00",
  usdLeft: "19000.00",
  term: "3",
  seq: "7",
  today: "2026-11-21",
  inputTokens: "120000",
  outputTokens: "9000",
  cacheReadTokens: "1",
  cacheWriteTokens: "1",
  url: "/e/x",
};
/** A field that takes no more holds one payload at a time, cut to what it takes. */
const shortMax = 300;
const depthMax = 6;
const nestedRows = 3;

/**
 * Answers of the API made from its own document: each field that may hold free text holds the next payload, each that may be null does
 * not, each enumeration goes through its words. So no field is forgotten, also none that is added later.
 */
export function hostileAnswers(document: OpenApiDocument, payloads: readonly string[]) {
  const told = new Map<string, number>();
  const short = new Set<string>();
  let made = 0;

  const next = (path: string, { maxLength = 100_000 }: Schema, together: number): string => {
    const from = told.get(path) ?? 0;
    const lines = [payloads[from % payloads.length]!.slice(0, maxLength)];
    let characters = lines[0]!.length;
    while (lines.length < together) {
      const line = payloads[(from + lines.length) % payloads.length]!;
      characters += 1 + line.length;
      if (characters > maxLength) break;
      lines.push(line);
    }
    told.set(path, from + lines.length);
    if (maxLength < shortMax) short.add(path);
    return lines.join("\n");
  };
  const id = (): string => `01939f00-0000-7000-8000-${(made += 1).toString(16).padStart(12, "0")}`;
  const turn = (path: string): number => {
    const at = told.get(`turn ${path}`) ?? 0;
    told.set(`turn ${path}`, at + 1);
    return at;
  };

  function text(schema: Schema, path: string, together: number): string {
    if (schema.format === "uuid") return id();
    if (schema.format === "date-time") return new Date(Date.UTC(2026, 10, 21, 9, 0, made % 60)).toISOString();
    if (schema.pattern?.startsWith("^-?\\d")) return "1250000";
    if (schema.pattern) return `agent-${(made += 1)}`;
    return (
      ours[path.slice(path.lastIndexOf(".") + 1)] ??
      // There is one of it: it holds all of them.
      next(path, schema, path.includes("[]") ? together : payloads.length)
    );
  }

  function value(given: Schema, path: string, depth: number, rows: number, together: number): unknown {
    const schema = given.$ref ? (document.components.schemas[given.$ref.split("/").at(-1)!] as Schema) : given;
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return schema.enum[turn(path) % schema.enum.length];
    const choices = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== "null");
    if (choices.length > 0) return value(choices[turn(path) % choices.length]!, path, depth, rows, together);
    if (schema.allOf) {
      return Object.assign({}, ...schema.allOf.map((part) => value(part, path, depth, rows, together) as object)) as object;
    }
    const type = [schema.type ?? "unknown"].flat().find((each) => each !== "null");
    if (type === "string") return text(schema, path, together);
    if (type === "boolean") return turn(path) % 2 === 0;
    if (path.endsWith(".revision")) return (made += 1);
    if (type === "integer" || type === "number") return Math.max(schema.minimum ?? 0, 1 + (turn(path) % 5));
    if (depth >= depthMax) return type === "array" ? [] : type === "object" ? {} : null;
    if (type === "array") {
      const count = depth <= 1 ? rows : nestedRows;
      return Array.from({ length: count }, () => value(schema.items ?? {}, `${path}[]`, depth + 1, rows, together));
    }
    if (type === "object") return object(schema, path, depth, rows, together);
    // Anything: text under a name that is hostile too.
    return { text: text({}, path, together), [next(`${path} name`, {}, 1)]: [next(path, {}, 1)] };
  }

  function object(schema: Schema, path: string, depth: number, rows: number, together: number): object {
    const entries = Object.entries(schema.properties ?? {}).map(([name, each]): [string, unknown] => [
      name,
      name === "next" ? null : value(each, `${path}.${name}`, depth + 1, rows, together),
    ]);
    const open = schema.additionalProperties;
    if (typeof open === "object" && entries.length === 0)
      entries.push([next(`${path} name`, {}, 1), value(open, `${path}{}`, depth + 1, rows, together)]);
    return Object.fromEntries(entries);
  }

  const paths = Object.keys(document.paths).toSorted((a, b) => a.split("{").length - b.split("{").length);
  return {
    /** What this address answers; undefined where the document tells no JSON. `rows` a list, `together` payloads in each text. */
    answer(pathname: string, method: string, rows: number, together: number): unknown {
      const path = paths.find((each) =>
        new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}$`).test(pathname),
      );
      const told200 = path && document.paths[path]![method.toLowerCase()]?.responses["200"]?.content?.["application/json"];
      return told200 ? value(told200.schema, path, 0, rows, together) : undefined;
    },
    /** How many payloads each field of free text was given; `short`: it takes a word or two. */
    given: (): { path: string; count: number; short: boolean }[] =>
      [...told]
        .filter(([path]) => !path.startsWith("turn ") && !path.endsWith(" name"))
        .map(([path, count]) => ({ path, count, short: short.has(path) })),
  };
}
