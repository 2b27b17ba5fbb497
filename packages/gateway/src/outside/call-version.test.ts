import { OutsideToolEntry } from "@aito/protocol";
import { expect, test } from "vitest";
import { callVersion } from "./outside-tool.ts";

const given = {
  words: { tool: "send", hash: "words", description: "Sends.", inputSchema: "{}", outputSchema: null },
  entry: OutsideToolEntry.parse({ usd: 0.25 }),
  config: { url: "https://town.example.com/mcp", secret: "town" },
};
const changed = (more: object): string => callVersion({ ...given, ...more });

test("S02 an approval is of a call to one address under one entry: either changed, it is of another one", () => {
  expect(changed({ entry: OutsideToolEntry.parse({ usd: 0.25 }) })).toBe(callVersion(given));
  const versions = [
    callVersion(given),
    changed({ words: { ...given.words, hash: "others" } }),
    changed({ config: { ...given.config, url: "https://town.example.net/mcp" } }),
    changed({ config: { unix: "/run/town.sock", secret: "town" } }),
    changed({ config: { ...given.config, secret: "other" } }),
    changed({ entry: { ...given.entry, usd: 0.5 } }),
    changed({ entry: { ...given.entry, effectKey: "key" } }),
    changed({ entry: { ...given.entry, name: "send_all" } }),
    changed({ entry: { ...given.entry, risk: "write" } }),
  ];
  expect(new Set(versions).size).toBe(versions.length);
});
