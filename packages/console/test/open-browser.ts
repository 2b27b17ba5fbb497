import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

export const chromiumPath = "/usr/bin/chromium";
export const chromiumThere = (): boolean => existsSync(chromiumPath);

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath, args: flags });

/** Notes whatever a page must not do: run foreign script, break its policy, log an error, ask another host. */
export function watchPage(page: Page, tell: (problem: string) => void): void {
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (401|404|409|410)/.test(message.text())) tell(message.text());
  });
  page.on("pageerror", (error) => tell(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("http://127.0.0.1:")) tell(`asks ${request.url()}`);
  });
  page.on("dialog", (dialog) => {
    tell(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
}
