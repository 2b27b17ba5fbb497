import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const chromiumPath = "/usr/bin/chromium";
const usableMsMax = 30_000;

/**
 * Milliseconds from each address of the console to a page that has its content, `rounds` times, in Chromium, signed in by `link`. Null
 * where Debian's Chromium is not there.
 */
export async function timePages(input: {
  url: string;
  link: string;
  paths: readonly string[];
  rounds: number;
}): Promise<Map<string, number[]> | null> {
  if (!existsSync(chromiumPath)) return null;
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await (await browser.newContext({ viewport: { width: 1360, height: 900 } })).newPage();
    page.setDefaultTimeout(usableMsMax);
    await page.goto(input.link);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${input.url}/`);
    const times = new Map<string, number[]>();
    for (const path of input.paths) {
      for (let round = 0; round < input.rounds; round += 1) {
        const start = performance.now();
        await page.goto(input.url + path, { waitUntil: "domcontentloaded" });
        await page.locator("h1").first().waitFor();
        await page.locator("main [role=status][aria-label=Loading]").first().waitFor({ state: "detached" });
        times.set(path, [...(times.get(path) ?? []), performance.now() - start]);
      }
    }
    return times;
  } finally {
    await browser.close();
  }
}
