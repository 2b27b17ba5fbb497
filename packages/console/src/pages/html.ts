import { visibleParts } from "../visible-parts.ts";

/** Finished markup. Only `html` makes it, so that a plain string can never become markup. */
export interface Html {
  readonly markup: string;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

type Value = string | number | Html | Value[] | null | false;

function render(value: Value): string {
  if (value === null || value === false) return "";
  if (Array.isArray(value)) return value.map(render).join("");
  if (typeof value === "object") return value.markup;
  return visibleParts(String(value))
    .map((part) => ("hidden" in part ? `<span class="hidden-character">${part.hidden}</span>` : escape(part.text)))
    .join("");
}

/**
 * Markup from a template. Every string put into it is escaped and its bidi, zero-width and control characters are shown as
 * `U+…`; `null` and `false` give nothing. Not for attributes that hold foreign text: use it for element content.
 */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return { markup: strings.reduce((out, text, index) => out + render(values[index - 1]!) + text) };
}
