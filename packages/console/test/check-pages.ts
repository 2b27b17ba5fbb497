/**
 * `pnpm check:pages`: every page that the router and the server have, light and dark, on a desktop and a phone, over fixed records: four
 * screenshots in screenshots/ (git-ignored, for looking at) and what axe finds on each. Fails when one is missing, when axe finds anything,
 * or when a page breaks its own policy, asks another host, logs an error, or scrolls sideways.
 *
 *   node packages/console/test/check-pages.ts [--existing] [page…]
 *
 * Needs the built web client (`pnpm build`) and Chromium. `--existing` judges what was taken before and opens nothing.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { everyPage, type PageToSee, withForms } from "./every-page.ts";
import { listenFixture } from "./listen-fixture.ts";
import { openBrowser, watchPage } from "./open-browser.ts";
import { runAxe } from "./run-axe.ts";

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

async function take(page: Page, seen: PageToSee, look: string, url: string): Promise<string[]> {
  const problems: string[] = [];
  watchPage(page, (problem) => problems.push(problem));
  await page.goto(url + seen.address, { waitUntil: "domcontentloaded" });
  await page.locator("h1").first().waitFor();
  await page.locator("main [role=status][aria-label=Loading]").first().waitFor({ state: "detached" });
  problems.push(...(await runAxe(page)));
  const wide = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  if (wide > 0) problems.push(`scrolls sideways by ${wide} px`);
  await page.screenshot({ path: join(folder, `${seen.name}-${look}.png`), fullPage: true });
  page.removeAllListeners();
  return problems;
}

async function takeAll(browser: Browser, wanted: string[]): Promise<void> {
  const company = await listenFixture({ change: withForms });
  try {
    const results = await readResults();
    const pages = (await everyPage({ escalation: company.token })).filter(
      ({ name }) => wanted.length === 0 || wanted.includes(name),
    );
    for (const [size, viewport] of Object.entries(sizes)) {
      for (const colorScheme of themes) {
        const options = { viewport, colorScheme, reducedMotion: "reduce", isMobile: size === "phone" } as const;
        const inside = await company.signIn(browser, options);
        const outside = await (await browser.newContext(options)).newPage();
        await inside.clock.setFixedTime(now);
        for (const seen of pages) {
          const look = `${size}-${colorScheme}`;
          results[seen.name] = {
            ...results[seen.name],
            [look]: await take(seen.signedIn ? inside : outside, seen, look, company.url),
          };
        }
        await inside.context().close();
        await outside.context().close();
      }
    }
    await writeFile(resultsFile, JSON.stringify(results, null, 2));
  } finally {
    await company.close();
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

const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"));
await mkdir(folder, { recursive: true });
if (!process.argv.includes("--existing")) {
  const browser = await openBrowser();
  try {
    await takeAll(browser, wanted);
  } finally {
    await browser.close();
  }
}
const problems = await judge();
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${problems.length} problems; the pictures are in ${folder}\n`);
process.exit(problems.length > 0 ? 1 : 0);
