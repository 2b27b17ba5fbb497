import type { Page } from "playwright-core";
import { id } from "./fixture-data.ts";
import type { PageToSee } from "./every-page.ts";

type Open = (page: Page) => Promise<unknown>;
const button =
  (name: string | RegExp): Open =>
  (page) =>
    page
      .getByRole("button", { name, exact: typeof name === "string" })
      .first()
      .click();
const radio =
  (name: string): Open =>
  (page) =>
    page.getByRole("radio", { name, exact: true }).click();
const summary =
  (text: string): Open =>
  (page) =>
    page.locator("summary", { hasText: text }).first().click();
const fill =
  (label: string | RegExp, text: string): Open =>
  (page) =>
    page.getByLabel(label).locator("visible=true").first().fill(text);
const wait =
  (text: string | RegExp): Open =>
  (page) =>
    page.getByText(text).first().waitFor();
const all =
  (...steps: Open[]): Open =>
  async (page) => {
    for (const step of steps) await step(page);
  };
const loaded: Open = (page) => page.locator("main [role=status][aria-label=Loading]").first().waitFor({ state: "detached" });
const opened = (name: string, address: string, act: Open): PageToSee => ({ name, address, signedIn: true, act });
const killSwitch = button("Kill switch");

const goNowhere = `history.pushState({}, "", "/no-such-page"); dispatchEvent(new PopStateEvent("popstate"))`;
/** Forms, dialogs and other views of pages, as they look when somebody has opened them. */
export const openedPages: PageToSee[] = [
  opened("kill-switch", "/", all(killSwitch, wait("What you choose is killed"))),
  opened("kill-switch-department", "/", all(killSwitch, radio("Department"), wait("Which department"))),
  opened("kill-switch-task", "/", all(killSwitch, radio("Task"), wait("Which task"))),
  opened(
    "kill-switch-sure",
    "/",
    all(killSwitch, fill("Why", "It overspends"), button("Stop everything"), wait("Stop the whole company?")),
  ),
  opened(
    "fleet-table",
    "/fleet",
    all(radio("Table"), (page) => page.getByRole("table").waitFor()),
  ),
  opened("fleet-chart", "/fleet", all(radio("Org chart"), wait("Chief Finance Officer"), loaded)),
  opened("costs-numbers", "/costs", all(summary("The numbers"), wait("$1.57"))),
  opened("fleet-why", "/fleet", all(button("Why?"), wait(/The plan is to/))),
  opened("fleet-restart", "/fleet", all(button("Restart CMO"), wait("Restart CMO?"))),
  opened("fleet-stop", "/fleet", all(button("Stop the fleet"), wait("Stop the whole fleet?"))),
  opened("fleet-kill", "/fleet", summary("Kill switch")),
  opened("fleet-deploy", "/fleet", all(button("Deploy a role"), wait("Begin with the profile of"))),
  opened(
    "fleet-deploy-tried",
    "/fleet",
    all(
      button("Deploy a role"),
      fill("Its name", "head-of-sales"),
      (page) => page.getByLabel("Begin with the profile of").selectOption("cmo"),
      fill(/^Why/, "Somebody must sell."),
      button("Try it"),
      wait("cmo is restarted"),
    ),
  ),
  opened(
    "role-retrain",
    "/fleet/cmo",
    all(button("Change its profile"), fill(/^Why/, "It promised discounts."), button("Try it"), wait("cmo is restarted")),
  ),
  opened("work-list", "/work", all(radio("List"), wait("Launch announcement"))),
  opened("work-move", "/work", all(summary("Move"), wait("Sooner"))),
  opened("work-cancel", "/work", all(summary("Move"), button("Cancel it"), wait("Cancel this task?"))),
  opened("decision-override", `/decisions/${id(0x105)}`, all(summary("Override this decision"), fill(/^Reason/, "Not now"))),
  opened(
    "figures-settle",
    "/figures",
    all(radio("1204 count by CMO"), fill(/^Reason/, "The shop counts robots."), button("Settle it"), wait(/Does .* hold\?/)),
  ),
  opened("ideas-promote", "/ideas", all(button("Promote"), wait("Propose this idea as a decision?"))),
  opened("messages-threads", "/messages?view=threads", wait("2 messages")),
  opened("messages-replay", "/messages?view=replay", all(wait("Play"), button("One on"), button("One on"))),
  opened("messages-conversation", `/messages?of=${id(0x504)}`, wait("Replay it")),
  opened(
    "history-event",
    "/history",
    all((page) => page.locator("summary").first().click(), wait("hash")),
  ),
  opened("history-verified", "/history", all(button("Verify the chain"), wait(/events are whole/))),
  opened("settings-file", "/settings", all(button("Change the fleet file"), wait("The fleet file, as JSON or YAML"))),
  opened("settings-diff", "/settings", all(button("What it changed"), wait("Discounts up to 20 %"))),
  opened("settings-rollback", "/settings", all(button("Roll back to it"), wait("Stands with the revision"))),
  opened("settings-key", "/settings", summary("Make a key")),
  // Where the client goes by itself; the server answers an address that it does not know with a page of its own.
  opened(
    "not-found",
    "/",
    all((page) => page.evaluate(goNowhere), wait("There is no page at")),
  ),
];

/** Asked of a company that has just begun: what is empty says what brings it. */
export const emptyPages = (client: readonly PageToSee[]): PageToSee[] =>
  client
    .filter(({ address }) => !/[0-9a-f]{8}-|\/fleet\/./.test(address))
    .map((page) => ({ ...page, name: `empty-${page.name}`, company: "empty" as const }));

/** What a page shows while its answers are on their way, when they fail, and when the console is gone. */
export const troubledPages: PageToSee[] = [
  opened("loading", "/costs", async () => undefined),
  opened("failed", "/costs", wait("Try again")),
  opened("offline", "/work", wait("Reconnecting")),
];
