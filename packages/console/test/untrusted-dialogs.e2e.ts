import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { visibleText } from "../src/visible-parts.ts";
import { id } from "./fixture-data.ts";
import { hostileFamilies } from "./hostile-families.ts";
import { chromiumThere, openBrowser } from "./open-browser.ts";
import { type Change, type Json, loads, openHostileConsole, type Sent, spelled } from "./open-hostile-console.ts";
import { desktop, pageInOrder } from "./page-in-order.ts";

/** Names as nobody should be able to have them. */
const names = [
  "Approve\u202eteoV",
  "ac\u200bme",
  "p\u0430ypal.com",
  "<img src=x onerror=alert(1)>",
  `long ${"W".repeat(250)} end`,
  "\u05d0\u05d1 (harmless)",
];
/** As many to a text as no page of its own has them. */
const everything = hostileFamilies.join("\n");
const list = (made: Json): Json[] => made["items"] as Json[];
const each =
  (change: (one: Json, at: number) => Json): Change =>
  (made) => ({ ...made, items: list(made).map((one, at) => ({ ...one, ...change(one, at) })) });
const named = (at: number): string => names[at % names.length]!;
const nothing: Change = () => ({ items: [], next: null });
/** A refusal that repeats what somebody else wrote. */
const repeated = hostileFamilies.filter((_text, at) => at % 8 === 0).join("\n");
const refusal = [409, { error: { code: "AITO_X", message: `there is no ${repeated}`, hint: `ask ${names.join(" ")}` } }];

/** What a human must reach is in the window when one scrolls to it, and nothing lies over it. */
const outOfReach = (root: string): string => `(() => {
  const root = [...document.querySelectorAll(${JSON.stringify(root)})].filter((each) => each.checkVisibility()).at(-1);
  if (!root) return ["nothing is open"];
  const found = [];
  if (root.matches("[role=dialog], [role=alertdialog]")) {
    const box = root.getBoundingClientRect();
    if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) found.push("beyond the window");
    if (root.scrollWidth > root.clientWidth) found.push("scrolls sideways: " + root.scrollWidth + " in " + root.clientWidth);
  }
  for (const each of root.querySelectorAll("button, input, select, textarea, summary")) {
    if (!each.checkVisibility()) continue;
    each.scrollIntoView({ block: "center", inline: "nearest" });
    const box = each.getBoundingClientRect();
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const name = each.localName + " " + (each.getAttribute("aria-label") ?? each.textContent).slice(0, 60);
    if (box.left < -1 || box.right > innerWidth + 1) found.push(name + " is beyond the window");
    else if (at === null || !each.contains(at)) found.push(name + " lies under " + at?.outerHTML.slice(0, 120));
  }
  return found;
})()`;
/** A letter with its code beside it, as \`visibleText\` writes it into a field. */
const spelledLetter = /.\[U\+[0-9A-F]+\]/gu;

describe.skipIf(!chromiumThere())("S15 untrusted text where a human acts", { timeout: 300_000 }, () => {
  let browser: Browser;
  let it: Awaited<ReturnType<typeof openHostileConsole>>;
  let page: Page;
  let sent: Sent[];

  beforeAll(async () => {
    browser = await openBrowser();
    it = await openHostileConsole(browser);
    ({ page, sent } = it);
  });
  beforeEach(() => void sent.splice(0));
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  /** What stands open is in order and in reach, and no line that is sent hides or disguises anything. */
  async function inOrder(what: string, root: string): Promise<void> {
    await pageInOrder(page, what);
    const reach = async (): Promise<string[]> => await page.evaluate<string[]>(outOfReach(root));
    const onPhone = await reach();
    await page.setViewportSize(desktop);
    const reached = { what, onPhone, onDesktop: await reach() };
    expect.soft(reached).toEqual({ what, onPhone: [], onDesktop: [] });
    const lines = await page.locator("main input, [role=dialog] input, [role=alertdialog] input").all();
    for (const line of lines) {
      const value = (await line.inputValue()).replaceAll(spelledLetter, "");
      expect.soft({ what, value: visibleText(value) }).toEqual({ what, value });
    }
  }
  /** A company of which nothing is stopped: what stands on every page has a test of its own. */
  const open = (path: string, told: Record<string, Change>, size: [number, number] = [3, 21]): Promise<void> =>
    it.open(path, { "/status": (made) => ({ ...made, switches: [] }), ...told }, size);
  const dialog = (): Locator => page.getByRole("alertdialog");
  const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
    within.getByRole("button", { name, exact: typeof name === "string" }).first();
  /** The text stands there, each hidden character of it spelled. */
  async function shows(where: Locator, ...texts: string[]): Promise<void> {
    const shown = ((await where.textContent()) ?? "").replaceAll(/\s+/g, " ");
    for (const text of texts) expect.soft(shown).toContain(spelled(text));
  }
  /** The question names it, in a line. */
  const asks = async (...of: string[]): Promise<void> => {
    for (const name of of) expect.soft(await dialog().textContent()).toContain(visibleText(name));
  };
  /** What goes out when it is pressed. */
  async function press(what: Locator): Promise<Sent> {
    const before = sent.length;
    await what.click();
    await expect.poll(() => sent.length, loads).toBe(before + 1);
    return sent.at(-1)!;
  }
  const options = (select: Locator): Promise<{ value: string; text: string }[]> =>
    select
      .locator("option")
      .evaluateAll((all) =>
        all.map((one) => ({ value: (one as unknown as Json)["value"] as string, text: one.textContent ?? "" })),
      );

  describe("kill switch", () => {
    const filled = (made: Json[], change: (one: Json, at: number) => Json): Json[] =>
      hostileFamilies.map((_text, at) => ({ ...made[0], ...change(made[0]!, at) }));
    const tasks: Change = (made) => ({
      ...made,
      items: filled(list(made), (_one, at) => ({
        id: id(at),
        status: "running",
        title: at < 2 ? "Launch" : hostileFamilies[at],
      })),
    });
    const status: Change = (made) => ({
      ...made,
      switches: [],
      clients: names,
      agents: filled(made["agents"] as Json[], (_one, at) => ({
        name: `agent-${at}`,
        department: hostileFamilies[at]!.slice(0, 255),
      })),
    });

    test(`stops what it names, whichever of ${hostileFamilies.length} names a department has`, async () => {
      await open("/permissions", { "/status": status, "/tasks": tasks, "/permissions": nothing });
      const chooser = page.getByRole("dialog");
      for (const scope of ["Department", "Client", "Agent", "Task"]) {
        const which = `Which ${scope.toLowerCase()}`;
        await button("Kill switch").click();
        await chooser.getByRole("radio", { name: scope, exact: true }).click();
        await expect.poll(() => chooser.getByLabel(which).locator("option").count(), loads).toBeGreaterThan(names.length);
        const all = await options(chooser.getByLabel(which));
        // Nobody can be taken for another one.
        expect.soft({ scope, same: all.length - new Set(all.map(({ text }) => text)).size }).toEqual({ scope, same: 0 });
        await chooser.getByLabel("Why").fill("It overspends");
        const step = Math.ceil(all.length / names.length);
        for (let at = 1; at < all.length; at += step) {
          const target = all[at]!.value;
          await chooser.getByLabel(which).selectOption({ index: at });
          if (at === 1) await inOrder(`kill ${scope}`, "[role=dialog]");
          await button(/^Stop this|^Stop this client/, chooser).click();
          await shows(dialog(), target);
          const last = at + step >= all.length;
          if (at === 1 || target.length > 200) await inOrder(`kill ${scope} ${at}, sure`, "[role=alertdialog]");
          if (last)
            expect(await press(button("Stop it now", dialog()))).toEqual({
              path: "/api/v1/switches",
              body: { scope: scope.toLowerCase(), target, reason: "It overspends" },
            });
          else await button("Cancel", dialog()).click();
        }
        await chooser.waitFor({ state: "detached" });
      }
      expect(it.problems()).toEqual([]);
    });

    test("what is stopped is resumed by its name as it stands there", async () => {
      const label = `client ${names[1]}`;
      await open("/permissions", {
        "/permissions": nothing,
        "/status": (made) => ({ ...made, switches: (made["switches"] as Json[]).slice(0, 1).map((on) => ({ ...on, label })) }),
        "/resume": () => refusal,
      });
      const stopped = page.locator("section[aria-label^='Stopped:']");
      await stopped.getByText("Resume", { exact: true }).click();
      await stopped.getByLabel("What was put right").fill("Paid");
      await stopped.getByLabel(/^Type/).fill(spelled(label));
      await inOrder("resume", "section[aria-label^='Stopped:']");
      const { body } = await press(button("Resume it", stopped));
      expect(body).toEqual({ reason: "Paid", confirm: label });
      await stopped.getByRole("alert").waitFor();
      await inOrder("resume refused", "section[aria-label^='Stopped:']");
      expect(it.problems()).toEqual([]);
    });
  });

  describe("inbox", () => {
    const call = (number: number): string => id(0x900 + number);
    const digest = (number: number): string => String(number).repeat(64);
    const given: Json = {
      to: "alice@exam\u200bple.com",
      shop: "p\u0430ypal.com",
      [names[0]!]: 7,
      text: everything,
      list: names,
    };
    const calls: Change = (made) => ({
      items: list(made).map((one, at) => ({
        ...one,
        id: call(at),
        agent: named(at),
        arguments: at < 3 ? given : {},
        files: [],
        rule: "dangerous",
        digest: digest(at),
        callDigest: digest(at < 3 ? 0 : at),
        expiresAt: new Date(Date.UTC(2026, 11, 1, 0, at)).toISOString(),
      })),
      next: null,
    });
    const openCalls = async (more: Record<string, Change> = {}): Promise<Locator> => {
      await open("/inbox", { "/approvals": calls, "/escalations": nothing, "/tool-pins": nothing, ...more }, [4, 21]);
      const card = page.locator(`[id="${call(0)}"]`);
      await button("Approve all 3", card).waitFor();
      await card.getByText(/What it rests on|No call of the run/).waitFor();
      return card;
    };

    test("an answer to equal calls goes to those on the card, by their digests", async () => {
      const card = await openCalls();
      await shows(card, names[0]!, names[1]!, names[2]!, JSON.stringify(given, null, 2));
      await inOrder("equal calls", `[id="${call(0)}"]`);
      await card.getByLabel(/^Comment/).fill("As agreed");
      const equal = [1, 2].map((at) => ({ id: call(at), digest: digest(at) }));
      for (const [name, answer] of [
        ["Approve all 3", "approve"],
        ["Deny all 3", "deny"],
        ["Send back all 3", "send_back"],
      ] as const) {
        expect(await press(button(name, card))).toEqual({
          path: `/api/v1/approvals/${call(0)}/answer`,
          body: { answer, digest: digest(0), comment: "As agreed", equal },
        });
        await button(name, card).and(page.locator(":enabled")).waitFor();
      }
      for (const at of [0, 1, 2]) await shows(card, digest(at));
      expect(it.problems()).toEqual([]);
    });

    test("a changed call shows what runs, to its last character, before it is approved", async () => {
      const run = { ...given, to: "mallory\u202e@example.com", added: everything, shop: "\u05d0 p\u0430ypal.com" };
      const card = await openCalls({
        "/preview": (_made, { body }) =>
          "refuse" in (body["arguments"] as Json)
            ? refusal
            : { arguments: run, amountMicroUsd: "1250000", digest: "f".repeat(64), callDigest: "9".repeat(64) },
      });
      await button("Edit it first", card).click();
      const text = card.getByLabel(/^Arguments one JSON/);
      expect(JSON.parse(await text.inputValue())).toEqual(JSON.parse(JSON.stringify(given)));
      await inOrder("edit", `[id="${call(0)}"]`);
      const typed = { ...given, to: "bob@example.com" };
      await text.fill(JSON.stringify({ refuse: 1 }));
      await press(button("See what changes", card));
      await card.getByRole("alert").waitFor();
      await inOrder("edit refused", `[id="${call(0)}"]`);
      await text.fill(JSON.stringify(typed));
      expect((await press(button("See what changes", card))).body).toEqual({ arguments: JSON.parse(JSON.stringify(typed)) });
      const changes = card.getByRole("region", { name: "What changes" });
      await changes.waitFor();
      // Each word that goes and each that comes stands there.
      await shows(changes.locator("li", { hasText: "added" }), JSON.stringify(everything));
      await inOrder("edit, what changes", "[aria-label='What changes']");
      const { body } = await press(button("Approve as changed", changes));
      expect(body).toEqual({
        answer: "edit",
        digest: digest(0),
        arguments: JSON.parse(JSON.stringify(run)),
        editedDigest: "f".repeat(64),
        comment: "",
      });
      expect(it.problems()).toEqual([]);
    });

    test("a decision is answered with the comment that stands there, and not sent back without a question", async () => {
      const asked = id(0x105);
      await open("/inbox", {
        "/approvals": nothing,
        "/tool-pins": nothing,
        "/escalations": each((_one, at) => ({ id: at === 0 ? asked : id(0x200 + at), status: "waiting" })),
        "/answer": (_made, { body }) => (body["decision"] === "veto" ? refusal : {}),
      });
      const card = page.locator(`[id="${asked}"]`);
      await button("Approve", card).waitFor();
      await card.getByText("What runs if you approve").waitFor();
      await inOrder("decision", `[id="${asked}"]`);
      await button("Send back with a question", card).click();
      await card.getByRole("alert").waitFor();
      expect(sent).toEqual([]);
      await card.getByLabel(/^Comment/).fill("Why now?");
      for (const [name, decision] of [
        ["Approve", "approve"],
        ["Send back with a question", "send_back"],
        ["Veto", "veto"],
      ] as const) {
        expect(await press(button(name, card))).toEqual({
          path: `/api/v1/escalations/${asked}/answer`,
          body: { decision, comment: "Why now?" },
        });
        await button(name, card).and(page.locator(":enabled")).waitFor();
      }
      await card.getByRole("alert").waitFor();
      await inOrder("decision refused", `[id="${asked}"]`);
      expect(it.problems()).toEqual([]);
    });

    test("words of a tool are answered by the digest of what is shown, beside what was approved", async () => {
      const hash = (at: number): string => String(at + 1).repeat(64);
      const schema = JSON.stringify({
        type: "object",
        properties: Object.fromEntries(names.map((name) => [name, { title: name }])),
      });
      const pins = each((_one, at) => ({
        tool: named(at),
        hash: hash(at),
        status: "waiting",
        present: true,
        problem: null,
        description: `\u05d0 ${everything}`,
        inputSchema: schema,
        before: at === 0 ? null : { hash: hash(9), description: names.join("\n"), inputSchema: "{}", outputSchema: null },
      }));
      await open("/tools", {
        "/tool-pins": pins,
        "/answer": (_made, { body }) => (body["answer"] === "refuse" ? refusal : {}),
      });
      for (const at of [0, 1]) {
        const card = page.locator(`section[aria-label="Tool: ${visibleText(named(at))}"]`);
        await shows(card, named(at), hash(at).slice(0, 16));
        if (at === 0) await shows(card, everything, JSON.stringify(JSON.parse(schema), null, 2));
        await inOrder(`tool ${at}`, `section[aria-label="Tool: ${visibleText(named(at))}"]`);
        for (const [name, answer] of [
          ["Approve", "approve"],
          ["Deny", "refuse"],
        ] as const) {
          const { path, body } = await press(button(name, card));
          expect(decodeURIComponent(path)).toBe(`/api/v1/tool-pins/${named(at)}/answer`);
          expect(body).toEqual({ answer, hash: hash(at) });
          await button(name, card).and(page.locator(":enabled")).waitFor();
        }
      }
      await inOrder("tool refused", "main");
      expect(it.problems()).toEqual([]);
    });

    test("a quarantined task goes to whom the form names", async () => {
      const task = id(0x303);
      await open("/inbox", {
        "/approvals": nothing,
        "/escalations": nothing,
        "/tool-pins": nothing,
        "/status": (made) => ({
          ...made,
          agents: (made["agents"] as Json[]).map((agent, at) => ({ ...agent, name: `agent-${at}`, kind: "agent" })),
          alerts: [{ ...(made["alerts"] as Json[])[0], kind: "quarantine", subject: `task ${task}` }],
        }),
        // Nobody's any more.
        [`/tasks/${task}`]: (made) => ({
          ...made,
          id: task,
          assignedTo: "gone",
          workerType: names[0],
          quarantine: { since: made["createdAt"], why: everything },
        }),
        "/settle": (_made, { body }) => (body["how"] === "hand_over" ? refusal : {}),
      });
      const card = page.locator(`[id="${task}"]`);
      await card.getByText("Give it to somebody else").click();
      await shows(card, names[0]!, everything);
      await inOrder("quarantined", `[id="${task}"]`);
      const path = `/api/v1/tasks/${task}/settle`;
      for (const [name, how] of [
        ["Try it again", "retry"],
        ["Give it up", "give_up"],
      ] as const) {
        expect(await press(button(name, card))).toEqual({ path, body: { how } });
        await button(name, card).and(page.locator(":enabled")).waitFor();
      }
      await card.getByLabel(/^Kind of worker/).fill("writer");
      // Whom nobody chose is not sent.
      expect(await card.getByLabel("For", { exact: true }).inputValue()).toBe("");
      expect(await button("Hand it over", card).isDisabled()).toBe(true);
      await card.getByLabel("For", { exact: true }).selectOption("agent-1");
      expect(await press(button("Hand it over", card))).toEqual({
        path,
        body: { how: "hand_over", assignTo: "agent-1", workerType: "writer" },
      });
      await card.getByRole("alert").waitFor();
      await inOrder("quarantined refused", `[id="${task}"]`);
      expect(it.problems()).toEqual([]);
    });
  });

  describe("permissions", () => {
    test("one that stands after a call permits what its fields say, letter for letter", async () => {
      const like = id(0x901);
      const args = {
        to: "alice@exam\u200bple.com",
        shop: "p\u0430ypal.com",
        [names[0]!]: "x",
        "a\nb": "y",
        list: names,
        text: everything,
        copies: 2,
      };
      await open(`/permissions?like=${like}`, {
        [`/approvals/${like}`]: (made) => ({ ...made, arguments: args, tool: "mail__send", role: "cmo", rule: "dangerous" }),
        "/permissions": (made, { body }) =>
          "name" in body
            ? refusal
            : each((_one, at) => ({ name: named(at), revokedAt: null, until: null }))(made, { path: "", body }),
      });
      const form = page.locator("form").filter({ has: button("Permit it") });
      await form.getByLabel("Name", { exact: true }).fill("mails-like-it");
      await inOrder("permission", "main form");
      const conditions = await form.locator("li").all();
      const onScreen = await Promise.all(
        conditions.map(async (line) => ({
          path: await line.locator("input").first().inputValue(),
          is: await line.locator("select").inputValue(),
          value: await line.locator("input").last().inputValue(),
        })),
      );
      const { path, body } = await press(button("Permit it", form));
      expect(path).toBe("/api/v1/permissions");
      const { constraints, ...rest } = body as { constraints: { path: string; is: string; value?: unknown }[] } & Json;
      expect(rest).toEqual({
        name: "mails-like-it",
        tool: "mail__send",
        role: "cmo",
        times: 10,
        usd: 12.5,
        per: "day",
        until: null,
      });
      const absent = ({ is }: { is: string }): boolean => is === "absent";
      expect(constraints.filter((one) => !absent(one))).toEqual(
        onScreen.filter((one) => !absent(one)).map((one) => ({ ...one, value: JSON.parse(one.value) as unknown })),
      );
      expect(constraints.filter(absent).length).toBe(onScreen.filter(absent).length);
      // What the call itself gave, exactly.
      expect(constraints.find((one) => one.path === "shop")?.value).toBe(args.shop);
      expect(constraints.find((one) => one.path === "to")?.value).toBe(args.to);
      await form.getByRole("alert").waitFor();
      await inOrder("permission refused", "main form");
      expect(it.problems()).toEqual([]);
    });

    test("the one that ends is the one that the question names", async () => {
      const told = each((_one, at) => ({ name: named(at), revokedAt: null, until: null, times: 9, used: 1 }));
      await open("/permissions", { "/permissions": told, "/revoke": () => refusal }, [names.length, 2]);
      for (const name of names) {
        await button(visibleText(`End ${name}`).replaceAll(/\s+/g, " ")).click();
        await asks(name);
        if (name === names[0] || name.length > 200) await inOrder(`end ${name.slice(0, 8)}`, "[role=alertdialog]");
        expect(decodeURIComponent((await press(button("End it", dialog()))).path)).toBe(`/api/v1/permissions/${name}/revoke`);
      }
      await page.getByRole("alert").first().waitFor();
      await inOrder("end refused", "main");
      expect(it.problems()).toEqual([]);
    });
  });

  describe("fleet file and profiles", () => {
    const profiles = {
      cmo: { path: names[0], markdown: everything },
      [names[0]!]: { path: names[1], markdown: names.join("\n") },
    };
    const outcome: Change = (made, { body }) => ({
      ...made,
      problems: body["comment"] === "broken" ? hostileFamilies.slice(0, 40) : [],
      effects: [...hostileFamilies.slice(0, 40), everything],
    });
    const told: Record<string, Change> = {
      "/fleet/revisions": each((_one, at) => ({ revision: 5 - at, current: at === 0, source: "console" })),
      "/revisions/5": () => ({
        revision: 5,
        file: JSON.stringify({ name: names.join(" "), text: everything }, null, 2),
        profiles,
      }),
      "/fleet/dry-run": outcome,
      "/fleet/deploy": () => refusal,
    };
    /** Tried, then deployed as it was tried; a change in between takes the button away. What goes wrong looks the same everywhere. */
    async function deploys(within: Locator, root: string, action: string, what: string): Promise<Json> {
      const why = within.getByLabel("Why", { exact: true });
      await why.fill("broken");
      await press(button("Try it", within));
      await within.getByRole("alert").waitFor();
      expect(await button(action, within).count()).toBe(0);
      if (what === "deploy a role") await inOrder(`${what}, broken`, root);
      await why.fill("Somebody must sell");
      const tried = await press(button("Try it", within));
      await button(action, within).waitFor();
      await shows(within.getByRole("status").first(), everything);
      await inOrder(`${what}, tried`, root);
      await why.fill("Nobody must");
      await button(action, within).waitFor({ state: "detached" });
      await why.fill("Somebody must sell");
      await button(action, within).waitFor();
      expect(await press(button(action, within))).toEqual({ path: "/api/v1/fleet/deploy", body: tried.body });
      await within.getByRole("alert").waitFor();
      if (what === "deploy a role") await inOrder(`${what}, refused`, root);
      expect(tried.body["comment"]).toBe("Somebody must sell");
      return tried.body;
    }
    const lines = (text: unknown): string => String(text).replaceAll(/\r\n?/g, "\n");

    test("a role is deployed with the profile that stands there", async () => {
      await open("/fleet", told);
      await button("Deploy a role").click();
      const card = page.getByRole("region", { name: "Deploy a role" });
      await card.getByLabel("Its name").fill("head-of-sales");
      await card.getByLabel("Begin with the profile of").selectOption("cmo");
      await inOrder("deploy a role", "section[aria-label='Deploy a role']");
      const body = await deploys(card, "section[aria-label='Deploy a role']", "Deploy head-of-sales", "deploy a role");
      expect(lines((body["profiles"] as Json)["head-of-sales"])).toBe(
        await card.getByLabel("Profile", { exact: true }).inputValue(),
      );
      expect(it.problems()).toEqual([]);
    });

    test("a role is retrained with the profile that stands there", async () => {
      await open("/fleet/cmo", { ...told, "/explain": (made) => ({ ...made, role: "cmo" }) });
      await button("Change its profile").click();
      const form = page.locator("form").filter({ has: button("Try it") });
      await expect.poll(() => form.getByLabel(/^Profile/).inputValue(), loads).not.toBe("");
      await inOrder("retrain", "main");
      const body = await deploys(form, "main form", "Deploy it", "retrain");
      expect(body).toEqual({ basedOn: 5, profiles: { cmo: everything }, comment: "Somebody must sell" });
      expect(lines(everything)).toBe(await form.getByLabel(/^Profile/).inputValue());
      expect(it.problems()).toEqual([]);
    });

    test("the fleet file is changed and rolled back as the diff says", async () => {
      await open("/settings", told);
      const files = page
        .locator("section")
        .filter({ has: page.getByRole("heading", { name: "Fleet file" }) })
        .last();
      const back = files.locator("li", { hasText: "Revision 4" });
      await button("What it changed", back).click();
      await back.locator("figure").first().waitFor();
      await inOrder("diff of a revision", "main");
      await button("Roll back to it", back).click();
      const rolled = await deploys(back, "main li form", "Roll back to 4", "roll back");
      expect(rolled).toEqual({ basedOn: 5, profiles: {}, rollbackTo: 4, comment: "Somebody must sell" });
      await button("Roll back to it", back).click();
      await button("Change the fleet file", files).click();
      const text = files.getByLabel("The fleet file, as JSON or YAML");
      await inOrder("fleet file", "main form");
      const changed = await deploys(files, "main form", "Deploy it", "fleet file");
      expect(changed["file"]).toBe(await text.inputValue());
      expect(it.problems()).toEqual([]);
    });
  });

  describe("records", () => {
    test("memories are set aside by the run and by the source that the question names", async () => {
      const run = id(0x777);
      const memories = each((_one, at) => ({
        source: "outside",
        sourceRef: `${"same ".repeat(20)}${named(at)}`,
        run,
        setAside: null,
      }));
      await open("/memory", { "/memory/search": memories, "/memory/forget": () => refusal }, [names.length, 2]);
      const rows = page.locator("main li");
      for (const at of names.keys()) {
        const source = `${"same ".repeat(20)}${named(at)}`;
        const row = rows.filter({ has: button("Set source aside") }).nth(at);
        await button("Set source aside", row).click();
        await shows(dialog(), source);
        if (at === 0 || source.length > 300) await inOrder(`set source ${at} aside`, "[role=alertdialog]");
        await dialog().getByLabel("Reason").fill("It lies");
        const { body } = await press(button("Set aside", dialog()));
        expect(body).toEqual({ which: { sourceRef: source }, how: "quarantine", reason: "It lies" });
        await button("Set source aside", row).and(page.locator(":enabled")).waitFor();
      }
      await inOrder("set aside refused", "main");
      await button("Set run aside").click();
      await shows(dialog(), run);
      expect((await press(button("Set aside", dialog()))).body).toMatchObject({ which: { runId: run } });
      expect(it.problems()).toEqual([]);
    });

    test("an event that is opened shows its whole payload for what it is", async () => {
      const payload = { title: everything, [names[0]!]: names, detail: everything, deep: { [names[1]!]: everything } };
      await open("/history", { "/events": each(() => ({ payload })) });
      for (const summary of await page.locator("main summary").all()) await summary.click();
      await shows(page.locator("main details").first(), names[0]!, everything, JSON.stringify(payload.deep));
      await inOrder("opened event", "main details");
      expect(it.problems()).toEqual([]);
    });

    test("what was said is played again for what it is", async () => {
      const [from, to] = ["2026-11-21T09:00:00.000Z", "2026-11-21T10:00:00.000Z"];
      const said = ["text", "title", "detail", "status", "round", "reason", "vote", "include", "blockers"];
      const payload = { ...Object.fromEntries(said.map((name) => [name, everything])), metrics: { [names[0]!]: everything } };
      const told = {
        "/messages/span": () => ({ from, to, messages: 6, parts: [1, 2, 3] }),
        "/messages/replay": each(() => ({ payload })),
      };
      await open("/messages?view=replay", told, [6, 1]);
      const next = button("One on");
      for (let step = 0; step < 6; step += 1) if (await next.isEnabled()) await next.click();
      await page.locator("main li").nth(4).waitFor();
      await shows(page.locator("main ul").last(), everything);
      await inOrder("replay", "main");
      expect(it.problems()).toEqual([]);
    });

    test("the task that is cancelled is the one that the question names", async () => {
      const told = each((_one, at) => ({
        id: id(0x300 + at),
        status: "pending",
        title: `${named(at)} ${hostileFamilies[at]}`,
        parentTask: null,
      }));
      await open("/work", { "/tasks": told, "/move": () => refusal }, [names.length, 1]);
      const cards = page.locator("main li").filter({ has: page.locator("summary", { hasText: "Move" }) });
      await cards.first().waitFor();
      for (const at of [0, 1, 2]) {
        const title = `${named(at)} ${hostileFamilies[at]}`;
        const card = cards.filter({ hasText: spelled(named(at)) }).first();
        await card.locator("summary", { hasText: "Move" }).first().click();
        await button("Cancel it", card).click();
        await shows(dialog(), title);
        if (at < 1) await inOrder(`cancel ${at}`, "[role=alertdialog]");
        expect(await press(button("Cancel the task", dialog()))).toEqual({
          path: `/api/v1/tasks/${id(0x300 + at)}/move`,
          body: { to: "cancelled" },
        });
      }
      await inOrder("cancel refused", "main");
      expect(it.problems()).toEqual([]);
    });

    test("an override tells what it stopped and what had run", async () => {
      const decision = id(0x105);
      await open(`/decisions/${decision}`, {
        [`/decisions/${decision}`]: (made) => ({ ...made, id: decision, status: "pending" }),
        "/override": () => ({
          decision: {},
          stopped: names.map((title, at) => ({ task: id(at), title })),
          ran: names.map((what) => ({ what, at: "2026-11-21T09:00:00.000Z", undo: everything })),
        }),
      });
      await page.getByText("Override this decision", { exact: true }).click();
      await page.getByLabel(/^Reason/).fill("Not now");
      await button("Override").click();
      await inOrder("override", "[role=alertdialog]");
      expect(await press(button("Override it", dialog()))).toEqual({
        path: `/api/v1/decisions/${decision}/override`,
        body: { reason: "Not now" },
      });
      await shows(page.locator("section", { hasText: "What the override found" }).last(), ...names, everything);
      await inOrder("override found", "main");
      expect(it.problems()).toEqual([]);
    });
  });

  describe("settings", () => {
    test("a channel's test tells what became of it, and a chat is unlinked by its row", async () => {
      const kinds = ["email", "telegram", "webhook"];
      await open("/settings", {
        "/channels": (made) => ({ ...made, items: kinds.map((name) => ({ ...list(made)[0], name, setUp: true })) }),
        "/chats": each((_one, at) => ({ id: id(0x400 + at), accountName: named(at) })),
        "/test": (_made, { path }) => ({
          channel: path.split("/").at(-2),
          status: { email: "sent", telegram: "failed", webhook: "unknown" }[path.split("/").at(-2)!],
          to: everything,
          error: everything,
          hint: everything,
          ms: 9,
        }),
        "/chats/codes": () => ({ code: "ABCD-EFGH", expiresAt: "2026-12-01T09:00:00.000Z" }),
        "/end": () => refusal,
      });
      for (const [name, label] of [
        ["email", "E-mail"],
        ["telegram", "Telegram"],
        ["webhook", "Webhook"],
      ] as const)
        expect(await press(button(`Send a test notice by ${label}`))).toEqual({
          path: `/api/v1/channels/${name}/test`,
          body: {},
        });
      await page.getByText("It may have arrived").waitFor();
      await press(button("Link the chat to me"));
      await page.getByText("/link ABCD-EFGH").waitFor();
      for (const at of [0, 1, 2])
        expect((await press(button(visibleText(`End the buttons of ${named(at)}`)))).path).toBe(
          `/api/v1/chats/${id(0x400 + at)}/end`,
        );
      await inOrder("channels tested", "main");
      expect(it.problems()).toEqual([]);
    });

    test("who is let out, and which key ends, is who and what the question names", async () => {
      await open(
        "/settings",
        {
          "/operators": (made, { body }) =>
            "role" in body
              ? { ...made, name: names[0], url: "http://127.0.0.1/login/x" }
              : each((_one, at) => ({ name: named(at), status: "active", role: "viewer" }))(made, { path: "", body }),
          "/sessions": each((_one, at) => ({
            id: id(0x500 + at),
            operator: named(at),
            address: named(at + 1),
            current: false,
            status: "active",
          })),
          "/api-keys": (made, { body }) =>
            "scopes" in body
              ? { id: id(0x700), name: everything, key: "aito_key" }
              : each((_one, at) => ({ id: id(0x600 + at), name: named(at), operator: named(at + 1), status: "active" }))(made, {
                  path: "",
                  body,
                }),
          "/revoke": () => refusal,
          "/reset": () => refusal,
        },
        [names.length, 2],
      );
      for (const [at, name] of names.entries()) {
        for (const [label, action, path] of [
          [`Reset ${name}`, "Reset", "reset"],
          [`Disable ${name}`, "Disable", "disable"],
        ] as const) {
          await button(visibleText(label)).click();
          await asks(name);
          if (at === 0 || name.length > 200) await inOrder(`${path} ${at}`, "[role=alertdialog]");
          expect(decodeURIComponent((await press(button(action, dialog()))).path)).toBe(`/api/v1/operators/${name}/${path}`);
        }
        await button(visibleText(`Sign out ${name} from ${named(at + 1)}`))
          .and(page.locator(":enabled"))
          .click();
        await expect.poll(() => sent.at(-1)?.path, loads).toBe(`/api/v1/sessions/${id(0x500 + at)}/revoke`);
        await button(visibleText(`Revoke ${named(at)}`)).click();
        await asks(name, named(at + 1));
        if (at === 0 || name.length > 200) await inOrder(`revoke ${at}`, "[role=alertdialog]");
        expect((await press(button("Revoke it", dialog()))).path).toBe(`/api/v1/api-keys/${id(0x600 + at)}/revoke`);
      }
      const role = page.getByLabel(visibleText(`Role of ${names[0]}`));
      await role.selectOption("owner");
      await expect
        .poll(() => sent.at(-1), loads)
        .toEqual({ path: `/api/v1/operators/${encodeURIComponent(names[0]!)}/role`, body: { role: "owner" } });
      await page.getByText("Let somebody in").click();
      await page.getByLabel("Name to sign in with").last().fill("ada");
      await press(button("Make their link"));
      await page.getByText("Make a key").click();
      await page.getByLabel("Name", { exact: true }).last().fill("report");
      await press(button("Make the key"));
      await page.getByText("It is not shown again.").last().waitFor();
      await inOrder("settings refused", "main");
      expect(it.problems()).toEqual([]);
    });
  });
});
