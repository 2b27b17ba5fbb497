import { sha256 } from "@aito/base";
import type { ReceiptCheck } from "@aito/protocol";
import type { SignedRow } from "./queries.ts";
import { isSignedBy } from "./receipt-signer.ts";
import { resultCharactersMax } from "./result-text.ts";

interface Body {
  id: string;
  company: string;
  agent: string;
  epoch: number;
  run: string | null;
  task: string | null;
  tool: string;
  arguments: string;
  status: string;
  effect: boolean;
  source: string;
  facts: unknown;
  result: string;
  resultCharacters: number;
  durationMs: number;
  at: string;
}

/**
 * Pure: whether a receipt is what the gateway signed. The signature covers the text `body`; every column beside it must say the
 * same, and the result must have the hash that was signed. `whole` is the result's text where it is kept apart.
 */
export function checkReceipt(
  row: SignedRow,
  known: { companyId: string; publicKey: string | null; whole: string | null },
): ReceiptCheck {
  if (row.body === null || row.key_id === null) return { verdict: "unsigned", problem: null };
  const wrong = (problem: string): ReceiptCheck => ({ verdict: "invalid", problem });
  if (known.publicKey === null) return wrong(`its key ${row.key_id} is not one of the company's`);
  if (!isSignedBy(known.publicKey, row.body, row.signature)) return wrong("its signature does not match what is stored");
  const body = JSON.parse(row.body) as Body;
  const beside: [string, unknown, unknown][] = [
    ["id", row.id, body.id],
    ["company", known.companyId, body.company],
    ["agent", row.agent, body.agent],
    ["epoch", row.epoch, body.epoch],
    // A run's row may have been removed since.
    ["run", row.run_id ?? body.run, body.run],
    ["task", row.task_id, body.task],
    ["tool", row.tool, body.tool],
    ["arguments", row.arguments_digest, body.arguments],
    ["status", row.status, body.status],
    ["outcome", row.ok, body.status === "succeeded"],
    ["effect", row.effect, body.effect],
    ["source", row.source, body.source],
    ["facts", sorted(row.facts), sorted(body.facts)],
    ["result's hash", row.result_sha256, body.result],
    ["result's length", row.result_characters, body.resultCharacters],
    ["duration", row.duration_ms, body.durationMs],
    ["time", row.created_at.toISOString(), body.at],
  ];
  const changed = beside.find(([, column, signed]) => column !== signed);
  if (changed) return wrong(`its ${changed[0]} was changed after it was signed`);
  const problem = resultProblem(row, known.whole);
  return problem === null ? { verdict: "valid", problem: null } : wrong(problem);
}

function resultProblem(row: SignedRow, whole: string | null): string | null {
  const changed = "its result was changed after it was signed";
  if (row.result_characters <= resultCharactersMax) {
    if (sha256(row.result_text) !== row.result_sha256) return changed;
    return sorted(row.result) === sorted(JSON.parse(row.result_text)) ? null : changed;
  }
  // The whole text may be over its time; then its beginning cannot be checked.
  if (whole === null) return null;
  return sha256(whole) === row.result_sha256 && whole.startsWith(row.result_text) ? null : changed;
}

/** Text that is equal for equal JSON, whatever the order of keys; numbers as they are read. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
