import { expect, test } from "vitest";
import { requireAddressText } from "./address-text.ts";

const check = (url: string) => () => requireAddressText({ raw: { url } } as never);

test("a NUL in an address is refused, in its path and in its query; an escaped percent sign before two zeros is none", () => {
  for (const url of ["/api/v1/agents/%00", "/x?by=%00", "/x?by=a%00b", "/x?%00=1"]) expect(check(url), url).toThrow(/NUL/);
  for (const url of ["/", "/x?by=%2500", "/x?by=00", "/x?by=%200%30"]) expect(check(url), url).not.toThrow();
});
