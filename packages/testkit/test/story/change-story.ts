import type { ChangeRecord, ChangeSummary, TaskView } from "@aito/protocol";
import { describe, expect, test } from "vitest";
import { type CompanyUnderTest, waitFor } from "../../src/index.ts";
import { openBrowser } from "./human.ts";

export interface ChangeStage {
  company: CompanyUnderTest;
  /** The merge commit of a pull request as GitHub shows it to anybody else who asks; null: it is not merged. */
  mergedAs: (repository: string, number: number) => Promise<string | null>;
}

/** Longer than a slow machine under load takes. */
const mergedMs = 270_000;

/** The first minutes' pull request, from the decision to the merge commit; told on both engines after the first minute. */
export function tellChange(stage: () => ChangeStage): void {
  const aito = (): CompanyUnderTest => stage().company;
  let change: ChangeRecord;

  describe("a campaign page, from its decision to its merge commit", () => {
    test(
      "G04 G05 G06 X01 the CMO's proposal is approved, a worker writes the page, the CCO asks for a change, the worker makes it, it is merged",
      async () => {
        const all = await waitFor(
          () => aito().json<ChangeSummary[]>(["changes"]),
          (seen) => seen.some(({ status, task }) => status === "merged" && task.status === "done"),
          mergedMs,
        );
        const { id } = all.findLast(({ status, task }) => status === "merged" && task.status === "done")!;
        change = await aito().json<ChangeRecord>(["changes", "show", id]);
        expect(change).toMatchObject({ owner: "cmo", mergedBy: "cmo", base: "main", decision: { status: "approved" } });
        expect(change.by).toMatch(/^content-writer-/);
        expect(change.branch).toContain(change.by);
        expect(change.files.map(({ path }) => path.split("/")[0])).toEqual(["content"]);
        expect(change.commits.map(({ by }) => by)).toEqual([change.by, change.by]);
        const [asked, approved] = change.reviews;
        expect(asked).toMatchObject({ by: "cco", verdict: "request_changes", commit: change.commits[0]!.sha });
        expect(asked!.comments[0]).toMatchObject({ path: change.files[0]!.path });
        expect(approved).toMatchObject({ by: "cco", verdict: "approve", commit: change.commits[1]!.sha });
        const wish = /"(.+)"/.exec(asked!.comments[0]!.body)![1]!;
        expect(change.files[0]!.diff).toContain(`+${wish}`);
      },
      mergedMs + 60_000,
    );

    test("G06 GitHub shows anybody the same merge commit", async () => {
      expect(await stage().mergedAs(change.repository, change.number!)).toBe(change.mergeSha);
    });

    test("W06 the task is done with the receipts of the change and of its merge as evidence", async () => {
      const task = await aito().json<TaskView>(["tasks", "show", change.task.id]);
      const receipts = await aito().json<{ id: string; tool: string; status: string }[]>(["receipts", "--task", task.id]);
      const succeeded = receipts.filter(({ status }) => status === "succeeded");
      const tools = ["save_work", "propose_change", "merge_change"];
      expect(succeeded.map(({ tool }) => tool)).toEqual(expect.arrayContaining(tools));
      const evidence = succeeded.filter(({ tool }) => tools.includes(tool)).map(({ id }) => id);
      expect(task.result!.receipts).toEqual(expect.arrayContaining(evidence));
    });

    test("G06 the console shows the chain without scripts", async ({ skip }) => {
      const browser = await openBrowser();
      if (!browser) return skip("there is no Chromium on this machine");
      try {
        const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
        const { url } = await aito().json<{ url: string }>(["login"]);
        await page.goto(url, { timeout: 60_000 });
        await page.locator("button[type=submit]").first().click();
        await page.goto(`http://127.0.0.1:${aito().port}/plain/changes/${change.id}`, { timeout: 60_000 });
        const text = await page.innerText("body");
        const order = [
          change.decision!.title,
          change.task.title,
          change.branch,
          "CCO asked for changes",
          "CCO approved",
          change.mergeSha!,
        ];
        const places = order.map((each) => text.indexOf(each, text.indexOf("Decision:")));
        expect(places.every((place) => place >= 0)).toBe(true);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      } finally {
        await browser.close();
      }
    }, 180_000);
  });
}
