import type { Page } from "playwright-core";
import { approvalDetail, approvals } from "./fixture-approvals.ts";
import { id } from "./fixture-data.ts";
import type { listenFixture } from "./listen-fixture.ts";
import { emptyPages, openedPages, troubledPages } from "./opened-pages.ts";
import { openFixtureConsole } from "./open-fixture-console.ts";
import { addressOf, routerPaths } from "./router-paths.ts";

/** A page that people see: its name as a file's, its address, and whether one is signed in on it. */
export interface PageToSee {
  name: string;
  address: string;
  signedIn: boolean;
  /** What is done on it before it is looked at. */
  act?: (page: Page) => Promise<unknown>;
  /** A company that has just begun; else one with records. */
  company?: "empty";
}

/** States of pages that only show after an act, or by what the address asks. */
const states: PageToSee[] = [
  { name: "permissions-like", address: `/permissions?like=${id(0x901)}`, signedIn: true },
  {
    name: "inbox-edited",
    address: "/inbox",
    signedIn: true,
    act: async (page) => {
      await page.getByRole("button", { name: "Edit it first" }).first().click();
      const changed = { to: "alice@example.com", text: "Ten per cent until Sunday, for everybody.", copies: 2 };
      await page.getByLabel(/^Arguments one JSON/).fill(JSON.stringify(changed, null, 2));
      await page.getByRole("button", { name: "See what changes" }).click();
      await page.getByRole("region", { name: "What changes" }).waitFor();
    },
  },
];

const records: Record<string, string> = {
  "/decisions/$id": id(0x105),
  "/work/$id": id(0x303),
  "/changes/$id": id(0x601),
  "/receipts/$id": id(0x701),
  "/approvals/$id": id(0x901),
  "/plain/decisions/:id": id(0x105),
  "/plain/work/:id": id(0x303),
  "/plain/changes/:id": id(0x601),
  "/plain/receipts/:id": id(0x701),
};
/** What the server answers without being a page. */
const noPage = /^\/(healthz|model\/|forms\.css|favicon\.svg|assets\/|theme\.js)/;
const named = (path: string): string => path.replaceAll(/[^a-z]+/g, "-").replaceAll(/^-|-$/g, "") || "overview";

/** What forms are shown of. */
export const withForms = (
  given: Parameters<NonNullable<Parameters<typeof listenFixture>[0]>["change"] & {}>[0],
): typeof given => ({
  ...given,
  approvalForm: async () => ({ approval: approvalDetail(approvals()[2]!), rehearsal: true }),
});

/** Every page: those of the web client's router, and those that the server makes, from its own list of routes. */
export async function everyPage(tokens: { escalation: string }): Promise<PageToSee[]> {
  const client = routerPaths();
  const fixture = await openFixtureConsole({ people: true });
  await fixture.close();
  const served = fixture.routes
    .filter(({ method, needs, url }) => method === "GET" && needs === null && !noPage.test(url))
    .map(({ url }) => url)
    .filter((url) => !client.includes(url.replaceAll(/:(\w+)/g, "$$$1")));
  const filled = (url: string): string =>
    url
      .replace(/^\/e\/:token$/, `/e/${tokens.escalation}`)
      .replace(":token", "any-token")
      .replace(":id", records[url] ?? id(1));
  const ofClient = client.map((path) => ({ name: named(path), address: addressOf(path, records), signedIn: true }));
  return [
    ...states,
    ...ofClient,
    ...openedPages,
    ...emptyPages(ofClient),
    ...troubledPages,
    ...served.map((url) => ({ name: named(url), address: filled(url), signedIn: url.startsWith("/plain") })),
  ];
}
