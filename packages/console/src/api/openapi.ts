import swagger from "@fastify/swagger";
import { ApiError, operatorApi, type OperatorScope } from "@aito/protocol";
import type { FastifyInstance, FastifySchema } from "fastify";
import { needOf } from "../auth/access.ts";
import type { Api } from "./app.ts";
import { jsonSchemas } from "./json-schemas.ts";

/** What every route may answer instead of what it is asked for. */
const errors: Record<string, string> = {
  "400": "The request is not valid; the message says which field.",
  "401": "Nobody is signed in, or the key is unknown, expired or revoked.",
  "403": "The caller may not do this, or the change does not come from the console's own page.",
  "404": "There is nothing of this name.",
  "409": "It was decided, taken or ended before.",
  "413": "The request is too large.",
  "415": "The request is not JSON.",
  "421": "The console does not answer under this host name.",
  "429": "Too many requests; wait.",
  "500": "The console failed; its log has the reason.",
  "503": "Not now; try again.",
};

const about = `The operator API of one AITO company: what the console and the command line use.

**Who.** Every route needs a caller: the operator key, an API key (\`aito api-keys create\`), or a browser's session, whose changes also
need the session's CSRF token. \`x-scope\` says what the caller must be allowed.

**Pages.** A list that has \`next\` is a page, newest first: \`limit\` (at most 200) and \`before\`, the \`next\` of the page before; null ends it.

**Errors.** \`{"error":{"code","message","hint"}}\`: the code is stable, the hint is the next command or setting.

**Money.** Whole micro-dollars as text: \`"1500000"\` is $1.50. **Times.** ISO 8601 with zone.`;

export interface ApiDescription {
  /** Once every route is there. */
  document(): object;
}

/** Follows the routes that are registered after it; `/api/` alone is described. */
export async function describeApi(
  app: FastifyInstance,
  options: { cookieName: string; version: string },
): Promise<ApiDescription> {
  const schemas = jsonSchemas();
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "AITO operator API",
        version: options.version,
        description: about,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/", description: "the console" }],
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", description: "The operator key, or an API key with scopes." },
          session: { type: "apiKey", in: "cookie", name: options.cookieName, description: "A signed-in browser." },
          csrf: {
            type: "apiKey",
            in: "header",
            name: "x-csrf-token",
            description: "`csrfToken` of GET /api/v1/session, with every change.",
          },
        },
        schemas: { Error: schemas.convert(ApiError, "output") },
      },
    },
    transform: (input) => {
      const { url, route } = input;
      if (!url.startsWith("/api/") || route.method === "HEAD") return { schema: { hide: true }, url };
      return {
        schema: withRules(schemas.ofRoute(input.schema ?? {}), { url, method: String(route.method), needs: route.config?.needs }),
        url,
      };
    },
  });
  return {
    document: () => {
      const { components, ...rest } = app.swagger() as { components?: { schemas?: object } };
      return { ...rest, components: { ...components, schemas: { ...components?.schemas, ...schemas.components() } } };
    },
  };
}

/** The document itself is for operators, as everything else behind the guard is. */
export function openApiRoute(app: Api, description: ApiDescription): void {
  let text: string | undefined;
  app.get(operatorApi.openApi, (_request, reply) => {
    text ??= JSON.stringify(description.document());
    return reply.type("application/json; charset=utf-8").send(text);
  });
}

type Responses = Record<string, { description?: string }>;

function withRules(
  schema: FastifySchema,
  route: { url: string; method: string; needs: OperatorScope | undefined },
): FastifySchema & Record<string, unknown> {
  const responses = (schema.response ?? {}) as Responses;
  const isChange = route.method !== "GET";
  for (const [status, response] of Object.entries(responses))
    response.description ??= status.startsWith("2") ? "Done" : errors[status]!;
  const other = Object.entries(errors).filter(([status]) => !(status in responses));
  const need = needOf(route.method, route.needs);
  return {
    tags: [route.url.split("/")[3] ?? "api"],
    operationId: `${route.method.toLowerCase()}${route.url.replace("/api/v1", "").replaceAll(/[/:.]+(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    ...schema,
    response: {
      ...(Object.keys(responses).length === 0 ? { 200: { description: "Done", type: "null" } } : responses),
      ...Object.fromEntries(other.map(([status, description]) => [status, { description, $ref: "#/components/schemas/Error" }])),
    },
    security: [{ key: [] }, isChange ? { session: [], csrf: [] } : { session: [] }],
    "x-scope": need,
  };
}
