import { sessionHours } from "@aito/company";
import type { FastifyInstance } from "fastify";
import { requireSameOrigin } from "../http/origin.ts";
import { loginFailedPage, loginPage } from "../pages/login-pages.ts";
import type { Records } from "../records.ts";
import { requireOperator } from "./principal.ts";

const attemptsPerMinute = 10;

/** `GET /login/<token>` only shows a button; `POST` uses the link up and sets the session cookie. `POST /logout` ends it. */
export function loginRoutes(app: FastifyInstance, options: { records: Records; publicUrl: URL; cookieName: string }): void {
  const cookie = {
    path: "/",
    httpOnly: true,
    sameSite: "strict" as const,
    secure: options.publicUrl.protocol === "https:",
    maxAge: sessionHours * 3_600,
  };
  const rateLimit = { max: attemptsPerMinute, timeWindow: "1 minute" };

  app.get<{ Params: { token: string } }>("/login/:token", (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(loginPage()),
  );

  app.post<{ Params: { token: string } }>("/login/:token", { config: { rateLimit } }, async (request, reply) => {
    requireSameOrigin(request, options.publicUrl, true);
    const session = await options.records.useLoginLink(request.params.token.slice(0, 200));
    if (session === null) return await reply.code(410).type("text/html; charset=utf-8").send(loginFailedPage());
    return await reply.setCookie(options.cookieName, session, cookie).redirect("/", 303);
  });

  app.post("/logout", async (request, reply) => {
    requireSameOrigin(request, options.publicUrl, false);
    requireOperator(request);
    if (request.principal?.kind === "session") await options.records.revokeSession(request.principal.sessionToken);
    return await reply.clearCookie(options.cookieName, cookie).code(204).send();
  });
}
