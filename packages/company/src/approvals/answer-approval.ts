import { AitoError, sameHash, wellFormed } from "@aito/base";
import { ApprovalAnswer, type ApprovalAnswered, type EditedCallView, Id } from "@aito/protocol";
import type { z } from "zod";
import { closeAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import type { LinkMaker } from "../escalations/list-escalations.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { toApprovalView } from "./approval-view.ts";
import { editedCall } from "./edited-call.ts";
import { expireIn } from "./end-overdue.ts";
import { type ApprovalRow, insertApproval, lockApprovals, moveApproval, selectApproval } from "./queries.ts";
import { approvalUnknown } from "./request-approval.ts";
import { tellOutcome } from "./tell-outcome.ts";

type Answer = z.output<typeof ApprovalAnswer>;

/**
 * The human's answer. Of any number at once, one has an effect; `first: false` says that it was over before and nothing has changed. What
 * is approved runs in the gateway. Errors: AITO_APPROVAL_UNKNOWN (404), AITO_APPROVAL_CHANGED (409) when `digest` is not what waits, or
 * `editedDigest` not what the edit comes to, or one of `equal` is not what was shown, AITO_APPROVAL_ARGUMENTS (422) for edited arguments that the tool
 * does not take. Of an error nothing is answered.
 */
export async function answerApproval(
  deps: CompanyDeps,
  input: { id: string; by: string; answer: ApprovalAnswer },
): Promise<Omit<ApprovalAnswered, "approval"> & { approval: ApprovalRow }> {
  if (!Id.safeParse(input.id).success) throw approvalUnknown(input.id);
  const answer = ApprovalAnswer.parse(input.answer);
  const given = { ...answer, comment: wellFormed(answer.comment) };
  return await transact(deps, async (unit) => {
    const rows = new Map(
      (await lockApprovals(unit, [input.id, ...given.equal.map(({ id }) => id)])).map((each) => [each.id, each]),
    );
    const row = rows.get(input.id);
    if (!row) throw approvalUnknown(input.id);
    if (row.status === "waiting" && row.expires_at <= unit.now) await expireIn(unit, row);
    const again = async (first: boolean, others: string[], id = row.id) => ({
      first,
      others,
      approval: (await selectApproval(unit, id))!,
    });
    if (row.status !== "waiting" || row.expires_at <= unit.now) return await again(false, []);
    if (!sameHash(row.digest, given.digest)) throw otherCall(row.id);
    if (given.answer === "edit") return await again(true, [], await edit(unit, row, { ...given, by: input.by }));
    const others = equalTo(row, given.equal, rows).filter((each) => each.status === "waiting" && each.expires_at > unit.now);
    for (const each of [row, ...others]) await answerOne(unit, each, { ...given, by: input.by });
    return await again(
      true,
      others.map(({ id }) => id),
    );
  });
}

/** Those of the same call that were shown with `row`, once each, as they were shown. */
function equalTo(row: ApprovalRow, shown: Answer["equal"], rows: ReadonlyMap<string, ApprovalRow>): ApprovalRow[] {
  const others = new Map<string, ApprovalRow>();
  for (const { id, digest } of shown) {
    const other = rows.get(id);
    if (!other) throw approvalUnknown(id);
    if (other.call_digest !== row.call_digest || !sameHash(other.digest, digest)) throw otherCall(id);
    if (id !== row.id) others.set(id, other);
  }
  return [...others.values()];
}

const otherCall = (id: string): AitoError =>
  new AitoError("AITO_APPROVAL_CHANGED", `approval ${id} is of another call than the one that was answered`, {
    hint: "look at it again, then answer what it says now",
    status: 409,
  });

/**
 * What a call that waits would be with other arguments; nothing is changed. Errors: AITO_APPROVAL_UNKNOWN (404), AITO_APPROVAL_OVER (409),
 * AITO_APPROVAL_ARGUMENTS (422).
 */
export async function previewEdit(
  deps: CompanyDeps,
  input: { id: string; arguments: Record<string, unknown> },
): Promise<EditedCallView> {
  if (!Id.safeParse(input.id).success) throw approvalUnknown(input.id);
  return await transact(deps, async (unit) => {
    const row = await selectApproval(unit, input.id);
    if (!row) throw approvalUnknown(input.id);
    if (row.status !== "waiting" || row.expires_at <= unit.now) {
      throw new AitoError("AITO_APPROVAL_OVER", `approval ${row.id} waits no more; nothing of it can be changed`, {
        status: 409,
      });
    }
    const { amountMicroUsd, ...call } = editedCall(row, (await currentFleet(unit)).file, input.arguments);
    return { ...call, amountMicroUsd: amountMicroUsd.toString() };
  });
}

async function answerOne(unit: Unit, row: ApprovalRow, { answer, by, comment }: Answer & { by: string }): Promise<void> {
  const to = answer === "approve" ? "approved" : "denied";
  if (!(await moveApproval(unit, row.id, { from: "waiting", to, by, comment }))) return;
  if (to === "denied") return await tellOutcome(unit, row, { status: "denied", by, comment, sentBack: answer === "send_back" });
  await closeAlert(unit, { kind: "approval", subject: row.id });
  await unit.event({
    type: "approval.approved",
    source: by,
    target: row.agent,
    payload: { approval: row.id, tool: row.tool, summary: row.summary, digest: row.digest, comment },
  });
}

/** Other arguments are another call: a new approval with a digest of its own, approved by the same answer. */
async function edit(unit: Unit, row: ApprovalRow, given: Answer & { by: string }): Promise<string> {
  const { by, comment } = given;
  const changed = editedCall(row, (await currentFleet(unit)).file, given.arguments);
  const { digest } = changed;
  if (given.editedDigest !== undefined && !sameHash(digest, given.editedDigest)) throw otherCall(row.id);
  const id = unit.newId();
  await moveApproval(unit, row.id, { from: "waiting", to: "edited", by, comment });
  await insertApproval(unit, {
    ...row,
    id,
    arguments: changed.arguments,
    digest,
    call_digest: changed.callDigest,
    amount_micro_usd: changed.amountMicroUsd,
    status: "approved",
    edited_from: row.id,
    answered_at: unit.now,
    answered_by: by,
  });
  await closeAlert(unit, { kind: "approval", subject: row.id });
  await unit.event({
    type: "approval.edited",
    source: by,
    target: row.agent,
    payload: { approval: row.id, edited: id, tool: row.tool, digest: row.digest, editedDigest: digest, comment },
  });
  return id;
}

/** As the console tells it. */
export const answeredView = (
  { first, others, approval }: Awaited<ReturnType<typeof answerApproval>>,
  links: LinkMaker | null,
): ApprovalAnswered => ({ first, others, approval: toApprovalView(approval, links) });
