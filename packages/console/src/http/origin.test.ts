import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import { requireKnownHost, requireSameOrigin } from "./origin.ts";

const publicUrl = new URL("https://aito.example.com");
const change =
  (headers: Record<string, string>, allowNull = false) =>
  () =>
    requireSameOrigin({ headers } as unknown as FastifyRequest, publicUrl, allowNull);

test("S16 a change is taken from the public address' own pages, from the loopback's, and from programs", () => {
  expect(change({ host: "aito.example.com", origin: "https://aito.example.com", "sec-fetch-site": "same-origin" })).not.toThrow();
  expect(change({ host: "127.0.0.1:7700", origin: "http://127.0.0.1:7700" })).not.toThrow();
  expect(change({ host: "aito.example.com" })).not.toThrow();
  expect(change({ host: "aito.example.com", origin: "null" }, true)).not.toThrow();
});

test.each<Record<string, string>>([
  { host: "aito.example.com", origin: "http://aito.example.com" },
  { host: "aito.example.com", origin: "https://aito.example.com.evil.example" },
  { host: "aito.example.com", origin: "https://evil.example" },
  { host: "aito.example.com", origin: "https://aito.example.com:8443" },
  { host: "aito.example.com", origin: "null" },
  { host: "aito.example.com", origin: "https://aito.example.com", "sec-fetch-site": "cross-site" },
  { host: "127.0.0.1:7700", origin: "http://127.0.0.1:7701" },
  { host: "127.0.0.1:7700", origin: "ftp://127.0.0.1:7700" },
])("S16 a change from elsewhere is refused (%#)", (headers) => {
  expect(change(headers)).toThrowError(expect.objectContaining({ code: "AITO_CONSOLE_ORIGIN", status: 403 }));
});

test("S16 a name that is not ours is refused, whatever it points to", () => {
  const host = (name: string) => () => requireKnownHost({ headers: { host: name } } as unknown as FastifyRequest, publicUrl);
  for (const name of ["aito.example.com", "aito.example.com:443", "127.0.0.1:7700", "localhost", "[::1]:7700"])
    expect(host(name)).not.toThrow();
  for (const name of ["evil.example", "aito.example.com.evil.example", ""])
    expect(host(name)).toThrowError(expect.objectContaining({ status: 421 }));
});
