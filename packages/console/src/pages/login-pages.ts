import { html } from "./html.ts";
import { page, plainPage } from "./layout.ts";

/** Shown by GET /login/<token>: opening it changes nothing, so link previews and scanners cannot use the link up. */
export const loginPage = (): string =>
  page({
    title: "Sign in",
    body: html`<section class="card">
      <h1>Sign in to the console</h1>
      <p>This link works once. Signing in keeps this browser signed in for a while; it gives it the operator's rights.</p>
      <form method="post"><button type="submit" class="primary">Sign in</button></form>
    </section>`,
  });

export const loginFailedPage = (): string =>
  plainPage({
    title: "This sign-in link does not work",
    lines: [
      "It was used before, it has expired, or it is not complete.",
      html`Make a new one with <code>./scripts/aito login</code>.`,
    ],
  });

/** What anyone sees who is not signed in. */
export const signedOutPage = (): string =>
  plainPage({
    title: "Not signed in",
    lines: [
      "This is the console of an AITO company. It opens with a one-time link.",
      html`On the machine that runs the company, make one with:`,
      html`<code class="command">./scripts/aito login</code>`,
    ],
  });

export const notBuiltPage = (): string =>
  plainPage({
    title: "The web client is not built",
    lines: [
      html`Build it with <code>pnpm build</code>, then load this page again.`,
      "The operator API and the decision forms work without it.",
    ],
  });

export const problemPage = (title: string, message: string, hint?: string): string =>
  plainPage({ title, lines: hint ? [message, hint] : [message] });
