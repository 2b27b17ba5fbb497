import { AitoError } from "@aito/base";
import type { FastifyRequest } from "fastify";

const hostName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1");
const localHosts = ["127.0.0.1", "localhost", "::1"];

/**
 * Refuses requests addressed to a name that is not ours: a page elsewhere that points its own name at this address (DNS
 * rebinding) sends that name here.
 */
export function requireKnownHost(request: FastifyRequest, publicUrl: URL): void {
  const name = hostName(request.headers.host ?? "");
  if (localHosts.includes(name) || name === hostName(publicUrl.host)) return;
  throw new AitoError("AITO_CONSOLE_HOST", "the console does not answer under this host name", {
    hint: "use the address printed at start, or set AITO_PUBLIC_URL",
    status: 421,
  });
}

/**
 * Refuses a change that another site's page asked for. Browsers send `Origin` with every POST; `null` stands for "not told"
 * (our forms ask for no referrer) and is only taken where the request carries its own secret (`allowNull`).
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: URL, allowNull: boolean): void {
  const site = request.headers["sec-fetch-site"];
  const origin = request.headers.origin;
  const foreignSite = site === "cross-site" || site === "same-site";
  const ours =
    origin === undefined ||
    origin === publicUrl.origin ||
    (allowNull && origin === "null") ||
    // Another way in (the loopback beside a public address). Of the public host only its own origin counts: a page that somebody put on
    // plain http under its name is not ours.
    (request.headers.host !== publicUrl.host &&
      /^https?:$/.test(protocolOf(origin)) &&
      origin.slice(protocolOf(origin).length + 2) === request.headers.host);
  if (!foreignSite && ours) return;
  throw new AitoError("AITO_CONSOLE_ORIGIN", "the change was refused: it comes from another site's page", { status: 403 });
}

const protocolOf = (origin: string): string => /^[a-z]+:/.exec(origin)?.[0] ?? "";
