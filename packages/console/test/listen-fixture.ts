import { createLogger, systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import { channels, type OperatorRole } from "@aito/protocol";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { listen } from "../src/start-console.ts";
import { fixtureRecords } from "./fixture-records.ts";
import { webRoot } from "./web-root.ts";

/** The built web client and the whole server, over fixed records, on a port of its own. */
export async function listenFixture(
  given: { empty?: boolean; change?: (records: Fixture["records"]) => Fixture["records"] } = {},
) {
  const listening = { url: "" };
  const empty = given.empty ?? false;
  const fixture = fixtureRecords({ empty, people: !empty, publicUrl: () => listening.url });
  const bus = memoryBus({ clock: systemClock });
  const running = await listen({
    records: given.change?.(fixture.records) ?? fixture.records,
    bus,
    log: createLogger({ program: "console", level: "warn" }),
    clock: systemClock,
    host: "127.0.0.1",
    port: 0,
    publicUrl: null,
    operatorKeyHash: null,
    engine: "docker",
    model: "REHEARSAL",
    gatewaySocket: null,
    webRoot,
  });
  listening.url = running.url;
  const signInBy = async (link: string, browser: Browser, options: BrowserContextOptions): Promise<Page> => {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(link);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${running.url}/`);
    return page;
  };
  return {
    ...fixture,
    url: running.url,
    /** A page of a browser that an owner has signed in with. */
    signIn: async (browser: Browser, options: BrowserContextOptions = {}): Promise<Page> =>
      await signInBy(await running.newLoginLink(), browser, options),
    /** The same with what a role may. */
    signInAs: async (role: OperatorRole, browser: Browser, options: BrowserContextOptions = {}): Promise<Page> =>
      await signInBy(`${running.url}/login/${fixture.linkOf(role)}`, browser, options),
    /** Tells open pages that something of this type has changed, as an event does. */
    ring: (type: string): Promise<void> => bus.publish(channels.console, JSON.stringify({ events: [{ type }] })),
    close: async () => {
      await running.close();
      await bus.close();
    },
  };
}
type Fixture = ReturnType<typeof fixtureRecords>;
