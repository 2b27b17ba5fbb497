import { AitoError } from "@aito/base";
import { microToUsd, type TaskDigest } from "@aito/protocol";
import { selectCostBelow } from "../costs/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { taskRow, toTaskView } from "./task-view.ts";

const summaryCharactersMax = 1_000;
const lineCharactersMax = 400;

/** A closed task in a few lines. Errors: AITO_TASK_UNKNOWN, AITO_TASK_OPEN (409) while it has not ended. */
export const taskDigest = (deps: CompanyDeps, id: string): Promise<TaskDigest> =>
  transact(deps, (unit) => taskDigestIn(unit, id));

export async function taskDigestIn(unit: Unit, id: string): Promise<TaskDigest> {
  const row = await taskRow(unit, id);
  const { title, description, status, createdBy, workerAgent, assignedTo, createdAt, completedAt, result } = toTaskView(row);
  if (status === "blocked" || status === "pending" || status === "running" || completedAt === null) {
    throw new AitoError("AITO_TASK_OPEN", `task ${id} is ${status}: it has no digest yet`, { status: 409 });
  }
  const claims = result?.claims ?? [];
  const verified = claims.filter((claim) => claim.verified).length;
  const marks = result?.marks;
  return {
    id,
    title,
    status,
    asked: description === "" ? title : description.slice(0, summaryCharactersMax),
    askedBy: createdBy,
    done: (result?.summary ?? "").slice(0, summaryCharactersMax),
    doneBy: workerAgent ?? assignedTo,
    evidence: {
      receipts: result?.receipts.length ?? 0,
      verifiedClaims: verified,
      unverifiedClaims: claims.length - verified,
      unverifiedNumbers: (marks?.summary.length ?? 0) + (marks?.text.length ?? 0),
    },
    cost: await selectCostBelow(unit, id),
    seconds: Math.max(0, Math.round((Date.parse(completedAt) - Date.parse(createdAt)) / 1_000)),
    closedAt: completedAt,
  };
}

/** Pure: for channels that carry text. What nothing backs is named as unverified, and a cost that is not known as that. */
export function digestText({ title, status, asked, askedBy, done, doneBy, evidence, cost }: TaskDigest): {
  title: string;
  detail: string;
} {
  const { receipts, verifiedClaims, unverifiedClaims, unverifiedNumbers } = evidence;
  const open = unverifiedClaims + unverifiedNumbers;
  const lines = [
    `Asked by ${askedBy}: ${asked}`,
    `${doneBy ?? "Nobody"}: ${done || "nothing was handed in"}`,
    `Evidence: ${receipts} receipts, ${verifiedClaims} verified claims${open > 0 ? `, UNVERIFIED: ${open}` : ""}`,
    `Cost: $${microToUsd(cost.microUsd)} for ${cost.calls} model calls${cost.unknownCalls > 0 ? `, ${cost.unknownCalls} of unknown cost` : ""}`,
  ];
  return {
    title: `${status}: ${title}`.slice(0, 255),
    detail: lines.map((line) => line.replaceAll(/\s+/g, " ").slice(0, lineCharactersMax)).join("\n"),
  };
}
