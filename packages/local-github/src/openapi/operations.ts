import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { githubDescription } from "./github-description.gen.ts";

type Schema = Record<string, unknown>;
interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: Schema;
}
interface Described {
  operationId: string;
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content?: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> } | { $ref: string }>;
}

/** One operation of GitHub's REST API, as its official description has it. */
export interface Operation {
  id: string;
  /** What is wrong with the request, in GitHub's own shape; empty when nothing is. */
  problemsOf(request: { query: Record<string, string>; body: unknown }): { field: string; message: string }[];
  /** What is wrong with an answer of ours; null when it is as described. */
  answerProblem(status: number, body: unknown): string | null;
}

interface Route {
  method: string;
  test: RegExp;
  names: string[];
  operation: Operation;
}

/** Parts of an address that may hold slashes. */
const wide = new Set(["path", "ref", "branch", "base", "head", "sha"]);

/** The operations that are served, found by method and path. Schemas are compiled when they are first asked. */
export function describedOperations(): (
  method: string,
  path: string,
) => { operation: Operation; params: Record<string, string> } | null {
  const description = JSON.parse(githubDescription) as { paths: Record<string, Record<string, Described>>; components: Schema };
  const makeAjv = (coerceTypes: boolean): Ajv => {
    const ajv = new Ajv({ strict: false, validateSchema: false, logger: false, coerceTypes, code: { optimize: false } });
    formats.default(ajv);
    ajv.addSchema({ $id: "github", ...description });
    return ajv;
  };
  const [exact, coercing] = [makeAjv(false), makeAjv(true)];
  const routes: Route[] = [];
  for (const [path, item] of Object.entries(description.paths)) {
    for (const [method, described] of Object.entries(item)) {
      const names: string[] = [];
      const pattern = path.split(/(\{[^}]+\})/).map((part) => {
        const name = /^\{(.+)\}$/.exec(part)?.[1];
        if (name === undefined) return part.replaceAll(".", "\\.");
        names.push(name);
        return name === "path" ? "(.*?)" : wide.has(name) ? "(.+?)" : "([^/]+)";
      });
      routes.push({
        method: method.toUpperCase(),
        // The top folder is asked for without a path.
        test: new RegExp(`^${pattern.join("").replace("/(.*?)", "(?:/(.*?))?")}$`),
        names,
        operation: operationOf(described, { exact, coercing, components: description.components }),
      });
    }
  }
  // Longer templates first, so that `/commits/{ref}/status` is not taken for a commit named `x/status`.
  routes.sort((a, b) => b.test.source.length - a.test.source.length);
  return (method, path) => {
    for (const { method: of, test, names, operation } of routes) {
      const match = of === method ? test.exec(path) : null;
      if (!match) continue;
      const params = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]));
      return { operation, params };
    }
    return null;
  };
}

interface Tools {
  exact: Ajv;
  coercing: Ajv;
  components: Schema;
}

function operationOf(described: Described, { exact, coercing, components }: Tools): Operation {
  const compiled = new Map<string, ValidateFunction>();
  const compile = (key: string, ajv: Ajv, schema: () => Schema): ValidateFunction => {
    const known = compiled.get(key);
    if (known) return known;
    const made = ajv.compile(anchored(schema()) as Schema);
    compiled.set(key, made);
    return made;
  };
  const resolved = <T>(value: T | { $ref: string }): T => {
    if (typeof value !== "object" || value === null || !("$ref" in value)) return value;
    const [, , kind = "", name = ""] = value.$ref.split("/");
    return (components[kind] as Record<string, T>)[name]!;
  };
  const querySchema = (): Schema => {
    const parameters = (described.parameters ?? []).map((one) => resolved<Parameter>(one)).filter((one) => one.in === "query");
    return {
      type: "object",
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
    };
  };
  const bodySchema = described.requestBody?.content?.["application/json"]?.schema;
  return {
    id: described.operationId,
    problemsOf({ query, body }) {
      const asked = compile("query", coercing, querySchema);
      const problems = asked({ ...query }) ? [] : problemsIn(asked);
      if (!bodySchema) return problems;
      const given = compile("body", exact, () => bodySchema);
      return given(body ?? {}) ? problems : [...problems, ...problemsIn(given)];
    },
    answerProblem(status, body) {
      const response = described.responses[String(status)];
      if (!response) return `the description knows no answer ${status} of ${described.operationId}`;
      const schema = resolved<{ content?: Record<string, { schema: Schema }> }>(response).content?.["application/json"]?.schema;
      if (!schema) return null;
      const check = compile(`answer ${status}`, exact, () => schema);
      return check(body) ? null : exact.errorsText(check.errors?.slice(0, 5));
    },
  };
}

const problemsIn = (check: ValidateFunction): { field: string; message: string }[] =>
  (check.errors ?? []).slice(0, 20).map(({ instancePath, message, params }) => ({
    field: instancePath.slice(1) || String(params["missingProperty"] ?? ""),
    message: message ?? "is invalid",
  }));

/** References of a part of the description, as references into the whole of it. */
function anchored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(anchored);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) =>
      key === "$ref" && typeof one === "string" && one.startsWith("#") ? [key, `github${one}`] : [key, anchored(one)],
    ),
  );
}
