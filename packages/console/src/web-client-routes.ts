import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import type { Accounts } from "./accounts.ts";
import { faviconSvg, formsCss } from "./pages/forms-css.ts";
import { html } from "./pages/html.ts";
import { plainPath } from "./pages/plain/plain-routes.ts";
import { notBuiltPage, signedOutPage } from "./pages/login-pages.ts";

/** Pages of the web client; each is the same document, and its router shows the right one. */
const clientPaths = [
  "/",
  "/fleet",
  "/fleet/:name",
  "/decisions",
  "/decisions/:id",
  "/ideas",
  "/operations",
  "/changes",
  "/changes/:id",
  "/work",
  "/work/:id",
  "/new-task",
  "/published",
  "/figures",
  "/briefing",
  "/money",
  "/receipts/:id",
  "/inbox",
  "/approvals/:id",
  "/tools",
  "/permissions",
  "/costs",
  "/messages",
  "/memory",
  "/ask",
  "/history",
  "/settings",
];

/** Serves the built client: hashed files for ever, the document only to who is signed in (others are told how to). */
export async function webClientRoutes(
  app: FastifyInstance,
  { webRoot, accounts }: { webRoot: string; accounts: Pick<Accounts, "areThere"> },
): Promise<void> {
  app.get("/forms.css", (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "public, max-age=300").send(formsCss),
  );
  app.get("/favicon.svg", (_request, reply) =>
    reply.type("image/svg+xml").header("cache-control", "public, max-age=3600").send(faviconSvg),
  );
  await app.register(fastifyStatic, {
    root: join(webRoot, "assets"),
    prefix: "/assets/",
    index: false,
    cacheControl: false,
    // As the build wrote them.
    preCompressed: true,
    setHeaders: (response) => response.header("cache-control", "public, max-age=31536000, immutable"),
  });
  app.get("/theme.js", (_request, reply) => reply.header("cache-control", "public, max-age=300").sendFile("theme.js", webRoot));

  for (const path of clientPaths) {
    app.get(path, async (request, reply) => {
      reply.type("text/html; charset=utf-8");
      if (!request.principal) return await reply.code(401).send(signedOutPage({ accounts: await accounts.areThere() }));
      const document = await readFile(join(webRoot, "index.html"), "utf8").catch(() => null);
      if (document === null) return await reply.code(503).send(notBuiltPage());
      // Where scripts are off, the same is one step away without them.
      const plain = html`<noscript><meta http-equiv="refresh" content="0; url=${plainPath(request.url)}" /></noscript>`;
      return await reply.send(document.replace("</head>", `${plain.markup}</head>`));
    });
  }
}
