import { expect, test } from "vitest";
import { edgeVariables } from "./edge.ts";

const outside = { AITO_PUBLIC_URL: "https://aito.example.com:8443/" };

test("V12 without AITO_EDGE_TLS there is no edge", () => {
  expect(edgeVariables({ ...outside })).toEqual({});
});

test("V12 the edge has the public address' host, and the console believes nobody else", () => {
  expect(edgeVariables({ ...outside, AITO_EDGE_TLS: "internal" })).toEqual({
    COMPOSE_PROFILES: "edge",
    AITO_PUBLIC_URL: "https://aito.example.com:8443",
    AITO_EDGE_HOST: "aito.example.com",
    AITO_EDGE_TLS: "internal",
    AITO_TRUSTED_PROXIES: "aito-edge.internal",
  });
  expect(edgeVariables({ ...outside, AITO_EDGE_TLS: "me@example.com" })).toMatchObject({ AITO_EDGE_TLS: "me@example.com" });
});

test("V12 a certificate of one's own is looked for before anything starts", () => {
  const env = { ...outside, AITO_EDGE_TLS: "files", AITO_EDGE_CERTS: "/etc/aito/certs" };
  expect(edgeVariables(env, () => true)).toMatchObject({
    AITO_EDGE_CERTS: "/etc/aito/certs",
    AITO_EDGE_TLS: "/certs/cert.pem /certs/key.pem",
  });
  expect(() => edgeVariables(env, (path) => path.endsWith("cert.pem"))).toThrow("no key.pem in /etc/aito/certs");
});

test.each([
  [{ AITO_EDGE_TLS: "internal" }, "needs AITO_PUBLIC_URL"],
  [{ AITO_EDGE_TLS: "internal", AITO_PUBLIC_URL: "http://aito.example.com" }, "needs AITO_PUBLIC_URL"],
  [{ AITO_EDGE_TLS: "internal", AITO_PUBLIC_URL: "https://example.com/aito" }, "needs AITO_PUBLIC_URL"],
  [{ ...outside, AITO_EDGE_TLS: "yes" }, "`internal`, `files` or an e-mail"],
  [{ ...outside, AITO_EDGE_TLS: "a@b }" }, "`internal`, `files` or an e-mail"],
])("V12 what cannot work is refused (%#)", (env, why) => {
  expect(() => edgeVariables(env)).toThrow(why);
});
