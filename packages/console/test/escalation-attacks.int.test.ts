import { newToken, sha256 } from "@aito/base";
import { beginIncarnation, castVote, closeDueRounds, hello, propose } from "@aito/company";
import { type EscalationDetail, type EscalationView, type Page, Proposal } from "@aito/protocol";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostilePayloads } from "./hostile-payloads.ts";
import { chromiumThere, openBrowser, watchPage } from "./open-browser.ts";
import { openCompanyConsole } from "./open-company-console.ts";

let company: Awaited<ReturnType<typeof openCompanyConsole>>;
beforeAll(async () => {
  company = await openCompanyConsole();
});
afterAll(() => company.close());

const waiting = async (decisionId: string): Promise<EscalationView> =>
  (await company.ask<Page<EscalationView>>("/api/v1/escalations?limit=200")).items.find(
    (item) => item.decisionId === decisionId,
  )!;
const post = (url: string, decision: string, origin = "null") =>
  fetch(url, { method: "POST", body: new URLSearchParams({ decision, comment: "" }), headers: { origin } });

describe("V12 one answer, whatever is tried", () => {
  test("of fifty submissions at once one has an effect, and each of the others is told", async () => {
    const id = await company.escalate("Sponsor the parallel conference");
    const { id: escalation, url } = await waiting(id);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => post(url!, at % 2 === 0 ? "approve" : "veto")));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(49);
    for (const answer of answers) {
      expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
      expect(await answer.text()).toMatch(/The decision was (approved|vetoed)\./);
    }
    const first = statuses.indexOf(200);
    const detail = await company.ask<EscalationDetail>(`/api/v1/escalations/${escalation}`);
    expect(detail).toMatchObject({
      status: "answered",
      answer: first % 2 === 0 ? "approve" : "veto",
      answeredBy: "human",
      url: null,
    });
    const tasks = await company.ask<Page<{ decisionId: string }>>("/api/v1/tasks");
    expect(tasks.items.filter((task) => task.decisionId === id)).toHaveLength(1);
  });

  test("a forged, a cut and another company's link lead nowhere, for GET and POST, and decide nothing", async () => {
    const id = await company.escalate("Sponsor the forged conference");
    const { id: escalation, url } = await waiting(id);
    const rival = await openCompanyConsole();
    try {
      const foreign = `${rival.url}${new URL(url!).pathname}`;
      const forged = `${url!.slice(0, -4)}AAAA`;
      for (const wrong of [forged, url!.slice(0, -1), foreign, `${company.url}/e/${escalation}`]) {
        for (const answer of [await fetch(wrong), await post(wrong, "approve")]) {
          expect(answer.status).toBe(404);
          expect(await answer.text()).toContain("leads nowhere");
        }
      }
    } finally {
      await rival.close();
    }
    for (const method of ["GET", "HEAD"])
      expect([200, 404]).toContain((await fetch(`${url!}?decision=approve`, { method })).status);
    expect(await company.ask<EscalationDetail>(`/api/v1/escalations/${escalation}`)).toMatchObject({ status: "waiting" });
    company.pass(25 * 3_600_000);
    for (const answer of [await fetch(url!), await post(url!, "approve")]) expect(answer.status).toBe(410);
  });
});

describe.skipIf(!chromiumThere())("V12 what agents wrote is inert in a real browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test(`none of ${hostilePayloads.length} payloads runs, loads, disguises itself, or adds something that can be pressed`, async () => {
    expect(hostilePayloads.length).toBeGreaterThanOrEqual(60);
    // Two on each page, in every place that an agent writes: titles, texts, the attached task, a ballot's reason.
    const pairs = Array.from({ length: Math.ceil(hostilePayloads.length / 2) }, (_, at) =>
      hostilePayloads.slice(2 * at, 2 * at + 2),
    );
    const token = newToken("run");
    const { epoch } = await beginIncarnation(company.deps, { agent: "ceo", tokenHash: sha256(token) });
    const hashes = { tokenHash: sha256(token), sessionHash: sha256(newToken("ses")), redisPasswordHash: sha256("password") };
    const ceo = await hello(company.deps, { ...hashes, epoch });
    const ids: string[] = [];
    for (const [at, [first, second = first]] of pairs.entries()) {
      const both = `${first}\n${second}`;
      const task = { title: second!.slice(0, 250), description: both, workerType: null };
      const proposal = { title: `a${first!.slice(0, 250)}`, description: both, type: "major", usd: 0, kind: `k ${at}`, task };
      const { id } = await propose(company.deps, "cmo", Proposal.parse(proposal));
      await castVote(company.deps, ceo, { decisionId: id, vote: "approve", reason: both });
      ids.push(id);
    }
    for (let round = 0; round < 16; round += 1) {
      company.pass(30_000);
      await closeDueRounds(company.deps);
    }
    const problems: string[] = [];
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    watchPage(page, (problem) => problems.push(problem));
    for (const [at, id] of ids.entries()) {
      const { url } = await waiting(id);
      const answer = await page.goto(url!, { waitUntil: "load" });
      if (at === 0) expect(await page.getByText("Budget left this month").count()).toBe(1);
      expect([at, answer!.status(), answer!.headers()["set-cookie"]]).toEqual([at, 200, undefined]);
      const seen = await page.evaluate<{
        buttons: string[];
        others: number;
        forms: number;
        text: string;
        wide: boolean;
      }>(`({
        buttons: [...document.querySelectorAll("button")].map((each) => each.textContent),
        others: document.querySelectorAll("script, iframe, object, embed, img, a, form form, input, base, svg, style, [onerror], [onload], [style]").length,
        forms: document.forms.length, text: document.body.innerText,
        wide: document.documentElement.scrollWidth > document.documentElement.clientWidth })`);
      expect([at, seen.wide, seen.buttons, seen.others, seen.forms]).toEqual([
        at,
        false,
        ["Approve", "Veto", "Send back with a question"],
        0,
        1,
      ]);
      expect(seen.text, `payload ${at}`).not.toMatch(
        /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\ufeff\u{e0000}-\u{e007f}\u2028\u2029]/u,
      );
    }
    await context.close();
    expect(problems).toEqual([]);
  });
});
