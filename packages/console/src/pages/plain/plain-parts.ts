import { html, type Html } from "../html.ts";

/** A titled part of a page. */
export const card = (title: string, body: Html | Html[]): Html =>
  html`<section class="card">
    <h2>${title}</h2>
    ${body}
  </section>`;
/** `none` stands where there are no rows. */
export const list = (rows: Html[], none: string): Html =>
  rows.length > 0
    ? html`<ul>
        ${rows}
      </ul>`
    : html`<p class="quiet">${none}</p>`;
