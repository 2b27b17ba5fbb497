import { expect, test } from "vitest";
import { everyPage } from "./every-page.ts";
import { fixtureToken } from "./fixture-escalation.ts";
import { hostileAnswers } from "./hostile-answers.ts";
import { hostileFamilies } from "./hostile-families.ts";
import { hostileRecords } from "./hostile-records.ts";
import { openFixtureConsole } from "./open-fixture-console.ts";

/** All that our own pages are made of; whatever else a tag says, a text said it. */
const ourTags = new Set(
  [
    "!doctype",
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "header",
    "main",
    "nav",
    "section",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
  ].concat([
    "p",
    "ul",
    "ol",
    "li",
    "a",
    "span",
    "strong",
    "em",
    "code",
    "pre",
    "form",
    "label",
    "textarea",
    "input",
    "button",
    "details",
    "summary",
  ]),
);
const ourAttributes =
  /^(\/|html|lang|charset|name|content|rel|href|class|dir|action|method|rows|maxlength|type|value|id|for|open)$/;
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e01ef}]/u; // eslint-disable-line no-control-regex

const tagForm = /<\/?([!a-z][^\s>/]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi;

/** What stands in a page that is not ours: foreign tags, foreign attributes, addresses that lead elsewhere, characters that hide. */
function foreignIn(page: string): string[] {
  const found: string[] = [];
  for (const [tag, name = "", attributes = ""] of page.matchAll(tagForm)) {
    if (!ourTags.has(name.toLowerCase())) found.push(tag.slice(0, 100));
    for (const [, attribute = "", value = ""] of attributes.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
      if (!ourAttributes.test(attribute)) found.push(`${attribute} in ${tag.slice(0, 100)}`);
      if (/^(href|action)$/.test(attribute) && !/^[/#](?!\/)/.test(value)) found.push(`leads to ${value.slice(0, 100)}`);
    }
  }
  // In our pages each < begins a tag of that form: a written one is escaped.
  const rest = page.replaceAll(tagForm, "");
  const stray = rest.indexOf("<");
  if (stray >= 0) found.push(`no tag: ${rest.slice(stray, stray + 100)}`);
  const hit = hidden.exec(page);
  if (hit) found.push(`hidden: ${JSON.stringify(page.slice(Math.max(0, hit.index - 40), hit.index + 10))}`);
  return found.slice(0, 5);
}

test(`S15 ${hostileFamilies.length} payloads in every field that a page without scripts shows write no tag, no attribute, no address, and hide nothing`, async () => {
  let hostile: ReturnType<typeof hostileAnswers> | null = null;
  const it = await openFixtureConsole({ change: (records) => hostileRecords(records, () => hostile) });
  try {
    const { cookie } = await it.signIn();
    const headers = { host: "127.0.0.1:7700", cookie };
    const document = await it.app.inject({ url: "/api/openapi.json", headers });
    hostile = hostileAnswers(document.json(), hostileFamilies);
    const pages = (await everyPage({ escalation: fixtureToken })).filter(({ address }) => address.startsWith("/plain"));
    expect(pages.length).toBeGreaterThan(10);
    for (const { address } of pages) {
      const { statusCode, body } = await it.app.inject({ url: address + (address.endsWith("/ask") ? "?q=why" : ""), headers });
      // What hides or reorders is told by its code: so the payloads do stand there.
      expect.soft({ address, statusCode, told: /U\+202E/.test(body), foreign: foreignIn(body) }).toEqual({
        address,
        statusCode: 200,
        told: true,
        foreign: [],
      });
    }
    const given = hostile.given();
    expect(given.length).toBeGreaterThan(80);
    expect(given.filter(({ path, count, short }) => !short && !path.includes("[]") && count < 80)).toEqual([]);
  } finally {
    await it.close();
  }
});
