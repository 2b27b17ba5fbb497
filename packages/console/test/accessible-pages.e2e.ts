import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyPage, type PageToSee, withForms } from "./every-page.ts";
import { listenFixture } from "./listen-fixture.ts";
import { chromiumThere, openBrowser, watchPage } from "./open-browser.ts";
import { openedPages } from "./opened-pages.ts";
import { runAxe } from "./run-axe.ts";

const looks = [
  { viewport: { width: 1360, height: 900 }, colorScheme: "light" },
  { viewport: { width: 390, height: 844 }, colorScheme: "dark", isMobile: true },
] as const;
/** The whole of it is `pnpm check:pages`; here each is looked at once, in turn on a desktop in light and on a phone in the dark. */
const dialogs = new Set([
  "kill-switch",
  "kill-switch-sure",
  "fleet-table",
  "fleet-chart",
  "costs-numbers",
  "fleet-deploy-tried",
  "work-cancel",
  "messages-replay",
]);

describe.skipIf(!chromiumThere())("accessible pages", { timeout: 900_000 }, () => {
  let browser: Browser;
  let company: Awaited<ReturnType<typeof listenFixture>>;
  beforeAll(async () => {
    company = await listenFixture({ change: withForms });
    browser = await openBrowser();
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await company?.close();
  });

  const inOrder = async (page: Page, seen: PageToSee): Promise<string[]> => {
    const problems: string[] = [];
    watchPage(page, (problem) => problems.push(problem));
    await page.goto(company.url + seen.address, { waitUntil: "domcontentloaded" });
    await page.locator("h1").first().waitFor();
    await page.locator("main [role=status][aria-label=Loading]").first().waitFor({ state: "detached" });
    await seen.act?.(page);
    problems.push(...(await runAxe(page)));
    page.removeAllListeners();
    return problems.map((problem) => `${seen.name}: ${problem}`);
  };

  test("C01 axe finds nothing on any page of the router, nor on the charts and the dialogs that stop, cancel and deploy", async () => {
    const pages = (await everyPage({ escalation: company.token })).filter(
      ({ name, signedIn, act, company: which, address }) =>
        signedIn && which === undefined && !address.startsWith("/plain") && (act === undefined || dialogs.has(name)),
    );
    expect(pages.length).toBeGreaterThan(openedPages.filter(({ name }) => dialogs.has(name)).length + 20);
    const found: string[] = [];
    for (const [at, look] of looks.entries()) {
      const page = await company.signIn(browser, { ...look, reducedMotion: "reduce" });
      for (const seen of pages.filter((_, index) => index % looks.length === at)) found.push(...(await inOrder(page, seen)));
      await page.context().close();
    }
    expect(found).toEqual([]);
  });
});
