import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}
interface Operation {
  operationId: string;
  security: Record<string, string[]>[];
  "x-scope": string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
export interface Answer {
  method: string;
  /** With or without its query. */
  url: string;
  status: number;
  contentType: string;
  body: string;
}

/**
 * Holds answers against the document that the console serves: a route, a status or a body that it does not tell is an error of the test.
 * What is not under `/api/` is not described, and streams are told by their content type.
 */
export function documentedAnswers(document: OpenApiDocument) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ ...document, $id: "api" });
  const compiled = new Map<string, ValidateFunction>();
  const paths = Object.keys(document.paths).map((path) => ({
    path,
    // A fixed part wins over a name: /receipts/verify is not /receipts/{id}.
    names: (path.match(/\{/g) ?? []).length,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}$`),
  }));
  paths.sort((a, b) => a.names - b.names);
  let checked = 0;

  const validator = (path: string, method: string, status: string): ValidateFunction => {
    const pointer = ["paths", path, method, "responses", status, "content", "application/json", "schema"];
    const ref = `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
    const known = compiled.get(ref) ?? ajv.compile({ $ref: ref });
    compiled.set(ref, known);
    return known;
  };

  return {
    checked: (): number => checked,
    check({ method, url, status, contentType, body }: Answer): void {
      const [path] = url.split("?");
      if (!path!.startsWith("/api/") || method === "HEAD") return;
      const at = paths.find(({ pattern }) => pattern.test(path!))?.path;
      const operation = at === undefined ? undefined : document.paths[at]![method.toLowerCase()];
      // 404 and 405 of what is no route at all.
      if (at === undefined || !operation) {
        if (status === 404) return;
        throw new Error(`the API's document does not tell ${method} ${path}`);
      }
      const told = operation.responses[String(status)];
      if (!told) throw new Error(`the API's document does not tell that ${method} ${at} may answer ${status}`);
      if (told.content?.["application/json"] === undefined || !contentType.includes("application/json")) {
        if (told.content?.["application/json"]) throw new Error(`${method} ${at} answers ${contentType}, and JSON was promised`);
        return;
      }
      const valid = validator(at, method.toLowerCase(), String(status));
      if (!valid(JSON.parse(body))) {
        throw new Error(`${method} ${at} ${status} is not as documented: ${ajv.errorsText(valid.errors)}\n${body.slice(0, 500)}`);
      }
      checked += 1;
    },
  };
}
