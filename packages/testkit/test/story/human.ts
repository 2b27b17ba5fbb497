import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/** The system's Chromium, headless; null where there is none. */
export async function openBrowser(): Promise<Browser | null> {
  if (!executablePath) return null;
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens the escalation's form as a person would, and answers it. Returns what the form said before and after. */
export async function answerForm(
  browser: Browser,
  url: string,
  answer: { decision: "approve" | "veto"; comment: string },
): Promise<{ asked: string; told: string }> {
  const page = await browser.newPage({ javaScriptEnabled: false });
  try {
    await page.goto(url, { timeout: 20_000 });
    const asked = await page.innerText("body");
    await page.fill("[name=comment]", answer.comment);
    const choice = page.locator(`[name=decision][value=${answer.decision}]`);
    // The choice may be a submit button of its own, or a radio button beside one.
    if ((await choice.getAttribute("type")) === "radio") {
      await choice.check();
      await page.click("button[type=submit]");
    } else await choice.click();
    await page.waitForLoadState("load", { timeout: 20_000 });
    return { asked, told: await page.innerText("body") };
  } finally {
    await page.close();
  }
}

/** The same post again, by hand. */
export async function postAgain(url: string, decision: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: new URL(url).origin },
    body: new URLSearchParams({ decision, comment: "again" }),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, text: await response.text() };
}
