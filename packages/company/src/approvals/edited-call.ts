import { AitoError, wellFormedDeep } from "@aito/base";
import { type FleetFile, outsideToolsOf, usdArgumentOf, usdToMicro } from "@aito/protocol";
import { z } from "zod";
import { approvalDigest, callDigest } from "./canonical-call.ts";
import type { ApprovalRow } from "./queries.ts";

const usdMax = 1e9;

/** A call that waits, with other arguments: another call, of which everything that is bound to the arguments is made anew. */
export interface EditedCall {
  arguments: Record<string, unknown>;
  amountMicroUsd: bigint;
  digest: string;
  callDigest: string;
}

/** Pure. Throws AITO_APPROVAL_ARGUMENTS (422), which names each place, for arguments that the tool does not take. */
export function editedCall(row: ApprovalRow, file: FleetFile, given: Record<string, unknown> | undefined): EditedCall {
  const refuse = (why: string): AitoError =>
    new AitoError("AITO_APPROVAL_ARGUMENTS", `${row.tool} does not take these arguments: ${why}`, {
      hint: "give all of them as one JSON object, as the approval shows them",
      status: 422,
    });
  if (!given) throw refuse("none were given");
  const changed = wellFormedDeep(given);
  const problem = problemOf(row.input_schema, changed);
  if (problem !== null) throw refuse(problem);
  const entry = outsideToolsOf(file.toolServers).find(({ name }) => name === row.tool)?.entry;
  const argument = entry ? (entry.usdArgument ?? null) : usdArgumentOf(row.tool);
  const stated = argument === null ? undefined : changed[argument];
  if (stated !== undefined && !(typeof stated === "number" && stated >= 0 && stated <= usdMax)) {
    throw refuse(`${argument}: it must be a number of dollars from 0 on`);
  }
  const saysCost = entry !== undefined || argument !== null;
  const call = { tool: row.tool, schemaVersion: row.schema_version, arguments: changed, files: row.files };
  return {
    arguments: changed,
    amountMicroUsd: saysCost ? usdToMicro(entry?.usd ?? 0) + usdToMicro(stated ?? 0) : row.amount_micro_usd,
    digest: approvalDigest(call, { agent: row.agent, epoch: row.epoch, expiresAt: row.expires_at }),
    callDigest: callDigest(call),
  };
}

function problemOf(schema: Record<string, unknown>, given: Record<string, unknown>): string | null {
  let check: z.ZodType;
  try {
    check = z.fromJSONSchema(schema);
  } catch {
    return "its schema cannot be read here; deny it, and say what should be different";
  }
  const parsed = check.safeParse(given);
  if (parsed.success) return null;
  return parsed.error.issues.map((issue) => `${issue.path.join(".") || "arguments"}: ${issue.message}`).join("; ");
}
