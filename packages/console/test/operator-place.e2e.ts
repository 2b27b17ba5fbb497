import type { ApprovalView, TaskView } from "@aito/protocol";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approvals } from "./fixture-approvals.ts";
import { tasks } from "./fixture-data.ts";
import { listenFixture } from "./listen-fixture.ts";
import { chromiumThere, openBrowser } from "./open-browser.ts";

/** What is under an operator's hand, or has the focus, while the company goes on. */
describe.skipIf(!chromiumThere())("an operator's place", () => {
  let browser: Browser;
  let company: Awaited<ReturnType<typeof listenFixture>>;
  let page: Page;
  let waiting: ApprovalView[];
  let running: TaskView[];
  const asked: unknown[] = [];
  const called: unknown[] = [];

  beforeAll(async () => {
    await build({ configFile: `${import.meta.dirname}/../vite.config.ts`, logLevel: "silent" });
    company = await listenFixture({
      change: (records) => ({
        ...records,
        status: async () => ({ ...(await records.status()), alerts: [] }),
        escalations: async () => [],
        toolPins: async () => [],
        approvals: async () => waiting,
        costs: async (cut) => (asked.push(cut.since), records.costs(cut)),
        infraCosts: async (cut) => (asked.push(cut.since), records.infraCosts(cut)),
        calls: async ({ agent, model, since }) => (called.push({ agent, model, since }), []),
        answerApproval: async (wanted) => {
          const approval = waiting.find(({ id }) => id === wanted)!;
          const equal = waiting.filter(({ callDigest }) => callDigest === approval.callDigest);
          waiting = waiting.filter((each) => !equal.includes(each));
          return { first: true, approval, others: equal.map(({ id }) => id).filter((id) => id !== wanted) };
        },
        tasks: async (wanted) => running.filter(({ status }) => !wanted.status || status === wanted.status),
        task: async (wanted) => running.find(({ id }) => id === wanted)!,
      }),
    });
    browser = await openBrowser();
    waiting = approvals();
    running = [];
    page = await company.signIn(browser, { reducedMotion: "reduce" });
  });
  afterAll(async () => {
    await browser?.close();
    await company?.close();
  });

  const focused = (): Promise<string> =>
    page.evaluate<string>(
      "document.activeElement.dataset.card ?? `${document.activeElement.localName} ${document.activeElement.textContent.slice(0, 20)}`",
    );
  const until = { timeout: 30_000 };

  test.each(["/inbox", "/"])(
    "C10 on %s the focus goes on to the next card when one is answered, and to the heading after the last",
    async (path) => {
      const [first, , last] = approvals() as [ApprovalView, ApprovalView, ApprovalView];
      waiting = [first, { ...last, expiresAt: new Date(Date.parse(first.expiresAt) + 1_000).toISOString() }];
      await page.goto(company.url + path);
      const cards = page.locator("main [data-card]");
      await cards.nth(1).waitFor();
      await cards.first().getByRole("button", { name: "Deny" }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(focused, until).toBe(last.id);
      // What became of it, and what is left, is said.
      const said = (): Promise<string> =>
        page
          .locator("[role=status]")
          .allInnerTexts()
          .then((texts) => texts.join(" "));
      expect(await said()).toMatch(/1 more waits for you\..*Denied\./s);
      await cards.first().getByRole("button", { name: "Deny" }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(focused, until).toBe(path === "/" ? "h1 Overview" : "h1 Inbox");
      expect(await said()).toContain("Nothing else waits for you.");
      // Who has gone on by himself is left where he is.
      waiting = [first];
      await company.ring("approval.requested");
      await cards.first().getByRole("button", { name: "Deny" }).focus();
      await page.getByRole("link", { name: "Fleet" }).first().focus();
      waiting = [];
      await company.ring("approval.answered");
      await cards.first().waitFor({ state: "detached" });
      expect(await focused()).toMatch(/^a /);
    },
  );

  test("B01 what is said of today's and other days' costs is asked for by the company's days, on every page", async () => {
    asked.splice(0);
    await page.goto(`${company.url}/`);
    await page.getByRole("link", { name: /^Models today \$/ }).waitFor();
    await page.goto(`${company.url}/costs`);
    await page.getByText("From Oct 23, 2026, midnight in Europe/Berlin, until now.").waitFor();
    await page.getByRole("radio", { name: "Today" }).click();
    await page.getByText("From Nov 21, 2026, midnight in Europe/Berlin, until now.").waitFor();
    await expect.poll(() => new Set(asked), until).toEqual(new Set(["2026-11-21", "2026-10-23"]));
  });

  test("B01 a cost's sum leads to the calls that it is made of, of the same time", async () => {
    await page.goto(`${company.url}/costs`);
    const sums = page.getByRole("listitem").filter({ hasText: "12 calls" }).getByRole("link", { name: /^\$/ });
    await sums.first().click();
    await page.getByRole("heading", { name: "Calls of CMO since Oct 23, 2026, newest first" }).waitFor();
    await expect.poll(() => called.at(-1), until).toEqual({ agent: "cmo", since: "2026-10-23" });
    await page.goBack();
    await page.getByRole("radio", { name: "All time" }).click();
    await page.getByRole("radio", { name: "Models and tools" }).click();
    await sums.first().click();
    await page.getByRole("heading", { name: "Calls of the model, newest first" }).waitFor();
    await expect.poll(() => called.at(-1), until).toEqual({ model: "the model" });
    await page.getByRole("link", { name: "All calls" }).click();
    await page.getByRole("heading", { name: "Calls of everybody, newest first" }).waitFor();
    await expect.poll(() => called.at(-1), until).toEqual({});
  });

  test("S16 what a role may not do is not offered to it, and it is told who may", async () => {
    waiting = approvals();
    running = tasks();
    const forbidden = {
      approver:
        /^(Start|Restart|Try again|Cancel it|Sooner|Later|Make it an idea|Promote|Set (run|source) aside|Deploy a role|Test)/,
      viewer:
        /^(Start|Restart|Pause|Stop|Approve|Deny|Send back|Edit it|Kill switch|Try again|Cancel it|Make it|Promote|Set (run|source) aside|Deploy|Settle)/,
    } as const;
    for (const role of ["approver", "viewer"] as const) {
      const other = await company.signInAs(role, browser, { reducedMotion: "reduce" });
      const offered: string[] = [];
      const told: string[] = [];
      for (const path of [
        "/",
        "/inbox",
        "/fleet",
        "/fleet/cmo",
        "/work",
        "/costs",
        "/memory",
        "/ideas",
        "/figures",
        "/settings",
        "/briefing",
        "/tools",
      ]) {
        await other.goto(company.url + path);
        await other.locator("main [role=status][aria-label=Loading]").first().waitFor({ state: "detached" });
        const [buttons, summaries] = await Promise.all(["button", "summary"].map((name) => other.locator(name).allInnerTexts()));
        offered.push(...buttons!, ...summaries!);
        expect(await other.getByRole("link", { name: "New task" }).count()).toBe(0);
        // Who may answer is known a moment after the page is there.
        const text = (): Promise<string> => other.locator("main").innerText();
        if (role === "viewer") await expect.poll(text, until).not.toMatch(/(waits? for|needs) you\b/i);
        told.push(await text());
      }
      expect([role, offered.filter((name) => forbidden[role].test(name))]).toEqual([role, []]);
      expect(offered.includes("Pause")).toBe(role === "approver");
      expect(told.join("\n").includes("An approver or an owner answers it.")).toBe(role === "viewer");
      expect(/waits? for you\b/i.test(told.join("\n"))).toBe(role === "approver");
      await other.context().close();
    }
  });

  test("S09 the task that is to be stopped stays named when it ends under the question, and is not stopped any more", async () => {
    const task = tasks().find(({ status }) => status === "running")!;
    running = [task, { ...tasks()[0]!, status: "running" }];
    await page.goto(`${company.url}/`);
    await page.getByRole("button", { name: "Kill switch" }).click();
    await page.getByRole("radio", { name: "Task" }).click();
    const which = page.getByLabel("Which task");
    await which.selectOption(task.id);
    await page.getByLabel("Why").locator("visible=true").first().fill("It overspends");
    await page.getByRole("button", { name: "Stop this task" }).click();
    const sure = page.getByRole("alertdialog");
    expect(await sure.innerText()).toContain(task.id);
    running = [{ ...task, status: "done" }, running[1]!];
    await company.ring("task.completed");
    await sure.getByText("It ended meanwhile (done): there is nothing to stop any more.").waitFor();
    expect(await sure.innerText()).toContain(task.id);
    expect(await sure.getByRole("button", { name: "Stop it now" }).isDisabled()).toBe(true);
    await sure.getByRole("button", { name: "Cancel" }).click();
    expect([await which.inputValue(), await which.locator("option:checked").innerText()]).toEqual([
      task.id,
      expect.stringMatching(/^Launch announcement .*, ended$/),
    ]);
    // One that only left the list, which has the newest, can still be stopped.
    running = [{ ...task, status: "pending" }, running[1]!];
    await company.ring("task.updated");
    await expect.poll(() => page.getByRole("button", { name: "Stop this task" }).isEnabled(), until).toBe(true);
    await page.keyboard.press("Escape");
    expect(company.calls.filter(({ name }) => name === "pressSwitch")).toEqual([]);
  });
});
