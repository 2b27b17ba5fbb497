import type { ReceiptStatus } from "@aito/protocol";
import { expect, test } from "vitest";
import type { CitedReceipt } from "./check-claim.ts";
import { didNotHappen, verifyReport } from "./verify-report.ts";

const now = new Date("2026-03-02T12:00:00.000Z");
const sentId = "01890000-0000-7000-8000-00000000000a";
const receipt = (tool: string, status: ReceiptStatus, more: Partial<CitedReceipt> = {}): CitedReceipt => ({
  id: `${tool}-${status}`,
  agent: "cmo",
  task: "t",
  tool,
  status,
  finishedAt: now.toISOString(),
  facts: [],
  ...more,
});
const sent = (status: ReceiptStatus, more: Partial<CitedReceipt> = {}) =>
  receipt("send_mail", status, { id: sentId, outward: true, ...more });
const kept = receipt("save_work", "succeeded");
const done = (receipts: CitedReceipt[], text = "The letter is sent.") =>
  verifyReport({ agent: "cmo", task: "t", finishes: true, text, claims: [] }, receipts, { now }).done!;

test("S09 done needs a call of the task that changed something and succeeded: reads, other tasks' and mere tries are none", () => {
  expect(done([]).why).toBe("no call of this task has a successful receipt");
  expect(done([receipt("read_page", "succeeded", { effect: false })]).accepted).toBe(false);
  expect(done([receipt("read_page", "failed", { effect: false })]).why).toBe("no call of this task has a successful receipt");
  expect(done([receipt("save_work", "succeeded", { task: "other" })]).accepted).toBe(false);
  expect(done([sent("shadowed")]).why).toBe("no call of this task succeeded: send_mail (shadowed)");
  expect(done([kept])).toEqual({ accepted: true, why: null });
});

test.each(["failed", "refused", "unknown", "shadowed"] as const)(
  "S09 an outward call that ended as %s is no part of what is done, whatever else succeeded, unless the report names it",
  (status) => {
    const no = done([kept, sent(status)]);
    expect(no).toEqual({
      accepted: false,
      why: `what was tried outside did not happen, and the report does not say so: send_mail (${status}, receipt ${sentId})`,
    });
    expect(done([kept, sent(status)], `The letter is written; it did not go out (receipt ${sentId}).`).accepted).toBe(true);
    // It was sent at another try.
    expect(done([sent(status), sent("succeeded", { id: "second" })]).accepted).toBe(true);
    // A try of one's own records changes nobody's world.
    expect(done([kept, receipt("create_task", status)]).accepted).toBe(true);
    // Naming one outward call says nothing of another.
    const paid = receipt("pay", status, { outward: true });
    expect(done([kept, sent(status), paid], `Not sent (${sentId}).`).why).toContain(`pay (${status}`);
  },
);

test.each(["failed", "refused", "unknown", "shadowed"] as const)(
  "S09 what the platform says of an outward call that ended as %s lets a hand-in stand that leaves it out",
  (status) => {
    const receipts = [kept, sent(status), receipt("create_task", status)];
    const said = didNotHappen("t", receipts);
    expect(said).toEqual([`Did not happen: send_mail (${status}, receipt ${sentId})`]);
    expect(done(receipts).accepted).toBe(false);
    expect(done(receipts, `The letter is sent.\n\n${said.join("\n")}`).accepted).toBe(true);
    expect(didNotHappen("other", receipts)).toEqual([]);
    expect(didNotHappen("t", [...receipts, sent("succeeded", { id: "second" })])).toEqual([]);
  },
);
