import { html, type Html } from "./html.ts";
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

/** Name, password and code in one step: nothing tells which of them was wrong. */
const signInForm = (refused: boolean): Html => html`
  ${refused ? html`<p class="problem" role="alert">Name, password or code is not right. Each code works once.</p>` : null}
  <form method="post" action="/sign-in">
    <label for="name">Name</label>
    <input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="40" required />
    <label for="password">Password</label>
    <input id="password" name="password" type="password" autocomplete="current-password" maxlength="200" required />
    <label for="code">Code from your app, or a recovery code</label>
    <input id="code" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="40" required />
    <div class="buttons"><button type="submit" class="primary">Sign in</button></div>
  </form>
`;

const linkHint = html`On the machine that runs the company, <code>./scripts/aito login</code> prints a one-time link.`;

export const signInPage = ({ refused = false }: { refused?: boolean } = {}): string =>
  page({
    title: "Sign in",
    body: html`<section class="card">
      <h1>Sign in to the console</h1>
      ${signInForm(refused)}
      <p class="quiet">Lost your phone or your password? ${linkHint}</p>
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

/** What anyone sees who is not signed in; with `accounts` there is somebody who has a password. */
export const signedOutPage = ({ accounts }: { accounts: boolean }): string =>
  accounts
    ? signInPage()
    : plainPage({
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
