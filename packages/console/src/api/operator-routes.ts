import { AitoError } from "@aito/base";
import {
  AccountDraft,
  ApiKeyView,
  CreatedApiKey,
  Id,
  InvitedOperator,
  LoginLink,
  NewAccount,
  NewApiKey,
  NewLoginLink,
  NewOperator,
  operatorApi,
  OperatorChange,
  OperatorName,
  OperatorSession,
  OperatorView,
  pageOf,
  SavedAccount,
  SignInView,
} from "@aito/protocol";
import { encode } from "uqr";
import { z } from "zod";
import { type Principal, principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

const byName = z.object({ name: OperatorName });
const byId = z.object({ id: Id });
const OwnQuery = PageQuery.extend({ all: z.enum(["0", "1"]).default("0") });

/** Who may come in: the asker themselves, operators and their roles, browsers that are signed in, keys for this API. */
export function operatorRoutes(app: Api, { records: { accounts }, makeLoginLink, loginUrl }: ApiOptions): void {
  app.get(operatorApi.session, { schema: { response: { 200: OperatorSession } } }, (request) => {
    const principal = principalOf(request);
    const { operator, role, scopes } = principal;
    const own = { operator, role, scopes: [...scopes] };
    if (principal.kind === "key") return { ...own, csrfToken: null, how: "key" as const, account: "none" as const };
    return { ...own, csrfToken: principal.csrfToken, how: principal.how, account: principal.account };
  });

  const owners = { needs: "operators" } as const;
  app.post(
    operatorApi.loginLinks,
    { config: owners, schema: { body: NewLoginLink.nullish(), response: { 201: LoginLink } } },
    async (request, reply) =>
      reply.code(201).send({ url: await makeLoginLink(principalOf(request).operator, request.body?.operator) }),
  );

  app.get(
    operatorApi.operators,
    { config: owners, schema: { response: { 200: z.object({ items: z.array(OperatorView) }) } } },
    async () => ({ items: await accounts.operators() }),
  );
  app.post(
    operatorApi.operators,
    { config: owners, schema: { body: NewOperator, response: { 201: InvitedOperator } } },
    async (request, reply) => {
      const { view, token } = await accounts.addOperator(request.body, principalOf(request).operator);
      return await reply.code(201).send({ ...view, url: loginUrl(token) });
    },
  );
  app.post(
    `${operatorApi.operators}/:name/role`,
    { config: owners, schema: { params: byName, body: OperatorChange, response: { 200: OperatorView } } },
    (request) => accounts.changeRole({ ...request.params, ...request.body }, principalOf(request).operator),
  );
  app.post(
    `${operatorApi.operators}/:name/disable`,
    { config: owners, schema: { params: byName, response: { 200: OperatorView } } },
    (request) => accounts.disableOperator(request.params.name, principalOf(request).operator),
  );
  app.post(
    `${operatorApi.operators}/:name/reset`,
    { config: owners, schema: { params: byName, response: { 200: InvitedOperator } } },
    async (request) => {
      const { view, token } = await accounts.resetOperator(request.params.name, principalOf(request).operator);
      return { ...view, url: loginUrl(token) };
    },
  );
  ownRoutes(app, { accounts });
}

/** What everybody may do about themselves; an owner about all. */
function ownRoutes(app: Api, { accounts }: Pick<ApiOptions["records"], "accounts">): void {
  const own = { needs: "read" } as const;
  app.get(operatorApi.sessions, { schema: { querystring: OwnQuery, response: { 200: pageOf(SignInView) } } }, (request) =>
    readPage(request.query, (page) => accounts.sessions(principalOf(request), { ...page, all: page.all === "1" })),
  );
  app.post(
    `${operatorApi.sessions}/:id/revoke`,
    { config: own, schema: { params: byId, response: { 200: SignInView } } },
    (request) => accounts.revokeSession(request.params.id, ownerOf(principalOf(request))),
  );

  app.get(operatorApi.apiKeys, { schema: { querystring: OwnQuery, response: { 200: pageOf(ApiKeyView) } } }, (request) =>
    readPage(request.query, (page) => accounts.apiKeys(principalOf(request), { ...page, all: page.all === "1" })),
  );
  app.post(
    operatorApi.apiKeys,
    { config: own, schema: { body: NewApiKey, response: { 201: CreatedApiKey } } },
    async (request, reply) => {
      const { key, view } = await accounts.createApiKey(request.body, ownerOf(principalOf(request)));
      return await reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ ...view, key });
    },
  );
  app.post(
    `${operatorApi.apiKeys}/:id/revoke`,
    { config: own, schema: { params: byId, response: { 200: ApiKeyView } } },
    (request) => accounts.revokeApiKey(request.params.id, ownerOf(principalOf(request))),
  );

  app.post(`${operatorApi.account}/draft`, { config: own, schema: { response: { 200: AccountDraft } } }, async (request) => {
    const draft = await accounts.draftAccount(browserOf(principalOf(request)));
    return { ...draft, qr: qrOf(draft.uri) };
  });
  app.post(operatorApi.account, { config: own, schema: { body: NewAccount, response: { 200: SavedAccount } } }, (request) =>
    accounts.saveAccount(request.body, browserOf(principalOf(request)), request.ip),
  );
}

/** A key that may only read ends nothing of its operator's, and one that made keys would outlive its own end. */
export function ownerOf(principal: Principal): Principal {
  if (principal.kind === "session" || principal.scopes.includes("operators")) return principal;
  throw needsBrowser();
}

const needsBrowser = (): AitoError =>
  new AitoError("AITO_CONSOLE_BROWSER_NEEDED", "this is done in a signed-in browser, not with a key", {
    hint: "open the console's settings",
    status: 403,
  });

function browserOf(principal: Principal): Principal & { kind: "session" } {
  if (principal.kind === "session") return principal;
  throw needsBrowser();
}

/** Drawn by whoever shows it; no picture is fetched from anywhere. */
function qrOf(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: "M", border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: path.join("") };
}
