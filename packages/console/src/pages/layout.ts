import { visibleText } from "../visible-parts.ts";
import { html, type Html } from "./html.ts";

/** A whole page that needs no script: links only our own stylesheet. */
export function page(options: { title: string; rehearsal?: boolean; wide?: boolean; body: Html }): string {
  const banner = options.rehearsal
    ? html`<p class="rehearsal"><strong>REHEARSAL</strong> A scripted model stands in for Claude; no money is spent.</p>`
    : null;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${visibleText(options.title)} · AITO</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/forms.css" />
      </head>
      <body>
        ${banner}
        <main class="${options.wide ? "wide" : "narrow"}">
          <p class="brand">AITO</p>
          ${options.body}
        </main>
      </body>
    </html> `.markup;
}

/** A page that only tells something: a heading, what it means, what to do next. */
export function plainPage(options: { title: string; rehearsal?: boolean; lines: (string | Html)[] }): string {
  return page({
    title: options.title,
    ...(options.rehearsal === undefined ? {} : { rehearsal: options.rehearsal }),
    body: html`<section class="card">
      <h1>${options.title}</h1>
      ${options.lines.map((line) => html`<p>${line}</p>`)}
    </section>`,
  });
}
