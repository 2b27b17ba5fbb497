import { tmpdir } from "node:os";
import { newToken, sha256 } from "@aito/base";
import {
  type AgentSession,
  beginIncarnation,
  createTask,
  finishTask,
  hello,
  propose,
  recordReceipt,
  sendMessage,
  submitReport,
} from "@aito/company";
import { Proposal } from "@aito/protocol";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPagesApart } from "./build-pages.ts";
import { chromiumThere, openBrowser, watchPage } from "./open-browser.ts";
import { openCompanyConsole } from "./open-company-console.ts";

let company: Awaited<ReturnType<typeof openCompanyConsole>>;
let cookie = "";
let receipt = "";
let task = "";
let decision = "";
/** As it is written in texts, and as a claim has it. */
const [verified, unverified] = ["$12,345.67", "4,711"];
const said = { metric: "shop_revenue", value: "12345.67", unit: "USD", period: null, entity: "shop" };
const text = `Shop revenue was ${verified}, from ${unverified} visitors.`;

async function enter(agent: string): Promise<AgentSession> {
  const tokenHash = sha256(newToken("run"));
  const { epoch } = await beginIncarnation(company.deps, { agent, tokenHash });
  const sessionHash = sha256(newToken("ses"));
  return await hello(company.deps, { tokenHash, epoch, sessionHash, redisPasswordHash: sha256("unused") });
}

beforeAll(async () => {
  const webRoot = chromiumThere() ? await buildPagesApart("numbers") : tmpdir();
  company = await openCompanyConsole({ webRoot });
  const { deps } = company;
  const cfo = await enter("cfo");
  const facts = [{ ...said, observedAt: deps.clock.now().toISOString() }];
  const call = { tool: "read_books", argumentsDigest: "d", ok: true, effect: true, result: {}, durationMs: 1, run: null };
  task = (await createTask(deps, "operator", { title: "Report the revenue", assignTo: "cfo" })).id;
  receipt = (await recordReceipt(deps, cfo, { ...call, source: "books", task, facts }, "k".repeat(32))).id;
  const claims = [{ ...said, receipts: [receipt] }];
  const words = { metric: "words", value: "9", unit: "count", period: null, entity: task, receipts: [] };
  await submitReport(deps, cfo, { task: null, text: "Words.", claims: [words], run: null, receiptId: null });
  const result = { summary: text, text: `# Revenue\n\n${text}\n\n[forged](/receipts/${receipt})`, receipts: [receipt] };
  await finishTask(deps, cfo, { id: task, status: "done", result, claims });
  await sendMessage(deps, cfo, { type: "direct", to: "cmo", payload: { text } });
  const proposal = { title: "A campaign", type: "major", usd: 400, description: `For $400: ${text}` };
  decision = (await propose(deps, "cmo", Proposal.parse(proposal))).id;
  const link = await company.newLoginLink();
  const signedIn = await fetch(link, { method: "POST", redirect: "manual" });
  cookie = signedIn.headers.getSetCookie()[0]!.split(";")[0]!;
}, 240_000);
afterAll(() => company.close());

const load = async (path: string): Promise<string> => {
  const response = await fetch(`${company.url}${path}`, { headers: { cookie } });
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.text()).replaceAll(/\s+/g, " ");
};
const linked = (): string => `<a href="/plain/receipts/${receipt}">${verified}</a>`;
const open = `${unverified} <span class="quiet">(unverified)</span>`;

describe("S08 any number can be followed to its receipt without scripts", () => {
  test.each(["/", "/work", "/work/:task", "/decisions/:decision", "/briefing", "/ask?q=What+did+the+CFO+do+today"])(
    "in the texts of %s: verified ones lead to their receipt, the others are said to be unverified",
    async (path) => {
      const html = await load(`/plain${path.replace(":task", task).replace(":decision", decision)}`);
      const texts = html.split(verified).length - 1;
      expect(texts).toBeGreaterThan(0);
      expect(html.split(linked()).length - 1).toBe(texts);
      expect(html.split(open).length - 1).toBe(html.split(unverified).length - 1);
      expect(html).toContain(open);
    },
  );

  test("figures lead to receipts and name their task instead of its id; the receipt says them and who cites it", async () => {
    const figures = await load("/plain/figures");
    expect(figures).toContain(`<a href="/plain/receipts/${receipt}">12345.67 USD</a>`);
    expect(figures).toContain(`words of <a href="/plain/work/${task}">Report the revenue</a>: 9 count`);
    const html = await load(`/plain/receipts/${receipt}`);
    expect(html).toContain("shop_revenue of shop: 12345.67 USD");
    expect(html).toContain("Cited by");
    expect(html).toContain(receipt);
  });

  test("money leads to decisions and calls, counts to the list that they count, and a decision's own amount is no claim", async () => {
    const overview = await load("/plain/");
    expect(overview).toMatch(/<a href="\/plain\/fleet">1 of 7 agents active<\/a>/);
    expect(overview).toMatch(/<a href="\/plain\/money">\$[\d.]+ of \$[\d.]+ left this month<\/a>/);
    const shown = await load(`/plain/decisions/${decision}`);
    expect(shown).toContain("For $400:");
    expect(shown).not.toContain("$400 <span");
    expect(shown).toContain('<a href="/plain/money');
    const made = await propose(company.deps, "cmo", Proposal.parse({ title: "A banner", type: "minor", usd: 50 }));
    expect(await load("/plain/money")).toContain(`<a href="/plain/decisions/${made.id}">$50.00</a>`);
  });

  test("nobody reads them who is not signed in, and what is no record is not found", async () => {
    for (const path of ["/plain/", "/plain/figures", `/plain/receipts/${receipt}`])
      expect((await fetch(`${company.url}${path}`)).status).toBe(401);
    expect((await fetch(`${company.url}/plain/work/x`, { headers: { cookie } })).status).toBe(404);
    expect((await fetch(`${company.url}/plain/work/${receipt}`, { headers: { cookie } })).status).toBe(404);
  });

  test("numbers are asked for by an operator only", async () => {
    const { items } = await company.ask<{ items: { text: string; receipt: string | null }[][] }>("/api/v1/numbers", {
      texts: [{ text }, { text: "none" }],
    });
    expect(items.map((each) => each.map((number) => [number.text, number.receipt]))).toEqual([
      [
        [verified, receipt],
        [unverified, null],
      ],
      [],
    ]);
    expect((await fetch(`${company.url}/api/v1/numbers`, { method: "POST" })).status).toBe(401);
  });
});

describe.skipIf(!chromiumThere())("S08 in the web client", () => {
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    watchPage(page, (problem) => problems.push(problem));
    await page.goto(await company.newLoginLink());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("agents active").waitFor();
  }, 120_000);
  afterAll(() => browser?.close());

  test("each page's verified numbers are links to their receipt and the others are said to be unverified", async () => {
    const paths = ["/", "/work", `/work/${task}`, `/decisions/${decision}`, "/briefing", "/messages"];
    for (const path of paths) {
      await page.goto(`${company.url}${path}`);
      // The board names tasks; what came of them stands in the list.
      if (path === "/work") await page.getByText("List", { exact: true }).click();
      const followed = page.locator(`a[href="/receipts/${receipt}"]`, { hasText: verified });
      await followed.first().waitFor();
      const doubtful = page.locator("main").getByText("(unverified)");
      await doubtful.first().waitFor();
      const shown = await page.locator("main").innerText();
      const count = (wanted: string): number => shown.split(wanted).length - 1;
      expect([path, await followed.count()]).toEqual([path, count(verified)]);
      expect([path, count(`${unverified} (unverified)`)]).toEqual([path, count(unverified)]);
    }
    // What an agent writes as a link to a receipt is none.
    await page.goto(`${company.url}/work/${task}`);
    await page.getByText("forged").waitFor();
    expect(await page.locator("a", { hasText: "forged" }).count()).toBe(0);
  }, 120_000);

  test("figures are in the navigation, name tasks by their titles, and lead to the receipt; money leads to its calls", async () => {
    await page.goto(company.url);
    await page.getByRole("link", { name: "Figures", exact: true }).click();
    await page.getByRole("link", { name: "Report the revenue" }).first().waitFor();
    await page.getByRole("link", { name: "12345.67 USD" }).first().click();
    await page.getByText("shop_revenue of shop").first().waitFor();
    await page.goto(company.url);
    await page.getByRole("link", { name: "left this month" }).click();
    await page.getByText("Calls of everybody, newest first").waitFor();
    expect(problems).toEqual([]);
  }, 120_000);

  test("where scripts are off, the same address leads to the page without them", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    await context.addCookies([{ name: cookie.split("=")[0]!, value: cookie.slice(cookie.indexOf("=") + 1), url: company.url }]);
    const without = await context.newPage();
    without.setDefaultTimeout(30_000);
    await without.goto(`${company.url}/work/${task}`);
    await without.getByRole("link", { name: verified }).first().click();
    await without.getByText("shop_revenue of shop: 12345.67 USD").first().waitFor();
    await context.close();
  }, 120_000);
});
