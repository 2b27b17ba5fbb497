import { AitoError, sha256 } from "@aito/base";
import {
  Id,
  pageItemsMax,
  type ReceiptCheck,
  type ReceiptDetail,
  type ReceiptsReport,
  receiptTextDaysDefault,
  type ReceiptView,
} from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { claimsCiting } from "../claims/list-claims.ts";
import { checkReceipt } from "./check-receipt.ts";
import {
  deleteReceiptTextsBefore,
  type ReceiptFilter,
  selectApprovalOf,
  selectAuditedKeys,
  selectReceiptKeys,
  selectReceipts,
  selectReceiptsById,
  selectReceiptText,
  type SignedRow,
} from "./queries.ts";
import { keyIdOf } from "./receipt-signer.ts";
import { wholeText } from "./result-text.ts";

const dayMs = 86_400_000;
const batch = 500;
const problemsMax = 100;

/** Newest first. */
export async function listReceipts(deps: CompanyDeps, filter: ReceiptFilter): Promise<ReceiptView[]> {
  const rows = await transact(deps, (unit) => selectReceipts(unit, { ...filter, limit: Math.min(filter.limit, pageItemsMax) }));
  return rows.map(toView);
}

/** One receipt with its result, the check of its signature, and the claims that cite it. Throws AITO_RECEIPT_UNKNOWN. */
export async function showReceipt(deps: CompanyDeps, id: string): Promise<ReceiptDetail> {
  return await transact(deps, async (unit) => {
    const [row] = await selectReceiptsById(unit, [id]);
    if (!row) {
      throw new AitoError("AITO_RECEIPT_UNKNOWN", `there is no receipt with id ${id}`, {
        hint: "see the newest with: aito receipts",
        status: 404,
      });
    }
    const full = await wholeOf(unit, row);
    return {
      ...toView(row),
      epoch: row.epoch,
      result: row.result_text === "" ? JSON.stringify(row.result) : row.result_text,
      resultCharacters: row.result_characters,
      resultSha256: row.result_sha256,
      full,
      signature: row.signature,
      check: checkReceipt(row, {
        companyId: unit.companyId,
        publicKey: (await keys(unit)).get(row.key_id ?? "") ?? null,
        whole: full,
      }),
      approval: await selectApprovalOf(unit, { receipt: id, named: namedApproval(row) }),
      claims: await claimsCiting(unit, id),
    };
  });
}

/** As the gateway says it of a call that needs a human, or that one let run; an answer from outside is not asked. */
function namedApproval({ status, result }: SignedRow): string | null {
  if (status === "succeeded" || typeof result !== "object" || result === null) return null;
  return Id.safeParse((result as Record<string, unknown>)["approval_id"]).data ?? null;
}

/** Checks every receipt of the company, the newest first: signature, columns and result. */
export async function verifyReceipts(deps: CompanyDeps): Promise<ReceiptsReport> {
  const report: ReceiptsReport = { ok: true, checked: 0, unsigned: 0, keys: await knownKeys(deps), problems: [] };
  for (let before: string | undefined, more = true; more;) {
    const checked = await transact(deps, (unit) => checkSome(unit, before));
    for (const { id, verdict, problem } of checked) {
      report.checked += 1;
      if (verdict === "unsigned") report.unsigned += 1;
      if (verdict !== "invalid") continue;
      report.ok = false;
      if (report.problems.length < problemsMax) report.problems.push({ id, problem: problem ?? "unknown" });
    }
    more = checked.length === batch;
    before = checked.at(-1)?.id;
  }
  return report;
}

async function checkSome(unit: Unit, before: string | undefined): Promise<(ReceiptCheck & { id: string })[]> {
  const known = await keys(unit);
  const checked: (ReceiptCheck & { id: string })[] = [];
  for (const row of await selectReceipts(unit, { limit: batch, before })) {
    const publicKey = known.get(row.key_id ?? "") ?? null;
    checked.push({ id: row.id, ...checkReceipt(row, { companyId: unit.companyId, publicKey, whole: await wholeOf(unit, row) }) });
  }
  return checked;
}

const knownKeys = async (deps: CompanyDeps): Promise<ReceiptsReport["keys"]> =>
  (await transact(deps, selectReceiptKeys)).map(({ id, public_key, created_at }) => ({
    id,
    publicKey: public_key,
    since: created_at.toISOString(),
  }));

/** The tick: whole texts that are older than the fleet file keeps go. */
export async function pruneReceiptTexts(deps: CompanyDeps): Promise<void> {
  await transact(deps, async (unit) => {
    const days = (await currentFleet(unit)).file.receipts?.textDays ?? receiptTextDaysDefault;
    await deleteReceiptTextsBefore(unit, new Date(unit.now.getTime() - days * dayMs));
  });
}

/** Public keys that the audit log has too, by id. */
async function keys(unit: Unit): Promise<Map<string, string>> {
  const audited = await selectAuditedKeys(unit);
  const stored = (await selectReceiptKeys(unit)).filter(
    ({ id, public_key }) => audited.get(id) === public_key && keyIdOf(public_key) === id,
  );
  return new Map(stored.map(({ id, public_key }) => [id, public_key]));
}

async function wholeOf(unit: Unit, row: SignedRow): Promise<string | null> {
  if (row.result_sha256 === null || row.result_text.length === row.result_characters) return null;
  const bytes = await selectReceiptText(unit, row.result_sha256);
  if (!bytes) return null;
  try {
    return await wholeText(bytes);
  } catch {
    // Not what was stored: it has another hash than the receipt's, and the check says so.
    return `unreadable ${sha256(Buffer.from(bytes).toString("base64"))}`;
  }
}

const toView = (row: SignedRow): ReceiptView => ({
  id: row.id,
  agent: row.agent,
  task: row.task_id,
  run: row.run_id,
  tool: row.tool,
  status: row.status,
  source: row.source,
  argumentsDigest: row.arguments_digest,
  durationMs: row.duration_ms,
  at: row.created_at.toISOString(),
  facts: row.facts,
  signedBy: row.key_id,
});
