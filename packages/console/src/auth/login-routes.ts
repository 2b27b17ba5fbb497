import { AitoError } from "@aito/base";
import { sessionHours } from "@aito/company";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Accounts } from "../accounts.ts";
import { requireSameOrigin } from "../http/origin.ts";
import { loginFailedPage, loginPage, signInPage } from "../pages/login-pages.ts";
import { requireOperator, whenceOf } from "./principal.ts";

/** Pages that are only looked at; each asks Postgres whether its link works. */
const looksPerMinute = 60;
/** What one program takes before Postgres is asked, where guesses are counted for all consoles together. */
const attemptsPerMinute = 10;
/** Each costs a slow hash, whatever it is; guesses are counted by account and address, in Postgres. */
const passwordsPerMinute = 60;
const fieldCharactersMax = 200;

/**
 * `GET /login/<token>` only shows a button, or that the link does not work; `POST` uses the link up and sets the session cookie. `POST /sign-in` takes `name`, `password`
 * and `code`. `POST /logout` ends the session.
 */
export function loginRoutes(app: FastifyInstance, options: { accounts: Accounts; publicUrl: URL; cookieName: string }): void {
  const { accounts, publicUrl, cookieName } = options;
  const cookie = {
    path: "/",
    httpOnly: true,
    sameSite: "strict" as const,
    secure: publicUrl.protocol === "https:",
    maxAge: sessionHours * 3_600,
  };
  const atMost = (max: number) => ({ rateLimit: { max, timeWindow: "1 minute" } });
  const tokenOf = ({ params }: { params: { token: string } }): string => params.token.slice(0, fieldCharactersMax);
  const page = (reply: FastifyReply, status: number, text: string): FastifyReply =>
    reply.code(status).type("text/html; charset=utf-8").send(text);

  // Typed by hand; the console's first page says how to get in, or lets in who is.
  app.get("/login", (_request, reply) => reply.redirect("/", 302));

  app.get<{ Params: { token: string } }>("/login/:token", { config: atMost(looksPerMinute) }, async (request, reply) =>
    (await accounts.loginLinkWorks(tokenOf(request))) ? page(reply, 200, loginPage()) : page(reply, 410, loginFailedPage()),
  );

  app.post<{ Params: { token: string } }>("/login/:token", { config: atMost(attemptsPerMinute) }, async (request, reply) => {
    requireSameOrigin(request, publicUrl, true);
    const session = await accounts.useLoginLink(tokenOf(request), whenceOf(request));
    if (session === null) return page(reply, 410, loginFailedPage());
    return await reply.setCookie(cookieName, session, cookie).redirect("/", 303);
  });

  app.get("/sign-in", (_request, reply) => page(reply, 200, signInPage()));

  app.post("/sign-in", { config: atMost(passwordsPerMinute) }, async (request, reply) => {
    requireSameOrigin(request, publicUrl, true);
    requireOwnPage(request);
    const body = (request.body ?? {}) as Record<string, unknown>;
    const text = (name: string): string => (typeof body[name] === "string" ? body[name].slice(0, fieldCharactersMax) : "");
    const given = { name: text("name"), password: text("password"), code: text("code") };
    const session = await accounts.signIn(given, whenceOf(request));
    if (session === null) return page(reply, 401, signInPage({ refused: true }));
    return await reply.setCookie(cookieName, session, cookie).redirect("/", 303);
  });

  app.post("/logout", async (request, reply) => {
    requireSameOrigin(request, publicUrl, false);
    requireOperator(request);
    if (request.principal?.kind === "session") await accounts.revokeSession(request.principal.sessionId, request.principal);
    return await reply.clearCookie(cookieName, cookie).code(204).send();
  });
}

/**
 * Our pages ask for no referrer, so that their forms say `Origin: null`; so could a foreign page's that wants somebody signed in as
 * itself. Which of them it is the browser says apart.
 */
function requireOwnPage(request: FastifyRequest): void {
  if (request.headers.origin !== "null" || request.headers["sec-fetch-site"] === "same-origin") return;
  throw new AitoError("AITO_CONSOLE_ORIGIN", "the sign-in was refused: it does not come from the console's own page", {
    status: 403,
  });
}
