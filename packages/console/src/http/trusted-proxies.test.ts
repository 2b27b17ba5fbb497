import { silentLogger, systemClock } from "@aito/base";
import { afterEach, expect, test } from "vitest";
import { readTrusted, type TrustedProxies, trustedProxies } from "./trusted-proxies.ts";

const open: TrustedProxies[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});
async function trusting(list: string, lookup?: (name: string) => Promise<string[]>, clock = systemClock) {
  const proxies = await trustedProxies({ list, clock, log: silentLogger, ...(lookup ? { lookup } : {}) });
  open.push(proxies);
  return proxies;
}

test("V12 nobody's X-Forwarded-For is believed where nobody is named", async () => {
  const { trusts } = await trusting("");
  for (const address of ["127.0.0.1", "::1", "10.0.0.1", "", "edge"]) expect(trusts(address)).toBe(false);
});

test("V12 addresses and networks are believed, also as IPv6 writes them, and nothing beside them", async () => {
  const { trusts } = await trusting(" 192.0.2.7, 172.18.0.0/16,2001:db8::/32 ");
  for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "172.18.255.1", "2001:db8::1"]) expect(trusts(address)).toBe(true);
  for (const address of ["192.0.2.8", "172.19.0.1", "2001:db9::1", "::ffff:192.0.2.8"]) expect(trusts(address)).toBe(false);
});

test("V12 a name is the address that it has now", async () => {
  let at = "172.20.0.3";
  let later = (): void => undefined;
  const clock = { ...systemClock, after: (_ms: number, run: () => void) => ((later = run), () => undefined) };
  const asked: string[] = [];
  const lookup = (name: string) => (asked.push(name), at === "" ? Promise.reject(new Error("ENOTFOUND")) : Promise.resolve([at]));
  const { trusts } = await trusting("aito-edge.internal", lookup, clock);
  expect([trusts("172.20.0.3"), trusts("::ffff:172.20.0.3"), trusts("172.20.0.4")]).toEqual([true, true, false]);
  for (const [next, now] of [
    ["172.20.0.4", true],
    ["", false],
  ] as const) {
    at = next;
    const before = asked.length;
    later();
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(before + 1);
    await expect.poll(() => [trusts("172.20.0.3"), trusts("172.20.0.4")], { timeout: 20_000 }).toEqual([false, now]);
  }
});

test.each(["0.0.0.0/0", "1.2.3", "10.0.0.0/33", "a b", "http://edge", "-x", "1.2.3.4/8/9"])("V12 %s is refused", (list) => {
  expect(() => readTrusted(list)).toThrowError(expect.objectContaining({ code: "AITO_CONFIG_INVALID" }));
});
