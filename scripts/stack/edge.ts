import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Refusal } from "../steps/refusal.ts";

/** By this name the console knows the edge on their common network; nobody else's X-Forwarded-For is believed. */
export const edgeAlias = "aito-edge.internal";
const exitConfig = 78;

/**
 * The variables of the TLS edge, or none where AITO_EDGE_TLS is not set. It is `internal` for a CA of its own, an e-mail address for
 * certificates by ACME, or `files` for cert.pem and key.pem of the folder AITO_EDGE_CERTS. Refuses what cannot work before anything starts.
 */
export function edgeVariables(env: NodeJS.ProcessEnv, has: (path: string) => boolean = existsSync): Record<string, string> {
  const tls = env["AITO_EDGE_TLS"]?.trim() ?? "";
  if (tls === "") return {};
  const refuse = (why: string): Refusal => new Refusal(why, { exitCode: exitConfig });
  const given = env["AITO_PUBLIC_URL"]?.trim() ?? "";
  const url = URL.parse(given);
  if (url?.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw refuse(
      "AITO_EDGE_TLS needs AITO_PUBLIC_URL: how the console is reached from outside, for example https://aito.example.com",
    );
  const common = {
    COMPOSE_PROFILES: "edge",
    AITO_PUBLIC_URL: url.origin,
    AITO_EDGE_HOST: url.hostname,
    AITO_TRUSTED_PROXIES: [env["AITO_TRUSTED_PROXIES"]?.trim() ?? "", edgeAlias].filter(Boolean).join(","),
  };
  if (tls === "internal" || /^[^\s@{}"]+@[^\s@{}"]+$/.test(tls)) return { ...common, AITO_EDGE_TLS: tls };
  if (tls !== "files") throw refuse("AITO_EDGE_TLS is `internal`, `files` or an e-mail address for certificates by ACME");
  const folder = resolve(env["AITO_EDGE_CERTS"]?.trim() || "certs");
  const missing = ["cert.pem", "key.pem"].filter((name) => !has(`${folder}/${name}`));
  if (missing.length > 0)
    throw refuse(`there is no ${missing.join(" and no ")} in ${folder}: set AITO_EDGE_CERTS to their folder`);
  return { ...common, AITO_EDGE_CERTS: folder, AITO_EDGE_TLS: "/certs/cert.pem /certs/key.pem" };
}
