import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OpenApiDocument } from "./documented-answers.ts";
import { id } from "./fixture-data.ts";
import { approvals } from "./fixture-approvals.ts";
import { receipts } from "./fixture-ideas.ts";
import { hostileAnswers } from "./hostile-answers.ts";
import { codeBeside, hostileFamilies } from "./hostile-families.ts";
import { listenFixture } from "./listen-fixture.ts";
import { chromiumThere, openBrowser, watchPage } from "./open-browser.ts";
import { desktop, pageInOrder } from "./page-in-order.ts";
import { addressOf, routerPaths } from "./router-paths.ts";

/** A list has that many rows, and each text in them that many payloads, a line each. */
const rows = 16;
const linesOfRows = 21;
const statusRows = 3;
const statusLines = 12;
/** The same on a page of one record. */
const together = 110;
const linesOfForms = 40;

describe.skipIf(!chromiumThere())("S15 untrusted text", { timeout: 900_000 }, () => {
  let browser: Browser;
  let page: Page;
  let company: Awaited<ReturnType<typeof listenFixture>>;
  let hostile: ReturnType<typeof hostileAnswers>;
  const problems: string[] = [];
  const answers = new Map<string, unknown>();
  const form = { at: 0 };
  /** The next payloads for the pages that the server itself makes, in each text of this call. */
  const some = (): string =>
    Array.from({ length: linesOfForms }, () => hostileFamilies[form.at++ % hostileFamilies.length]).join("\n");

  beforeAll(async () => {
    company = await listenFixture({
      change: (records) => ({
        ...records,
        approvalForm: async () => ({
          rehearsal: true,
          approval: {
            ...approvals()[2]!,
            summary: some(),
            reason: some(),
            tool: some(),
            agent: some(),
            arguments: { [some()]: some(), list: [some()] },
            files: [{ name: some(), bytes: 1, sha256: "a".repeat(64) }],
            taint: some(),
            receipts: receipts().map((each) => ({ ...each, tool: some(), result: some() })),
          },
        }),
        escalationForm: async (token) => {
          const told = await records.escalationForm(token);
          const [decision] = (await records.decisions({ limit: 9 })).filter((each) => each.id === id(0x105));
          const rounds = decision!.rounds.map((round) => ({
            ...round,
            votes: round.votes.map((vote) => ({ ...vote, reason: some() })),
          }));
          return (
            told && {
              ...told,
              decision: { ...decision!, title: some(), description: some(), typeReason: some(), proposedBy: some(), rounds },
              escalation: { ...told.escalation, reason: some() },
              grounds: {
                ...told.grounds,
                attachedTask: { title: some(), description: some(), workerType: some() },
                attachedAction: some(),
                taint: some(),
                receipts: told.grounds.receipts.map((each) => ({ ...each, tool: some(), result: some() })),
              },
            }
          );
        },
      }),
    });
    browser = await openBrowser();
    page = await company.signIn(browser, { viewport: desktop, reducedMotion: "reduce" });
    const document = await page.evaluate<OpenApiDocument>(`fetch("/api/openapi.json").then((answer) => answer.json())`);
    hostile = hostileAnswers(document, hostileFamilies);
    watchPage(page, (problem) => problems.push(`${new URL(page.url()).pathname}: ${problem}`));
  }, 600_000);
  beforeEach(() => void problems.splice(0));
  afterAll(async () => {
    await browser?.close();
    await company?.close();
  });

  /** What the API answers from now on is hostile. A page that asks again is answered the same. */
  const poison = async (count: number, each: number): Promise<void> => {
    answers.clear();
    await page.route("**/api/v1/**", async (route) => {
      const { pathname, search } = new URL(route.request().url());
      if (/\/(session|stream|numbers)$/.test(pathname)) return await route.continue();
      // Every page asks for it.
      const [many, lines] = pathname.endsWith("/status") ? [statusRows, statusLines] : [count, each];
      const key = route.request().method() + pathname + search;
      if (!answers.has(key)) answers.set(key, hostile.answer(pathname, route.request().method(), many, lines));
      await (answers.get(key) === undefined ? route.continue() : route.fulfill({ json: answers.get(key) }));
    });
  };

  const inOrder = (what: string): Promise<string> => pageInOrder(page, what);

  /** Opens a page with its widest size and waits until what it asked for stands there. */
  async function open(path: string): Promise<void> {
    answers.clear();
    await page.setViewportSize(desktop);
    await page.goto(company.url + path, { waitUntil: "domcontentloaded" });
    await page.locator("h1").first().waitFor();
    await page.locator("main :is([role=status])[aria-label=Loading]").first().waitFor({ state: "detached" });
  }

  test(`${hostileFamilies.length} payloads in every field of every list run nothing, load nothing and break no page`, async () => {
    await poison(rows, linesOfRows);
    for (const path of routerPaths().filter((each) => !each.includes("$"))) {
      await open(path);
      await inOrder(path);
    }
    await open("/fleet");
    await page.getByRole("radio", { name: "Org chart" }).click();
    await page.getByRole("application", { name: "Org chart" }).waitFor();
    await inOrder("/fleet, drawn");
    await page.unroute("**/api/v1/**");
    expect(problems).toEqual([]);
  });

  test("the same in every field of a page of one record", async () => {
    await poison(3, together);
    for (const path of routerPaths().filter((each) => each.includes("$"))) {
      await open(addressOf(path));
      await inOrder(path);
    }
    await page.unroute("**/api/v1/**");
    expect(problems).toEqual([]);
  });

  test("nothing is disguised where a human approves: in the inbox, and on the forms behind its links", async () => {
    const disguised = ["\u0430", "\u043e", "\u0410"];
    await poison(rows, linesOfRows);
    await open("/inbox");
    await page
      .getByRole("button", { name: /^Approve/ })
      .first()
      .waitFor();
    const inbox = await inOrder("/inbox");
    for (const character of disguised) expect(inbox).toContain(codeBeside(character));
    await page.unroute("**/api/v1/**");
    let forms = "";
    for (const path of ["/a/any-token", `/e/${company.token}`]) {
      for (let visit = 0; visit < 5; visit += 1) {
        await page.setViewportSize(desktop);
        await page.goto(company.url + path);
        expect(await page.locator("button").allInnerTexts()).toEqual(
          path.startsWith("/a")
            ? ["Approve", "Deny", "Send back with the comment", "Approve as changed"]
            : ["Approve", "Veto", "Send back with a question"],
        );
        forms += await inOrder(path);
      }
    }
    for (const character of disguised) expect(forms).toContain(codeBeside(character));
    expect(problems).toEqual([]);
  });

  test("every field of free text that a page asked for was given each payload", () => {
    const given = hostile.given();
    expect(given.length).toBeGreaterThan(80);
    // A list in a list has few rows: its texts hold fewer of them; of what may be any JSON, only some are texts.
    expect(given.filter(({ count, short }) => count < (short ? 1 : 80))).toEqual([]);
  });
});
