/**
 * `pnpm check:pages`: every page that the router and the server have, its forms and dialogs opened, of a company with records and of one that
 * has just begun, light and dark, on a desktop and a phone: four screenshots in screenshots/ (git-ignored, for looking
 * at) and what axe finds on each. Fails when one is missing, when axe finds anything, or a page breaks its own policy, asks
 * another host, logs an error, or scrolls sideways.
 *
 * It takes some ten minutes; `npm test` looks at each page once with axe (accessible-pages.e2e.ts) and takes no pictures.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { everyPage, type PageToSee, withForms } from "./every-page.ts";
import { listenFixture } from "./listen-fixture.ts";
import { troubledPages } from "./opened-pages.ts";
import { openBrowser, watchPage } from "./open-browser.ts";
import { runAxe } from "./run-axe.ts";

const usage = `pnpm check:pages [--existing] [--list] [--json] [page…]
  Opens every page of the console, its forms and dialogs, light and dark, on a desktop and a phone: four pictures of each in
  screenshots/, and what axe (WCAG 2.2 AA) and the page's policy say of it. Needs the built web client (pnpm build) and Chromium.
  page        only these; the others are judged by what was seen of them before
  --existing  judges what was seen before and opens nothing
  --list      the names of the pages
  --json      one line of JSON on stdout: {pages, pictures, problems}
Exits 1 when a picture or an axe result is missing, or anything was found.`;
const folder = join(import.meta.dirname, "../../../screenshots");
const resultsFile = join(folder, "pages.json");
const now = new Date("2026-11-21T09:00:05Z");
const sizes = { desktop: { width: 1360, height: 900 }, phone: { width: 390, height: 844 } } as const;
const themes = ["light", "dark"] as const;
const looks = Object.keys(sizes).flatMap((size) => themes.map((theme) => `${size}-${theme}` as const));

/** By page and look: what axe found and what else was wrong; empty when it is in order. */
type Results = Record<string, Record<string, string[]>>;

async function readResults(): Promise<Results> {
  return existsSync(resultsFile) ? (JSON.parse(await readFile(resultsFile, "utf8")) as Results) : {};
}

/** What a page is asked for never comes, or is refused; the stream stays. */
async function troubled(page: Page, name: string): Promise<void> {
  if (name === "loading") await page.route("**/api/v1/costs**", () => undefined);
  if (name === "failed")
    await page.route("**/api/v1/costs**", (route) =>
      route.fulfill({ status: 500, json: { error: { code: "AITO_CONSOLE_FAILED", message: "the database does not answer" } } }),
    );
}

async function take(page: Page, seen: PageToSee, look: string, url: string): Promise<string[]> {
  const problems: string[] = [];
  watchPage(page, (problem) => problems.push(problem));
  await troubled(page, seen.name);
  await page.goto(url + seen.address, { waitUntil: "domcontentloaded" });
  await page.locator("h1").first().waitFor();
  if (seen.name !== "loading")
    await page.locator("main [role=status][aria-label=Loading]").first().waitFor({ state: "detached" });
  if (seen.name === "offline") await page.context().setOffline(true);
  try {
    await seen.act?.(page);
    problems.push(...(await runAxe(page)));
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    if (wide > 0) problems.push(`scrolls sideways by ${wide} px`);
    await page.screenshot({ path: join(folder, `${seen.name}-${look}.png`), fullPage: !(await hasDialog(page)) });
  } catch (error) {
    problems.push(`could not be opened: ${String(error).split("\n")[0]}`);
  }
  page.removeAllListeners();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.context().setOffline(false);
  // What is refused and what is out of reach is told by the browser itself, too.
  return troubledPages.some(({ name }) => name === seen.name)
    ? problems.filter((problem) => !/status of 500|ERR_/.test(problem))
    : problems;
}

const hasDialog = async (page: Page): Promise<boolean> => (await page.locator("[role=dialog], [role=alertdialog]").count()) > 0;

async function takeAll(browser: Browser, wanted: string[]): Promise<void> {
  const company = await listenFixture({ change: withForms });
  const begun = await listenFixture({ empty: true });
  try {
    const results = await readResults();
    const pages = (await everyPage({ escalation: company.token })).filter(
      ({ name }) => wanted.length === 0 || wanted.includes(name),
    );
    for (const [size, viewport] of Object.entries(sizes)) {
      for (const colorScheme of themes) {
        const options = { viewport, colorScheme, reducedMotion: "reduce", isMobile: size === "phone" } as const;
        const inside = await company.signIn(browser, options);
        const inBegun = await begun.signIn(browser, options);
        const outside = await (await browser.newContext(options)).newPage();
        for (const page of [inside, inBegun]) await page.clock.setFixedTime(now);
        for (const seen of pages) {
          const look = `${size}-${colorScheme}`;
          const page = seen.company === "empty" ? inBegun : seen.signedIn ? inside : outside;
          const url = seen.company === "empty" ? begun.url : company.url;
          results[seen.name] = { ...results[seen.name], [look]: await take(page, seen, look, url) };
        }
        for (const page of [inside, inBegun, outside]) await page.context().close();
        // Look by look: a run that is ended early leaves what it saw.
        await writeFile(resultsFile, JSON.stringify(results, null, 2));
      }
    }
  } finally {
    await company.close();
    await begun.close();
  }
}

async function judge(): Promise<string[]> {
  const results = await readResults();
  const pages = await everyPage({ escalation: "any" });
  return pages.flatMap(({ name }) =>
    looks.flatMap((look) => {
      const found = results[name]?.[look];
      if (!existsSync(join(folder, `${name}-${look}.png`))) return [`${name} ${look}: no screenshot`];
      if (!found) return [`${name} ${look}: no axe result`];
      return found.map((problem) => `${name} ${look}: ${problem}`);
    }),
  );
}

const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h", default: false },
    existing: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const names = (await everyPage({ escalation: "any" })).map(({ name }) => name);
const unknown = wanted.filter((each) => !names.includes(each));
if (flags.help || flags.list) {
  process.stdout.write(`${flags.help ? usage : names.join("\n")}\n`);
  process.exit(0);
}
if (unknown.length > 0) {
  process.stderr.write(`there is no page ${unknown.join(", ")}; --list tells their names\n`);
  process.exit(2);
}
await mkdir(folder, { recursive: true });
if (!flags.existing) {
  const browser = await openBrowser();
  try {
    await takeAll(browser, wanted);
  } finally {
    await browser.close();
  }
}
const problems = await judge();
for (const problem of problems) process.stderr.write(`${problem}\n`);
const told = { pages: names.length, pictures: names.length * looks.length, problems };
process.stdout.write(flags.json ? `${JSON.stringify(told)}\n` : `${problems.length} problems; the pictures are in ${folder}\n`);
process.exit(problems.length > 0 ? 1 : 0);
