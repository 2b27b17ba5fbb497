import { expect, test } from "vitest";
import { debianMirror, parseList, parseStanzas } from "./apt-sources.ts";

test("reads the classic format with options, and leaves out source packages", () => {
  const text =
    "# a comment\ndeb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian trixie main\ndeb-src http://mirror.test/debian trixie main";
  expect(parseList(text)).toEqual([{ uri: "http://mirror.test/debian", suites: ["trixie"] }]);
});

test("reads stanzas, also with several suites, and leaves out disabled ones", () => {
  const text = [
    "Types: deb\nURIs: http://mirror.test/debian\nSuites: bookworm bookworm-updates\nComponents: main",
    "Enabled: no\nTypes: deb\nURIs: http://off.test/debian\nSuites: sid",
    "Types: deb\n# where fixes come from\nURIs: http://mirror.test/debian-security\nSuites: bookworm-security",
  ].join("\n\n");
  expect(parseStanzas(text)).toEqual([
    { uri: "http://mirror.test/debian", suites: ["bookworm", "bookworm-updates"] },
    { uri: "http://mirror.test/debian-security", suites: ["bookworm-security"] },
  ]);
});

test("takes archive and security from a Debian's sources, and nothing from others", () => {
  const sources = [
    { uri: "http://packages.test/node_20.x", suites: ["nodistro"] },
    { uri: "http://mirror.test/debian-security", suites: ["bookworm-security"] },
    { uri: "http://mirror.test/debian", suites: ["bookworm"] },
  ];
  expect(debianMirror(sources, {})).toEqual({
    archive: "http://mirror.test/debian",
    security: "http://mirror.test/debian-security",
  });
  expect(debianMirror([{ uri: "http://mirror.test/ubuntu", suites: ["noble"] }], {})).toBeNull();
  expect(debianMirror([], { AITO_DEBIAN_MIRROR: "http://own.test/debian" })).toEqual({
    archive: "http://own.test/debian",
    security: null,
  });
});
