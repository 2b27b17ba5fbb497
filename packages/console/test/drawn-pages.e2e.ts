import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hostileText } from "./fixture-data.ts";
import { orgSeats } from "./fixture-roles.ts";
import { listenFixture } from "./listen-fixture.ts";
import { chromiumThere, openBrowser, watchPage } from "./open-browser.ts";

const desktop = { width: 1360, height: 900 };
const phone = { width: 390, height: 844 };
const waits = { timeout: 60_000 };

/** What is drawn by a library: it keeps the policy, comes only where it is shown, and says in words and numbers what it draws. */
describe.skipIf(!chromiumThere())("drawn pages", () => {
  let browser: Browser;
  let company: Awaited<ReturnType<typeof listenFixture>>;
  let page: Page;
  const problems: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    company = await listenFixture({ change: (records) => ({ ...records, org: async () => [...orgSeats(), hostile] }) });
    browser = await openBrowser();
  });
  beforeEach(async () => {
    problems.splice(0);
    asked.splice(0);
    await page?.context().close();
    page = await company.signIn(browser, { viewport: desktop, reducedMotion: "reduce" });
    page.setDefaultTimeout(waits.timeout);
    watchPage(page, (problem) => problems.push(problem));
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  });
  afterAll(async () => {
    await browser?.close();
    await company?.close();
  });

  const hostile = { ...orgSeats()[2]!, role: "clown", title: hostileText, reportsTo: "ceo" };
  const loadedParts = (): string[] => asked.flatMap((path) => /^\/assets\/(?:cost-charts|org-graph)/.exec(path) ?? []);
  const orgChart = async (): Promise<void> => {
    await page.goto(`${company.url}/fleet`);
    await page.getByRole("radio", { name: "Org chart" }).click();
  };

  test("B01 costs draw their days and their month as images that say in words what they show", async () => {
    await page.goto(`${company.url}/costs`);
    const days = page.getByRole("img", { name: /^\$\d+\.\d\d from 2026-11-08 to 2026-11-21; the most on 2026-11-21: \$/ });
    await days.locator(".recharts-bar-rectangle path").first().waitFor();
    // Models and containers of fourteen days.
    expect(await days.locator(".recharts-bar-rectangle path").count()).toBe(28);
    const month = page.getByRole("img", { name: "$13.79 so far, about $25.76 by its end; the company's budget is $40.00." });
    await month.locator(".recharts-line-curve").waitFor();
    await month.locator(".recharts-reference-line-line").waitFor({ state: "attached" });
    await days.locator(".recharts-bar-rectangle path").last().hover();
    await days.getByText("2026-11-21: $1.57, containers $0.327").waitFor();
    expect(await page.locator("main style, main script").count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test("B01 the numbers behind a chart can be opened, and stand where the chart cannot be loaded", async () => {
    await page.route("**/assets/cost-charts-*.js", (route) => route.abort());
    await page.goto(`${company.url}/costs`);
    await page.getByText("The chart could not be loaded.").first().waitFor();
    await page.getByText("The numbers").first().click();
    const row = page
      .getByRole("row")
      .filter({ has: page.getByRole("rowheader", { name: "2026-11-21", exact: true }) })
      .first();
    expect(await row.getByRole("cell").allInnerTexts()).toEqual(["$1.57", "$0.327"]);
    expect(problems.filter((problem) => !/ERR_FAILED/.test(problem))).toEqual([]);
  });

  test("C02 the org chart shows who leads whom with a word for how each one is, and Enter on one opens its page", async () => {
    await orgChart();
    const chart = page.getByRole("application", { name: "Org chart" });
    await chart.getByRole("link", { name: /^CFO error/ }).waitFor();
    await chart.getByRole("link", { name: /^content-writer-3f2a active worker/ }).waitFor();
    // Everybody but the two at the top.
    await expect.poll(() => chart.locator(".react-flow__edge").count(), waits).toBe(7);
    expect(await page.getByRole("list").filter({ hasText: "Chief Finance Officer" }).count()).toBeGreaterThan(0);
    await page.getByRole("link", { name: /^CEO active/ }).focus();
    const focused = (): Promise<string> => page.evaluate<string>("document.activeElement.textContent");
    for (let step = 0; step < 12 && !(await focused()).startsWith("CMO"); step += 1) await page.keyboard.press("Tab");
    expect(await focused()).toMatch(/^CMO/);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/fleet/cmo");
    expect(problems).toEqual([]);
  });

  test("C02 the org chart can be looked at, not changed: a box stays in its place under the mouse", async () => {
    await orgChart();
    const boxes = page.locator(".react-flow__node");
    await boxes.first().waitFor();
    const places = (): Promise<string[]> =>
      page.evaluate<string[]>("[...document.querySelectorAll('.react-flow__node')].map((each) => each.style.transform)");
    const before = await places();
    expect(before).toHaveLength(9);
    const box = (await boxes.first().boundingBox())!;
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 70, { steps: 8 });
    await page.mouse.up();
    expect(await places()).toEqual(before);
    expect(new URL(page.url()).pathname).toBe("/fleet");
  });

  test("S15 hostile words in a box are shown for what they are, and stay inside it", async () => {
    await orgChart();
    const box = page.locator(".react-flow__node").filter({ hasText: "clown" });
    await box.getByText("U+202E").first().waitFor({ state: "attached" });
    const [outer, inner] = [(await box.boundingBox())!, (await box.getByRole("link").boundingBox())!];
    expect(inner.width).toBeLessThanOrEqual(outer.width + 1);
    expect(inner.height).toBeLessThanOrEqual(outer.height + 1);
    expect(await box.locator("script, img").count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test("C01 what draws is loaded only where it is shown, and on a phone the org chart is the list alone", async () => {
    await page.goto(`${company.url}/`);
    await page.getByText("agents active").waitFor();
    await page.goto(`${company.url}/fleet`);
    await page.getByRole("heading", { name: "CMO", exact: true }).waitFor();
    expect(loadedParts()).toEqual([]);
    await page.setViewportSize(phone);
    await orgChart();
    await page.getByText("Chief Finance Officer").waitFor();
    expect(await page.getByRole("application").count()).toBe(0);
    expect(loadedParts()).toEqual([]);
    await page.setViewportSize(desktop);
    await page.getByRole("application", { name: "Org chart" }).waitFor();
    expect(new Set(loadedParts())).toEqual(new Set(["/assets/org-graph"]));
  });
});
