import { operatorApi } from "@aito/protocol";
import type { Browser, Page, Route } from "playwright-core";
import { visibleParts } from "../src/visible-parts.ts";
import type { OpenApiDocument } from "./documented-answers.ts";
import { hostileAnswers } from "./hostile-answers.ts";
import { hostileFamilies } from "./hostile-families.ts";
import { listenFixture } from "./listen-fixture.ts";
import { watchPage } from "./open-browser.ts";
import { desktop } from "./page-in-order.ts";

export type Json = Record<string, unknown>;
/** A change that the page asked for, as it went out. */
export interface Sent {
  path: string;
  body: Json;
}
/** What one address answers in place of what the document's answer would be; `made`: that one. A list of a status and a body, to refuse. */
export type Change = (made: Json, sent: Sent) => unknown;

/** While other containers come and go the browser takes the network for another one, and drops what it was loading. */
const dropped = /ERR_NETWORK_CHANGED/;
const loadsMax = 5;
/** What is waited for is there at once on a machine that has nothing else to do. */
export const loads = { timeout: 30_000 };

/** How a text stands on the page where nothing in it may hide, with its blanks as one. */
export const spelled = (text: string): string =>
  visibleParts(text)
    .map((part) => ("hidden" in part ? part.hidden : part.text))
    .join("")
    .replaceAll(/\s+/g, " ")
    .trim();

/** The console in a browser, told by its API whatever is hostile; what it sends goes nowhere and is kept in `sent`. */
export async function openHostileConsole(browser: Browser) {
  const company = await listenFixture();
  const page: Page = await company.signIn(browser, { viewport: desktop, reducedMotion: "reduce" });
  const document = await page.evaluate<OpenApiDocument>(`fetch("/api/openapi.json").then((answer) => answer.json())`);
  const hostile = hostileAnswers(document, hostileFamilies);
  const problems: string[] = [];
  const sent: Sent[] = [];
  const answers = new Map<string, unknown>();
  let [changes, rows, lines]: [Record<string, Change>, number, number] = [{}, 3, 21];
  page.setDefaultTimeout(loads.timeout);
  watchPage(page, (problem) => problems.push(`${new URL(page.url()).pathname}: ${problem}`));

  const answered = async (route: Route): Promise<void> => {
    const asked = route.request();
    const { pathname, search } = new URL(asked.url());
    if (/\/(session|stream)$/.test(pathname)) return await route.continue();
    const body = (asked.method() === "POST" ? (asked.postDataJSON() as Json | null) : null) ?? {};
    const reads = asked.method() === "GET" || pathname === operatorApi.numbers || pathname.endsWith("/memory/search");
    if (!reads) sent.push({ path: pathname, body });
    const key = `${asked.method()} ${pathname}${search}`;
    // A page that asks again is told the same.
    if (!answers.has(key) || !reads) {
      const change = changes[Object.keys(changes).find((each) => pathname.endsWith(each)) ?? ""];
      const made = (hostile.answer(pathname, asked.method(), rows, lines) ?? {}) as Json;
      answers.set(key, change ? change(made, { path: pathname, body }) : made);
    }
    const answer = answers.get(key);
    await (Array.isArray(answer)
      ? route.fulfill({ status: answer[0] as number, json: answer[1] })
      : route.fulfill({ json: answer }));
  };
  await page.route("**/api/v1/**", answered);

  return {
    page,
    sent,
    /** What the page did that it must not; a stream that the network's change cut is opened again by itself. */
    problems: (): string[] => problems.filter((problem) => !dropped.test(problem)),
    /** Opens a page and waits until what it asked for stands there. `told`: what addresses that end so answer. */
    open: async (
      path: string,
      told: Record<string, Change> = {},
      [count, each]: [rows: number, lines: number] = [3, 21],
    ): Promise<void> => {
      [changes, rows, lines] = [told, count, each];
      answers.clear();
      await page.setViewportSize(desktop);
      for (let load = 1; ; load += 1) {
        problems.splice(0, problems.length, ...problems.filter((problem) => !dropped.test(problem)));
        try {
          await page.goto(company.url + path, { ...loads, waitUntil: "load" });
          await page.locator("h1").first().waitFor(loads);
          await page
            .locator("main [role=status][aria-label=Loading]")
            .first()
            .waitFor({ ...loads, state: "detached" });
          break;
        } catch (error) {
          const cut = dropped.test(String(error)) || problems.some((problem) => dropped.test(problem));
          if (!cut || load === loadsMax) throw error;
        }
      }
      sent.splice(0);
    },
    close: async (): Promise<void> => {
      await company.close();
    },
  };
}
