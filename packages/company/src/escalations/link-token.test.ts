import { expect, test } from "vitest";
import { linkToken, linkUrl } from "./link-token.ts";

test("V12 a link's token follows from key, escalation and number alone, and from each of them", () => {
  const token = linkToken("key", "01900000-0000-7000-8000-000000000000", 1);
  expect(token).toBe(linkToken("key", "01900000-0000-7000-8000-000000000000", 1));
  expect(token).toMatch(/^aito_esc_[\w-]{43}$/);
  const others = [
    linkToken("other", "01900000-0000-7000-8000-000000000000", 1),
    linkToken("key", "01900000-0000-7000-8000-000000000000", 2),
    linkToken("key", "01900000-0000-7000-8000-000000000001", 1),
  ];
  expect(new Set([token, ...others]).size).toBe(4);
});

test("V12 the address has one slash, however the public address ends", () => {
  expect(linkUrl("https://acme.example/", "t")).toBe("https://acme.example/e/t");
  expect(linkUrl("http://127.0.0.1:7700", "t")).toBe("http://127.0.0.1:7700/e/t");
});
