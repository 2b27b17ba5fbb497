import { existsSync } from "node:fs";
import { chromium, type Page, type Request } from "playwright-core";

const chromiumPath = "/usr/bin/chromium";
const usableMsMax = 30_000;

/** The page's questions to the API that have no answer yet; the stream has none ever. */
function underWay(page: Page): Set<Request> {
  const asked = new Set<Request>();
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/") && !pathname.endsWith("/stream")) asked.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"] as const)
    page.on(end as "requestfinished", (request) => asked.delete(request));
  // What the page before had asked for is answered to nobody, and no event says so.
  page.on("framenavigated", () => asked.clear());
  return asked;
}

/**
 * Milliseconds from each address of the console to a page that has its content and waits for no answer, `rounds` times, in Chromium, signed in by `link`. Null
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
    const api = underWay(page);
    for (const path of input.paths) {
      for (let round = 0; round < input.rounds; round += 1) {
        const start = performance.now();
        await page.goto(input.url + path, { waitUntil: "commit" });
        await page.locator("h1").first().waitFor();
        const shown = async (): Promise<boolean> =>
          api.size === 0 && (await page.locator("main [role=status][aria-label=Loading]").count()) === 0;
        while (!(await shown())) {
          // Answers arrive between two looks only.
          await page.waitForTimeout(2);
          if (performance.now() - start < usableMsMax) continue;
          throw new Error(
            `${path} is still loading; it waits for ${[...api].map((each) => each.url()).join(", ") || "no answer"}`,
          );
        }
        times.set(path, [...(times.get(path) ?? []), performance.now() - start]);
      }
    }
    return times;
  } finally {
    await browser.close();
  }
}
