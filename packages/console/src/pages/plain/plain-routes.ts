import { Id } from "@aito/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Records } from "../../records.ts";
import { requireScope } from "../../auth/access.ts";
import { requireOperator } from "../../auth/principal.ts";
import { html, type Html } from "../html.ts";
import { page } from "../layout.ts";
import { signedOutPage } from "../login-pages.ts";
import { link, plain } from "./figured.ts";
import { askPage, briefingPage, figuresPage, memoryPage, moneyPage, receiptPage } from "./plain-evidence.ts";
import { changePage, changesPage } from "./plain-changes.ts";
import { decisionPage, decisionsPage, fleetPage, overviewPage, taskPage, workPage } from "./plain-records.ts";

/** A page's own part, from records; `query` is the address's. */
export type PlainPage = (records: Records, given: { id: string; query: Readonly<Record<string, string>> }) => Promise<Html>;

const pages: Record<string, { title: string; page: PlainPage }> = {
  "/": { title: "Overview", page: overviewPage },
  "/briefing": { title: "Briefing", page: briefingPage },
  "/fleet": { title: "Fleet", page: fleetPage },
  "/decisions": { title: "Decisions", page: decisionsPage },
  "/decisions/:id": { title: "Decision", page: decisionPage },
  "/work": { title: "Work", page: workPage },
  "/work/:id": { title: "Task", page: taskPage },
  "/changes": { title: "Changes", page: changesPage },
  "/changes/:id": { title: "Change", page: changePage },
  "/figures": { title: "Figures", page: figuresPage },
  "/receipts/:id": { title: "Receipt", page: receiptPage },
  "/money": { title: "Money", page: moneyPage },
  "/memory": { title: "Memory", page: memoryPage },
  "/ask": { title: "Ask", page: askPage },
};
const shown = Object.keys(pages).filter((path) => !path.includes(":"));

/** Where the same is shown without scripts. */
export function plainPath(url: string): string {
  const path = url.split("?")[0]!;
  const known = Object.keys(pages).some((each) => each === path || (each.endsWith("/:id") && path.startsWith(each.slice(0, -3))));
  return plain + (known ? path : "/");
}

/** `/plain/…`: what the web client shows of records, read only and without scripts: every number leads to where it comes from. */
export function plainRoutes(app: FastifyInstance, { records, rehearsal }: { records: Records; rehearsal: boolean }): void {
  for (const [path, { title, page: render }] of Object.entries(pages)) {
    app.get(plain + path, async (request, reply) => {
      reply.type("text/html; charset=utf-8");
      if (!request.principal) return await reply.code(401).send(signedOutPage({ accounts: await records.accounts.areThere() }));
      requireOperator(request);
      requireScope(request);
      const { id = "" } = request.params as { id?: string };
      if (path.includes(":") && !Id.safeParse(id).success) return await reply.code(404).send(missing());
      const body = html`<nav>${shown.map((each) => html`${link(each, pages[each]!.title)} `)}</nav>
        <h1>${title}</h1>
        ${await render(records, { id, query: queryOf(request) })}`;
      return await reply.send(page({ title, rehearsal, wide: true, body }));
    });
  }
}

const missing = (): string => page({ title: "Not found", body: html`<h1>There is no such record</h1>` });

function queryOf(request: FastifyRequest): Record<string, string> {
  const given = (request.query ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
