import { approvals } from "./fixture-approvals.ts";
import { id } from "./fixture-data.ts";
import type { listenFixture } from "./listen-fixture.ts";
import { openFixtureConsole } from "./open-fixture-console.ts";
import { addressOf, routerPaths } from "./router-paths.ts";

/** A page that people see: its name as a file's, its address, and whether one is signed in on it. */
export interface PageToSee {
  name: string;
  address: string;
  signedIn: boolean;
}

const records: Record<string, string> = {
  "/decisions/$id": id(0x105),
  "/work/$id": id(0x303),
  "/changes/$id": id(0x601),
  "/receipts/$id": id(0x701),
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
  approvalForm: async () => ({ approval: approvals()[2]!, rehearsal: true }),
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
  return [
    ...client.map((path) => ({ name: named(path), address: addressOf(path, records), signedIn: true })),
    ...served.map((url) => ({ name: named(url), address: filled(url), signedIn: url.startsWith("/plain") })),
  ];
}
