import { AitoError, sameHash, wellFormed, wellFormedDeep } from "@aito/base";
import { ApprovalAnswer, type ApprovalAnswered, Id } from "@aito/protocol";
import { z } from "zod";
import { closeAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import type { LinkMaker } from "../escalations/list-escalations.ts";
import { toApprovalView } from "./approval-view.ts";
import { approvalDigest, callDigest } from "./canonical-call.ts";
import { expireIn } from "./end-overdue.ts";
import { type ApprovalRow, insertApproval, lockEqual, moveApproval, selectApproval } from "./queries.ts";
import { approvalUnknown } from "./request-approval.ts";
import { tellOutcome } from "./tell-outcome.ts";

type Answer = z.output<typeof ApprovalAnswer>;

/**
 * The human's answer. Of any number at once, one has an effect; `first: false` says that it was over before and nothing has changed. What
 * is approved runs in the gateway. Errors: AITO_APPROVAL_UNKNOWN (404), AITO_APPROVAL_CHANGED (409) when `digest` is not what waits,
 * AITO_APPROVAL_ARGUMENTS (422) for edited arguments that the tool does not take.
 */
export async function answerApproval(
  deps: CompanyDeps,
  input: { id: string; by: string; answer: ApprovalAnswer },
): Promise<Omit<ApprovalAnswered, "approval"> & { approval: ApprovalRow }> {
  if (!Id.safeParse(input.id).success) throw approvalUnknown(input.id);
  const answer = ApprovalAnswer.parse(input.answer);
  const given = { ...answer, comment: wellFormed(answer.comment) };
  return await transact(deps, async (unit) => {
    const row = await selectApproval(unit, input.id, true);
    if (!row) throw approvalUnknown(input.id);
    if (row.status === "waiting" && row.expires_at <= unit.now) await expireIn(unit, row);
    const again = async (first: boolean, others: string[], id = row.id) => ({
      first,
      others,
      approval: (await selectApproval(unit, id))!,
    });
    if (row.status !== "waiting" || row.expires_at <= unit.now) return await again(false, []);
    if (!sameHash(row.digest, given.digest)) {
      throw new AitoError("AITO_APPROVAL_CHANGED", `approval ${row.id} is of another call than the one that was answered`, {
        hint: "look at it again, then answer what it says now",
        status: 409,
      });
    }
    if (given.answer === "edit") return await again(true, [], await edit(unit, row, { ...given, by: input.by }));
    const others = given.equal ? await lockEqual(unit, { id: row.id, callDigest: row.call_digest }) : [];
    for (const each of [row, ...others]) await answerOne(unit, each, { ...given, by: input.by });
    return await again(
      true,
      others.map(({ id }) => id),
    );
  });
}

async function answerOne(unit: Unit, row: ApprovalRow, { answer, by, comment }: Answer & { by: string }): Promise<void> {
  const to = answer === "approve" ? "approved" : "denied";
  if (!(await moveApproval(unit, row.id, { from: "waiting", to, by, comment }))) return;
  if (to === "denied") return await tellOutcome(unit, row, { status: "denied", by, comment });
  await closeAlert(unit, { kind: "approval", subject: row.id });
  await unit.event({
    type: "approval.approved",
    source: by,
    target: row.agent,
    payload: { approval: row.id, tool: row.tool, summary: row.summary, digest: row.digest, comment },
  });
}

/** Other arguments are another call: a new approval with a digest of its own, approved by the same answer. */
async function edit(unit: Unit, row: ApprovalRow, { by, comment, arguments: given }: Answer & { by: string }): Promise<string> {
  const changed = checkedArguments(row, given);
  const id = unit.newId();
  const call = { tool: row.tool, schemaVersion: row.schema_version, arguments: changed, files: row.files };
  const asker = { agent: row.agent, epoch: row.epoch, expiresAt: row.expires_at };
  const digest = approvalDigest(call, asker);
  await moveApproval(unit, row.id, { from: "waiting", to: "edited", by, comment });
  await insertApproval(unit, {
    ...row,
    id,
    arguments: changed,
    digest,
    call_digest: callDigest(call),
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

function checkedArguments(row: ApprovalRow, given: Record<string, unknown> | undefined): Record<string, unknown> {
  const refuse = (why: string): AitoError =>
    new AitoError("AITO_APPROVAL_ARGUMENTS", `${row.tool} does not take these arguments: ${why}`, {
      hint: "give all of them as one JSON object, as the approval shows them",
      status: 422,
    });
  if (!given) throw refuse("none were given");
  const parsed = z.fromJSONSchema(row.input_schema).safeParse(wellFormedDeep(given));
  if (parsed.success) return wellFormedDeep(given);
  throw refuse(parsed.error.issues.map((issue) => `${issue.path.join(".") || "arguments"}: ${issue.message}`).join("; "));
}

/** As the console tells it. */
export const answeredView = (
  { first, others, approval }: Awaited<ReturnType<typeof answerApproval>>,
  links: LinkMaker | null,
): ApprovalAnswered => ({ first, others, approval: toApprovalView(approval, links) });
