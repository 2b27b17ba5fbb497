import { createHmac } from "node:crypto";
import { AitoError, sameHash } from "@aito/base";
import { type ApprovalDetail, type ApprovalStatus, type ApprovalView, Id } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { receiptBehind } from "../escalations/decision-grounds.ts";
import type { LinkMaker } from "../escalations/list-escalations.ts";
import { receiptsOfRun } from "../evidence/queries.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { type ApprovalRow, receiptOfCall, selectApproval, selectApprovals } from "./queries.ts";
import { approvalUnknown } from "./request-approval.ts";

const pageMax = 500;
const tokenShape = /^aito_app_([0-9a-f-]{36})_([\w-]{43})$/;

/**
 * The token of an approval's form: its id, signed with the link key. It is stored nowhere, ends with the approval, and works once
 * because an approval is answered once.
 */
export const approvalToken = (linkKey: string, id: string): string =>
  `aito_app_${id}_${createHmac("sha256", linkKey).update(`approval.${id}`).digest("base64url")}`;

export const approvalUrl = ({ linkKey, publicUrl }: LinkMaker, id: string): string =>
  `${publicUrl.replace(/\/+$/, "")}/a/${approvalToken(linkKey, id)}`;

/** The approval that a token is for. Throws AITO_LINK_UNKNOWN (404) for one that this key did not make. */
export function approvalOfToken(linkKey: string, token: string): string {
  const id = tokenShape.exec(token)?.[1];
  if (id !== undefined && sameHash(approvalToken(linkKey, id), token)) return id;
  throw new AitoError("AITO_LINK_UNKNOWN", "no approval has this link", {
    hint: "see the waiting ones, with their links, with: aito approvals",
    status: 404,
  });
}

export const toApprovalView = (row: ApprovalRow, links: LinkMaker | null): ApprovalView => ({
  id: row.id,
  status: row.status,
  agent: row.agent,
  role: row.role,
  epoch: row.epoch,
  taskId: row.task_id,
  tool: row.tool,
  summary: row.summary,
  rule: row.rule,
  reason: row.reason,
  digest: row.digest,
  callDigest: row.call_digest,
  arguments: row.arguments,
  files: row.files,
  amountMicroUsd: row.amount_micro_usd.toString(),
  asked: row.asked,
  editedFrom: row.edited_from,
  expiresAt: row.expires_at.toISOString(),
  createdAt: row.created_at.toISOString(),
  answeredAt: row.answered_at?.toISOString() ?? null,
  answeredBy: row.answered_by,
  comment: row.comment,
  endedAt: row.ended_at?.toISOString() ?? null,
  result: row.result ?? null,
  error: row.error,
  receipt: receiptOfCall(row),
  url: links && row.status === "waiting" ? approvalUrl(links, row.id) : null,
});

/** Newest first, the waiting ones with their form; `before` is the id of the last one already seen. */
export async function listApprovals(
  deps: CompanyDeps,
  links: LinkMaker,
  filter: { status?: ApprovalStatus | undefined; limit?: number; before?: string | undefined } = {},
): Promise<ApprovalView[]> {
  const limit = Math.min(Math.max(filter.limit ?? 100, 1), pageMax);
  if (filter.before !== undefined && !Id.safeParse(filter.before).success) throw approvalUnknown(filter.before);
  return (await transact(deps, (unit) => selectApprovals(unit, { ...filter, limit }))).map((row) => toApprovalView(row, links));
}

const receiptsMax = 12;

/** One with what it rests on. Error: AITO_APPROVAL_UNKNOWN (404). */
export async function approvalView(deps: CompanyDeps, links: LinkMaker | null, id: string): Promise<ApprovalDetail> {
  if (!Id.safeParse(id).success) throw approvalUnknown(id);
  return await transact(deps, async (unit) => {
    const row = await selectApproval(unit, id);
    if (!row) throw approvalUnknown(id);
    const view = toApprovalView(row, links);
    if (row.run_id === null) return { ...view, taint: null, receipts: [] };
    const receipts = await receiptsOfRun(unit, { run: row.run_id, before: row.created_at }, receiptsMax);
    return { ...view, taint: await selectTaintOf(unit, "runs", [row.run_id]), receipts: receipts.map(receiptBehind) };
  });
}
