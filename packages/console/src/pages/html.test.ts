import { expect, test } from "vitest";
import { html } from "./html.ts";

const payloads = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  "</textarea><svg onload=alert(1)>",
  "<!--",
  "&lt;script&gt;",
  "javascript:alert(1)",
  "\u0000<b>",
];

test("no payload becomes markup", () => {
  for (const payload of payloads) {
    const { markup } = html`<p>${payload}</p>`;
    const inside = markup.slice(3, -4).replaceAll(/<span class="hidden-character">U\+[0-9A-F]+<\/span>/g, "");
    expect(inside).not.toMatch(/[<>"']/);
    expect(inside.replaceAll(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
  }
});

test("finished markup goes in as it is, lists are joined, nothing stands for null and false", () => {
  const items = [1, 2].map((n) => html`<li>${n}</li>`);
  expect(html`<b>${items}${null}${false}</b>`.markup).toBe("<b><li>1</li><li>2</li></b>");
});
