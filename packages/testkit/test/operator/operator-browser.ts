import { generateSync } from "otplib";
import type { Browser, Page } from "playwright-core";

const actMsMax = 60_000;
const networkChanged = /ERR_NETWORK_CHANGED/;
/** What a page logs where the story means it to: a refusal, or the network's. */
const meant = /ERR_NETWORK_CHANGED|ERR_INCOMPLETE_CHUNKED|status of (401|403|409|410|422) /;
const stepMs = 30_000;

/** A browser of its own: what it is signed in as, nobody else is. `tell` hears what a page must not do. */
export async function newVisitor(browser: Browser, tell: (problem: string) => void): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(actMsMax);
  page.on("console", (message) => {
    if (message.type() === "error" && !meant.test(message.text())) tell(message.text());
  });
  page.on("pageerror", (error) => tell(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("http://127.0.0.1:")) tell(`asks ${request.url()}`);
  });
  return page;
}

/** Containers that change networks meanwhile break a load once. */
export const open = (page: Page, url: string): Promise<unknown> =>
  page.goto(url).catch((error: unknown) => {
    if (networkChanged.test(String(error))) return page.goto(url);
    throw error;
  });

/** By the link to its page, as one does from anywhere. */
export async function goTo(page: Page, title: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: title }).click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

export async function enterByLink(page: Page, link: string): Promise<void> {
  await open(page, link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
}

/** The app on somebody's phone. A code works once: the next one is there a step later, and is taken a step early. */
export const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor((Date.now() + steps * stepMs) / 1_000) });

/** Password and code app, from the overview's offer. Answers what the app was told. */
export async function setUpAccount(page: Page, account: { name?: string; password: string }): Promise<string> {
  await page.getByRole("complementary", { name: "Your account" }).getByRole("link", { name: "Set them up" }).click();
  await page.getByRole("button", { name: "Set up a password and codes" }).click();
  const secret = (await page.getByText(/^(?:[A-Z2-7]{4} )+[A-Z2-7]{1,4}$/).innerText()).replaceAll(" ", "");
  if (account.name) await page.getByLabel("Name to sign in with").first().fill(account.name);
  await page.getByLabel("New password").fill(account.password);
  await page.getByLabel("The app's current code").fill(codeOf(secret));
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  return secret;
}
