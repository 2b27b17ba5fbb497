import { approvalView, listPublications } from "@aito/company";
import { type ApprovalView, operatorApi } from "@aito/protocol";
import type { Browser, Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { usePostgres, useRedis, waitFor } from "../src/index.ts";
import type { PlayedAgent } from "../src/played-agent.ts";
import { openOperatorStack, type OperatorStack } from "./operator/open-operator-stack.ts";
import { codeOf, enterByLink, goTo, newVisitor, open, setUpAccount } from "./operator/operator-browser.ts";
import { openBrowser } from "./story/human.ts";

const postgres = usePostgres();
const redis = useRedis();
const browser: Browser | null = await openBrowser();
const password = "a good long pass phrase";
const here = "127.0.0.1";
const doneMsMax = 60_000;
/** What any page did that it must not: an error, a request to another host. */
const problems: string[] = [];
const note = (problem: string): void => void problems.push(problem);

let opened: Promise<OperatorStack> | undefined;
async function onStage(skip: (reason: string) => never): Promise<OperatorStack> {
  if (!browser) return skip("Chromium is not there");
  const { database } = postgres.orSkip(skip);
  const server = redis.orSkip(skip);
  return await (opened ??= openOperatorStack({ postgresUrl: database.controlUrl, redis: server }));
}
afterAll(async () => {
  await browser?.close();
  await (await opened)?.close();
});

/** The owner's browser, signed in from the first story on. */
let ada: Page;
const members = new Map<string, PlayedAgent>();

/** Agents call `publish_text`, whose effect leaves the company: each call waits for a human. */
async function publish(stack: OperatorStack, agent: string, title: string): Promise<ApprovalView> {
  const member = members.get(agent) ?? (await stack.play(agent));
  members.set(agent, member);
  const { body } = await member.call("publish_text", { title, text: "Words for everybody." });
  expect(body).toMatchObject({ code: "AITO_APPROVAL_NEEDED" });
  return await approvalView(stack.deps, null, String(body["approval_id"]));
}
const ended = (stack: OperatorStack, { id }: ApprovalView): Promise<ApprovalView> =>
  waitFor(
    () => approvalView(stack.deps, null, id),
    ({ status }) => !["waiting", "approved", "running"].includes(status),
    doneMsMax,
  );
const titles = async ({ deps }: OperatorStack): Promise<string[]> =>
  (await listPublications(deps, { limit: 100 })).map(({ title }) => title);

const cardOf = (page: Page, title: string) => page.getByRole("region", { name: `publish "${title}"` });
const told = (page: Page, text: string | RegExp): Promise<void> => page.getByRole("status").getByText(text).waitFor();
/** The change as the history has it: by whom, and from where. */
const by = (operator: string, payload: object = {}) => ({
  source: operator,
  payload: expect.objectContaining({ ...payload, origin: { operator, address: here } }) as unknown,
});

describe("an operator's stories", () => {
  test("S16 S01 the owner comes in by a link, sets up an account and invites an approver, who may answer and no more, and is signed out", async ({
    skip,
  }) => {
    const stack = await onStage(skip);
    ada = await newVisitor(browser!, note);
    await enterByLink(ada, await stack.loginLink());
    await setUpAccount(ada, { name: "ada", password });
    await ada.getByText("You can sign in as ada now.").waitFor();
    expect(await ada.getByText(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/).count()).toBe(10);

    await ada.getByText("Let somebody in").click();
    await ada.getByLabel("Name to sign in with").fill("ben");
    await ada.getByLabel("Role", { exact: true }).selectOption({ label: "Approver: also answers and stops" });
    await ada.getByRole("button", { name: "Make their link" }).click();
    const link = await ada.getByText(/\/login\/aito_login_/).innerText();
    expect(await stack.events("operator.added")).toMatchObject([by("@ada", { operator: "@ben", role: "approver" }), {}]);

    const ben = await newVisitor(browser!, note);
    await enterByLink(ben, link);
    const secret = await setUpAccount(ben, { password });
    await ben.getByText("You can sign in as ben now.").waitFor();
    await ben.getByRole("button", { name: "Sign out", exact: true }).click();
    await ben.getByLabel("Name").fill("ben");
    await ben.getByLabel("Password").fill(password);
    await ben.getByLabel("Code from your app, or a recovery code").fill(codeOf(secret, 1));
    await ben.getByRole("button", { name: "Sign in" }).click();
    await ben.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    expect((await stack.events("operator.login"))[0]).toMatchObject({
      source: "@ben",
      payload: { how: "password", address: here },
    });

    const approval = await publish(stack, "cmo", "A letter to members");
    await goTo(ben, "Inbox");
    const card = cardOf(ben, "A letter to members");
    await card.getByText("Words for everybody.").waitFor();
    await card.getByRole("button", { name: "Approve" }).click();
    await told(ben, "Approved; it runs now.");
    await card.waitFor({ state: "detached" });
    expect(await ended(stack, approval)).toMatchObject({ status: "done", answeredBy: "@ben" });
    expect(await titles(stack)).toEqual(["A letter to members"]);
    expect(await stack.events("approval.approved")).toMatchObject([by("@ben")]);

    // What is an owner's is not offered, and refused to who asks for it all the same.
    await goTo(ben, "Settings");
    await ben.getByRole("heading", { name: "Signed-in browsers" }).waitFor();
    for (const name of ["Operators", "Fleet file"]) expect(await ben.getByRole("heading", { name }).count()).toBe(0);
    expect(await ben.getByRole("button", { name: /^Send a test notice/ }).count()).toBe(0);
    await goTo(ben, "Fleet");
    await ben.getByRole("button", { name: "Pause" }).first().waitFor();
    for (const name of ["Restart CMO", "Deploy a role"]) expect(await ben.getByRole("button", { name }).count()).toBe(0);
    const { csrfToken } = (await (await ben.request.get(`${stack.url}${operatorApi.session}`)).json()) as { csrfToken: string };
    const headers = { "x-csrf-token": csrfToken, origin: stack.url };
    for (const [path, data] of [
      [operatorApi.operators, { name: "carl", role: "owner" }],
      [`${operatorApi.operators}/ben/role`, { role: "owner" }],
      ["/api/v1/agents/cmo/restart", {}],
      ["/api/v1/fleet/deploy", { basedOn: 1, profiles: {}, comment: "Mine." }],
    ] as const) {
      const answer = await ben.request.post(stack.url + path, { headers, data });
      expect([path, answer.status(), await answer.json()]).toMatchObject([path, 403, { error: { code: "AITO_CONSOLE_ROLE" } }]);
    }

    await ada.getByRole("button", { name: `Sign out @ben from ${here}` }).click();
    await ada.getByRole("button", { name: `Sign out @ben from ${here}` }).waitFor({ state: "detached" });
    // Their page hears of it, and goes by itself.
    await ben.getByRole("heading", { name: "Sign in to the console" }).waitFor();
    expect(await stack.events("operator.session_revoked")).toMatchObject([by("@ada", { of: "@ben" })]);
    await ben.context().close();
  });

  test("S16 an API key is shown once, does what its scope says, is refused the rest, and is nobody's once it is revoked", async ({
    skip,
  }) => {
    const stack = await onStage(skip);
    const proposal = { by: "cmo", type: "minor", usd: 5, title: "A pen" };
    await goTo(ada, "Settings");
    await ada.getByText("Make a key").click();
    await ada.getByLabel("Name", { exact: true }).fill("nightly-report");
    expect(await ada.getByRole("checkbox", { name: /^read / }).isChecked()).toBe(true);
    expect(await ada.getByRole("checkbox", { name: /^propose / }).isChecked()).toBe(false);
    await ada.getByRole("button", { name: "Make the key" }).click();
    const key = await ada.getByText(/^aito_api_/).innerText();
    await told(ada, /It is not shown again/);

    const can = async (path: string, body?: object): Promise<number> => (await stack.ask(key, path, body)).status;
    expect(await can(operatorApi.status)).toBe(200);
    expect(await can(operatorApi.proposals, proposal)).toBe(403);
    expect(await can(operatorApi.operators)).toBe(403);
    expect((await stack.ask(null, operatorApi.status)).status).toBe(401);

    await open(ada, ada.url());
    const row = ada.getByRole("listitem").filter({ hasText: "nightly-report" });
    await row.getByText(/^read · ends .* · used /).waitFor();
    expect(await ada.getByText(key).count()).toBe(0);
    await row.getByRole("button", { name: "Revoke" }).click();
    await ada
      .getByRole("alertdialog", { name: /^Revoke nightly-report of @?ada\?$/ })
      .getByRole("button", { name: "Revoke it" })
      .click();
    await row.getByText("revoked", { exact: true }).waitFor();
    expect(await can(operatorApi.status)).toBe(401);
    for (const type of ["api_key.created", "api_key.revoked"]) {
      const events = await stack.events(type);
      expect(events).toMatchObject([by("@ada")]);
      expect(JSON.stringify(events)).not.toContain(key);
    }
  });

  test("S20 a channel's test reaches its receiver and the page says so; what the receiver refuses is said plainly", async ({
    skip,
  }) => {
    const stack = await onStage(skip);
    await goTo(ada, "Settings");
    const webhook = ada.getByRole("listitem").filter({ has: ada.getByRole("button", { name: "Send a test notice by Webhook" }) });
    const press = (): Promise<void> => webhook.getByRole("button", { name: "Send a test notice by Webhook" }).click();
    await press();
    await webhook
      .getByRole("status")
      .getByText(/^Sent to .* in \d+ ms\. Did it arrive\?$/)
      .waitFor();
    const tests = stack.receiver.notices.filter(({ type }) => type === "channel.test");
    expect(tests).toMatchObject([{ by: "@ada", rehearsal: true }]);
    await webhook.getByText("works", { exact: true }).waitFor();

    stack.receiver.answerWith(500);
    await press();
    await webhook
      .getByRole("alert")
      .getByText(/^It was not sent: .*500/)
      .waitFor();
    await webhook.getByText("failed last", { exact: true }).waitFor();
    stack.receiver.answerWith(204);
    expect(await stack.events("notice.tested")).toMatchObject([
      by("@ada", { channel: "webhook", status: "failed" }),
      by("@ada", { channel: "webhook", status: "sent" }),
    ]);
  });

  test("S01 equal calls of several agents are answered with one press, and the one that differs stays", async ({ skip }) => {
    const stack = await onStage(skip);
    const equal = [await publish(stack, "cmo", "We have moved"), await publish(stack, "coo", "We have moved")];
    const other = await publish(stack, "cto", "We have moved again");
    await goTo(ada, "Inbox");
    const card = cardOf(ada, "We have moved").filter({ hasNot: ada.getByText("We have moved again") });
    await card.getByRole("heading", { name: 'cmo, coo: publish "We have moved"' }).waitFor();
    await card.getByRole("button", { name: "Approve all 2" }).click();
    await told(ada, "Approved; it runs now.");
    await card.waitFor({ state: "detached" });
    for (const each of equal) expect(await ended(stack, each)).toMatchObject({ status: "done", answeredBy: "@ada" });
    expect((await titles(stack)).filter((title) => title === "We have moved")).toHaveLength(2);
    expect((await stack.events("approval.approved")).slice(0, 2)).toMatchObject([by("@ada"), by("@ada")]);

    await cardOf(ada, "We have moved again").getByRole("button", { name: "Approve", exact: true }).waitFor();
    expect(await approvalView(stack.deps, null, other.id)).toMatchObject({ status: "waiting", answeredBy: null });
    await cardOf(ada, "We have moved again").getByRole("button", { name: "Deny", exact: true }).click();
    await told(ada, "Denied.");
    expect(await ended(stack, other)).toMatchObject({ status: "denied", answeredBy: "@ada" });
    await ada.getByText(/Nothing waits/).waitFor();
  });

  test("C09 the inbox is answered by keyboard alone, and letters typed into a comment answer nothing", async ({ skip }) => {
    const stack = await onStage(skip);
    const [first, second, third] = [
      await publish(stack, "cmo", "Number one"),
      await publish(stack, "coo", "Number two"),
      await publish(stack, "cto", "Number three"),
    ];
    const { keyboard } = ada;
    const focused = (locator: ReturnType<typeof cardOf>): Promise<void> => locator.and(ada.locator(":focus")).waitFor();
    const waiting = async (): Promise<string[]> =>
      (await Promise.all([first, second, third].map(({ id }) => approvalView(stack.deps, null, id))))
        .filter(({ status }) => status === "waiting")
        .map(({ summary }) => summary);

    await open(ada, stack.url);
    const inbox = ada.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Inbox 3 waiting for you" });
    await inbox.waitFor();
    await keyboard.press("Tab");
    await focused(ada.getByRole("link", { name: "Skip to the content" }));
    for (let step = 0; step < 12 && (await inbox.and(ada.locator(":focus")).count()) === 0; step += 1)
      await keyboard.press("Tab");
    await keyboard.press("Enter");
    await cardOf(ada, "Number three").waitFor();

    // No letter answers by itself.
    for (const letter of ["a", "d", "s"]) await keyboard.press(letter);
    await keyboard.press("j");
    await keyboard.press("a");
    await focused(cardOf(ada, "Number one").getByRole("button", { name: "Approve" }));
    expect(await waiting()).toHaveLength(3);
    await keyboard.press("Enter");
    await told(ada, "Approved; it runs now.");
    await cardOf(ada, "Number one").waitFor({ state: "detached" });

    // On, back, on: the second is sent back without a word, then with one whose letters are keys elsewhere.
    for (const letter of ["j", "j", "k"]) await keyboard.press(letter);
    await keyboard.press("s");
    await focused(cardOf(ada, "Number two").getByRole("button", { name: "Send back" }));
    await keyboard.press("Enter");
    await cardOf(ada, "Number two").getByRole("alert").getByText("Write what should be different.").waitFor();
    const comment = cardOf(ada, "Number two").getByRole("textbox", { name: /^Comment/ });
    await focused(comment);
    await keyboard.type("add jokes as asked");
    expect(await comment.inputValue()).toBe("add jokes as asked");
    await focused(comment);
    expect(await waiting()).toHaveLength(2);
    for (let step = 0; step < 3; step += 1) await keyboard.press("Tab");
    await focused(cardOf(ada, "Number two").getByRole("button", { name: "Send back" }));
    await keyboard.press("Space");
    await told(ada, "Sent back.");
    await cardOf(ada, "Number two").waitFor({ state: "detached" });

    await keyboard.press("j");
    await keyboard.press("Control+a");
    await keyboard.press("d");
    await focused(cardOf(ada, "Number three").getByRole("button", { name: "Deny" }));
    await keyboard.press("Enter");
    await ada.getByText(/Nothing waits/).waitFor();

    expect(await ended(stack, first)).toMatchObject({ status: "done", answeredBy: "@ada" });
    for (const each of [second, third]) expect(await ended(stack, each)).toMatchObject({ status: "denied", answeredBy: "@ada" });
    expect((await stack.events("approval.denied")).slice(0, 2)).toMatchObject([
      by("@ada", { approval: third.id, comment: "" }),
      by("@ada", { approval: second.id, comment: "add jokes as asked", sentBack: true }),
    ]);
  });

  test("C03 a bad fleet file is refused with its line; a good one shows what it does, is deployed, works, and is rolled back", async ({
    skip,
  }) => {
    const stack = await onStage(skip);
    await stack.orchestrate();
    await goTo(ada, "Settings");
    await ada.getByRole("button", { name: "Change the fleet file" }).click();
    const field = ada.getByLabel("The fleet file, as JSON or YAML");
    const text = await field.inputValue();
    const bad = text.replace('"cco"', '"nobody"');
    const line = bad.split("\n").findIndex((each) => each.includes('"nobody"')) + 1;
    await field.fill(bad);
    await ada.getByLabel("Why").fill("Somebody must sell.");
    await ada.getByRole("button", { name: "Try it" }).click();
    const refused = ada.getByRole("alert").filter({ hasText: "It cannot be deployed:" });
    await refused.getByText(new RegExp(`^fleet\\.json:${line}:\\d+: expected one of the roles .*, found "nobody"$`)).waitFor();
    expect(await ada.getByRole("button", { name: "Deploy it" }).count()).toBe(0);

    const file = JSON.parse(text) as { roles: Record<string, unknown> };
    file.roles["head-of-sales"] = { profile: "cmo.md" };
    await field.fill(JSON.stringify(file, null, 2));
    expect(await refused.count()).toBe(0);
    await ada.getByRole("button", { name: "Try it" }).click();
    await told(ada, "head-of-sales is started.");
    await ada
      .getByRole("figure")
      .getByText(/head-of-sales/)
      .waitFor();
    expect(await stack.events("fleet.registered")).toHaveLength(1);
    await ada.getByRole("button", { name: "Deploy it" }).click();
    await told(ada, "Revision 2 is deployed.");
    await goTo(ada, "Fleet");
    const role = ada.getByRole("listitem").filter({ has: ada.getByRole("heading", { name: "head-of-sales" }) });
    await role.getByText("active", { exact: true }).waitFor();

    await goTo(ada, "Settings");
    const revision = ada.getByRole("listitem").filter({ hasText: /^Revision 1/ });
    await revision.getByRole("button", { name: "Roll back to it" }).click();
    await revision.getByLabel("Why").fill("Nobody buys.");
    await revision.getByRole("button", { name: "Try it" }).click();
    await revision.getByText("head-of-sales is stopped for good.").waitFor();
    await revision.getByRole("button", { name: "Roll back to 1" }).click();
    await told(ada, "Revision 3 is deployed.");
    await goTo(ada, "Fleet");
    await ada.getByRole("heading", { name: "CMO", exact: true }).waitFor();
    await role.waitFor({ state: "detached" });

    expect(await stack.events("fleet.registered")).toMatchObject([
      by("@ada", { revision: 3, comment: "Nobody buys." }),
      by("@ada", { revision: 2, comment: "Somebody must sell." }),
      { source: "system", payload: { revision: 1 } },
    ]);
  });

  test("S15 no page of these stories logged an error or asked another host", () => {
    expect(problems).toEqual([]);
  });
});
