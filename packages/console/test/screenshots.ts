/**
 * Writes screenshots/ (git-ignored): each page, light and dark, desktop and phone, over fixed records, for looking at.
 * Run by hand after `pnpm build`: `node packages/console/test/screenshots.ts [page…]`. Fails when a page breaks its own
 * policy, asks another host for anything, logs an error, or scrolls sideways.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createLogger, systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import type { Browser, Page } from "playwright-core";
import { listen } from "../src/start-console.ts";
import { fixtureRecords } from "./fixture-records.ts";
import { openBrowser, watchPage } from "./open-browser.ts";

const folder = join(import.meta.dirname, "../../../screenshots");
const now = new Date("2026-11-21T09:00:05Z");
const decision = "01939f00-0000-7000-8000-000000000105";
const task = "01939f00-0000-7000-8000-000000000303";
const hostileTask = "01939f00-0000-7000-8000-000000000304";
const sizes = { desktop: { width: 1360, height: 900 }, phone: { width: 390, height: 844 } } as const;

const wanted = process.argv.slice(2);
const shown = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const problems: string[] = [];

const listening = { url: "" };
const open = async (empty: boolean) => {
  const fixture = fixtureRecords({ empty, people: !empty, publicUrl: () => listening.url });
  const running = await listen({
    records: fixture.records,
    bus: memoryBus({ clock: systemClock }),
    log: createLogger({ program: "console", level: "warn" }),
    clock: systemClock,
    host: "127.0.0.1",
    port: 0,
    publicUrl: null,
    operatorKeyHash: null,
    engine: "docker",
    model: "REHEARSAL",
    gatewaySocket: null,
    webRoot: join(import.meta.dirname, "../dist/web"),
  });
  if (!empty) listening.url = running.url;
  return { ...fixture, running };
};

async function shoot(
  browser: Browser,
  company: Awaited<ReturnType<typeof open>>,
  pages: [name: string, path: string, act?: (page: Page) => Promise<void>][],
): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        deviceScaleFactor: 1,
        reducedMotion: "reduce",
        isMobile: size === "phone",
      });
      const page = await context.newPage();
      await page.clock.setFixedTime(now);
      await page.goto(await company.running.newLoginLink());
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(`${company.running.url}/`);
      for (const [name, path, act] of pages) {
        if (!shown(name)) continue;
        const one = name.startsWith("signed-out") ? await (await browser.newContext({ viewport, colorScheme })).newPage() : page;
        watchPage(one, (problem) => problems.push(`${name} ${size} ${colorScheme}: ${problem}`));
        await one.goto(`${company.running.url}${path}`, { waitUntil: "domcontentloaded" });
        await one.locator("h1").first().waitFor();
        await one.waitForTimeout(250);
        await act?.(one);
        const sideways = await one.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (Number(sideways) > 0) problems.push(`${name} ${size}: scrolls sideways by ${String(sideways)} px`);
        await one.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: size === "desktop" });
        one.removeAllListeners();
      }
      await context.close();
    }
  }
}

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
const company = await open(false);
const young = await open(true);
await shoot(browser, company, [
  ["overview", "/"],
  ["fleet", "/fleet"],
  ["restart", "/fleet", (page) => page.getByRole("button", { name: "Restart CEO" }).click()],
  ["decisions", "/decisions"],
  ["decision", `/decisions/${decision}`],
  [
    "override",
    `/decisions/${decision}`,
    async (page) => {
      await page.getByText("Override this decision").click();
      await page.getByText("Who was told").click();
    },
  ],
  ["ideas", "/ideas"],
  ["published", "/published"],
  ["work", "/work"],
  ["task", `/work/${task}`],
  ["hostile-task", `/work/${hostileTask}`],
  ["inbox", "/inbox"],
  ["costs", "/costs"],
  ["messages", "/messages"],
  [
    "history",
    "/history",
    async (page) => {
      await page.getByRole("button", { name: "Verify the chain" }).click();
      await page.locator("details").nth(1).click();
    },
  ],
  ["memory", "/memory"],
  ["memory-aside", "/memory", (page) => page.getByRole("button", { name: "Set source aside" }).last().click()],
  [
    "ask",
    "/ask",
    async (page) => {
      await page.getByLabel("Question").fill("What did the CTO do today?");
      await page.getByRole("button", { name: "Ask" }).click();
      await page.getByRole("heading", { name: "The records" }).waitFor();
    },
  ],
  ["settings", "/settings"],
  [
    "account",
    "/settings",
    async (page) => {
      await page.getByRole("button", { name: /^Set up / }).click();
      await page.getByLabel("New password").waitFor();
    },
  ],
  ["sign-in", "/sign-in"],
  ["missing", "/decisions/01939f00-0000-7000-8000-0000000000ff"],
  ["form", `/e/${company.token}`],
  ["expired", "/e/expired"],
  ["signed-out", "/"],
]);
await shoot(browser, young, [
  ["empty-overview", "/"],
  ["empty-work", "/work"],
  ["empty-ideas", "/ideas"],
  ["empty-costs", "/costs"],
  ["empty-inbox", "/inbox"],
  ["empty-settings", "/settings"],
]);
await browser.close();
await company.running.close();
await young.running.close();
for (const problem of new Set(problems)) process.stderr.write(`${problem}\n`);
process.exit(problems.length > 0 ? 1 : 0);
