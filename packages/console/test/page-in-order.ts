import type { Page } from "playwright-core";
import { expect } from "vitest";

export const desktop = { width: 1360, height: 900 };
export const phone = { width: 390, height: 844 };
const invisible =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\u{e0000}-\u{e01ef}]/u;
const ours = "main, [role=dialog], [role=alertdialog], [role=status]";

/** What a page must not have, whatever was written into it. The shell is looked at too; what it may hold is its own. */
const look = `(() => {
  const hides = new RegExp(${JSON.stringify(invisible.source)}, "u");
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const foreign = [...document.querySelectorAll(":is(${ours}) :is(script, iframe, object, embed, base, style, video, audio, img, [onerror], [onload], [style*='evil'])")];
  const links = [...document.querySelectorAll("a[href], form[action]")].map((each) => each.href || each.action);
  const labels = [...document.querySelectorAll("[title], [aria-label], [alt], [placeholder]")].flatMap((each) =>
    ["title", "aria-label", "alt", "placeholder"].map((name) => each.getAttribute(name) ?? ""));
  const beyond = wide <= 0 ? [] : [...document.querySelectorAll("body *")].filter((each) =>
    each.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && each.children.length === 0);
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const leaks = [];
  // What is written into a field is looked at below.
  while (nodes.nextNode()) if (nodes.currentNode.parentElement.localName !== "textarea" && hides.test(nodes.currentNode.data)) leaks.push(nodes.currentNode.parentElement);
  // What many lines are written in takes any text: what it hides is told beside it.
  const told = (field, value) => field.localName === "textarea" && [...value].filter((each) => hides.test(each)).every((each) =>
    (document.getElementById(field.getAttribute("aria-describedby"))?.textContent ?? "").includes(
      "U+" + each.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")));
  return {
    leaks: leaks.slice(0, 3).map((each) => each.parentElement.outerHTML.slice(0, 150) + " … " + each.outerHTML.slice(0, 150)),
    wide: Math.max(0, wide),
    beyond: beyond.slice(0, 3).map((each) => each.parentElement.outerHTML.slice(0, 160) + " … " + each.outerHTML.slice(0, 160)),
    foreign: foreign.map((each) => each.outerHTML.slice(0, 200)),
    away: links.filter((href) => new URL(href, location.href).origin !== location.origin),
    text: document.body.innerText + "\\n" + document.title,
    labels: labels.join("\\n"),
    fields: [...document.querySelectorAll("textarea, input")].filter((each) => !told(each, each.value)).map((each) => each.value).join("\\n"),
  };
})()`;
interface Seen {
  wide: number;
  leaks: string[];
  beyond: string[];
  foreign: string[];
  away: string[];
  text: string;
  labels: string;
  fields: string;
}

/** Looks at a page as it stands, on a desktop and on a phone: nothing foreign in it, nothing wider than it, nothing hidden. Its text on the phone. */
export async function pageInOrder(page: Page, what: string): Promise<string> {
  let text = "";
  for (const viewport of [desktop, phone]) {
    await page.setViewportSize(viewport);
    const seen = await page.evaluate<Seen>(look);
    const { wide, beyond, foreign, away, leaks } = seen;
    const where = `${what} at ${viewport.width}`;
    expect
      .soft({ where, wide, beyond, foreign, away, leaks })
      .toEqual({ where, wide: 0, beyond: [], foreign: [], away: [], leaks: [] });
    for (const [name, shown] of Object.entries({ labels: seen.labels, fields: seen.fields })) {
      const hit = invisible.exec(shown);
      expect
        .soft(hit && `${where}: ${name}: ${JSON.stringify(shown.slice(Math.max(0, hit.index - 60), hit.index + 20))}`)
        .toBeNull();
    }
    text = seen.text;
  }
  return text;
}
