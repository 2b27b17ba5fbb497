import { AitoError, wellFormed } from "@aito/base";
import { type CheckedClaim, type Claim, DangerousTool, Id, type Mark } from "@aito/protocol";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { selectActsOfTask, selectHeldTask, selectReceipts, selectReceiptsById, type SignedRow } from "../evidence/queries.ts";
import { ownSource } from "../evidence/record-receipt.ts";
import type { CitedReceipt } from "./check-claim.ts";
import { openContradictions } from "./open-contradictions.ts";
import { insertClaim, insertReport, selectMetricNames } from "./queries.ts";
import { didNotHappen, type ReportVerdict, verifyReport } from "./verify-report.ts";

/** Receipts of a task that are looked through for what they state. */
const ofTaskMax = 200;
/** Of each kind, by name. */
const metricNamesMax = 500;

export interface SubmittedReport {
  task: { id: string; title: string; description: string } | null;
  finishes: boolean;
  text: string;
  claims: readonly Claim[];
  run: string | null;
  /** The receipt that the reporting call will leave. */
  receiptId: string | null;
}

export interface StoredReport {
  id: string;
  verdict: ReportVerdict;
  claims: CheckedClaim[];
  marks: Mark[];
  /** Why a report that says "done" is refused; null where it is not. */
  refusal: { code: "AITO_TASK_EVIDENCE" | "AITO_CLAIM_UNSUPPORTED"; message: string; hint: string } | null;
}

const receiptsAround = async (unit: Unit, task: string): Promise<SignedRow[]> => [
  ...(await selectReceipts(unit, { task, limit: ofTaskMax })),
  ...(await selectActsOfTask(unit, task)),
];

/** Lines on what was tried outside for a task and did not happen. */
export const whatDidNotHappen = async (unit: Unit, task: string): Promise<string[]> =>
  didNotHappen(task, (await receiptsAround(unit, task)).map(toCited));

/** Holds a report against the receipts that it cites and those of its task, and stores both, refused ones too. */
export async function storeReportIn(unit: Unit, session: AgentSession, report: SubmittedReport): Promise<StoredReport> {
  const text = wellFormed(report.text);
  const cited = [...new Set(report.claims.flatMap((claim) => claim.receipts))].filter((id) => Id.safeParse(id).success);
  const rows = await selectReceiptsById(unit, cited);
  const ofTask = report.task ? await receiptsAround(unit, report.task.id) : [];
  const known = new Map([...ofTask, ...rows].map((row) => [row.id, row]));
  const verdict = verifyReport(
    { agent: session.agent, task: report.task?.id ?? null, finishes: report.finishes, text, claims: report.claims },
    [...known.values()].map(toCited),
    {
      now: unit.now,
      titles: report.task ? quotable(report.task) : [],
      metrics: await selectMetricNames(unit, metricNamesMax),
    },
  );
  const refusal = report.finishes ? refusalOf(verdict, report.claims) : null;
  const id = unit.newId();
  await insertReport(unit, {
    id,
    agentId: session.agentId,
    taskId: report.task?.id ?? null,
    runId: report.run,
    receiptId: report.receiptId,
    text,
    finishes: report.finishes,
    refusal: refusal?.message ?? null,
    marks: verdict.marks,
  });
  const claims: CheckedClaim[] = [];
  for (const [index, claim] of report.claims.entries()) {
    const found = verdict.claims[index]!;
    const source = found.fact
      ? (found.fact.source ??
        claim.receipts.map((each) => known.get(each)).find((row) => row?.facts.some((fact) => same(fact, found.fact!)))?.source ??
        null)
      : null;
    const row = { reportId: id, task: report.task?.id ?? null, claim, verdict: found, source };
    claims.push(await storeClaimIn(unit, session, { ...row, known }));
  }
  if (refusal) {
    await unit.event({
      type: "report.refused",
      source: session.agent,
      payload: { report: id, task: report.task?.id ?? null, why: refusal.message },
    });
  }
  return { id, verdict, claims, marks: verdict.marks, refusal };
}

/**
 * What a verified claim says stands in the fact that it was resolved to, and of its receipts only `known` ones are kept: its words are not its
 * run's. Those of a fact that somebody outside stated are theirs, whoever passes them on; our own tools state none but the platform's.
 */
const taintOfFact = (source: string | null): { taint?: string | null } =>
  source === null ? {} : { taint: source === ownSource ? null : `a figure of ${source}` };

/** A claim with what was found of it; a verified one is held against those of other agents. */
export async function storeClaimIn(
  unit: Unit,
  session: AgentSession,
  row: {
    reportId: string | null;
    task: string | null;
    claim: Claim;
    verdict: ReportVerdict["claims"][number];
    source: string | null;
    /** Of the receipts that it cites, those that there are. */
    known: ReadonlyMap<string, unknown>;
  },
): Promise<CheckedClaim> {
  const id = unit.newId();
  const supported = row.verdict.verdict === "supported";
  const claim = supported ? { ...row.claim, receipts: row.claim.receipts.filter((each) => row.known.has(each)) } : row.claim;
  await insertClaim(unit, {
    id,
    reportId: row.reportId,
    agentId: session.agentId,
    taskId: row.task,
    claim,
    verdict: row.verdict,
    source: row.source,
    ...(supported ? taintOfFact(row.source) : {}),
  });
  const refuted = row.verdict.fact
    ? await openContradictions(unit, {
        id,
        agent: session.agent,
        agentId: session.agentId,
        claim,
        fact: row.verdict.fact,
        source: row.source,
      })
    : null;
  const verified = supported && refuted === null;
  return {
    ...claim,
    receipts: [...claim.receipts],
    id,
    agent: session.agent,
    task: row.task,
    verified,
    why: refuted ?? row.verdict.why,
    observedAt: row.verdict.fact?.observedAt ?? null,
    at: unit.now.toISOString(),
  };
}

/** An interim report: nothing ends, and what is wrong with it can be mended before it is handed in. */
export async function submitReport(
  deps: CompanyDeps,
  session: AgentSession,
  report: Omit<SubmittedReport, "finishes">,
): Promise<StoredReport> {
  return await transact(deps, async (unit) => {
    await fence(unit, session);
    if (report.task && (await selectHeldTask(unit, report.task.id, session.agentId)) === null) {
      throw new AitoError("AITO_TASK_NOT_YOURS", `task ${report.task.id} is not ${session.agent}'s`, { status: 403 });
    }
    return await storeReportIn(unit, session, { ...report, finishes: false });
  });
}

export const toCited = (row: SignedRow): CitedReceipt => ({
  id: row.id,
  agent: row.agent,
  task: row.task_id,
  tool: row.tool,
  status: row.status,
  finishedAt: row.created_at.toISOString(),
  facts: row.facts,
  effect: row.effect,
  outward: row.source !== ownSource || isDangerous(row.tool),
});

const isDangerous = (tool: string): boolean => DangerousTool.safeParse(tool).success;

function refusalOf(verdict: ReportVerdict, claims: readonly Claim[]): StoredReport["refusal"] {
  if (verdict.done?.accepted === false) {
    return {
      code: "AITO_TASK_EVIDENCE",
      message: `the task is not done: ${verdict.done.why}`,
      hint: "do the work with a tool first and name the task in the call (for_task); a finished text is kept with save_work; what did not happen is said in the summary, with the receipt of the call; what waits for a human is handed in after the answer; what cannot be done is handed in with outcome failed",
    };
  }
  const wrong = verdict.claims.flatMap(({ why }, index) =>
    why === null ? [] : [`${claims[index]!.metric} ${claims[index]!.value} ${claims[index]!.unit}: ${why}`],
  );
  if (wrong.length === 0) return null;
  return {
    code: "AITO_CLAIM_UNSUPPORTED",
    message: `${wrong.length} of ${claims.length} claims are not what the receipts say: ${wrong.slice(0, 10).join("; ")}`,
    hint: "mend each claim to what a receipt states, or leave it out, and hand the task in again",
  };
}

/** Words of the task that a report may quote: its title, and each line of its description. */
const quotable = (task: { title: string; description: string }): string[] =>
  [task.title, ...task.description.split(/\n|(?<=[.;:!?])\s+/u)]
    .map((line) => line.trim())
    .filter((line) => line.length >= 3)
    .toSorted((a, b) => b.length - a.length);

const same = (a: object, b: object): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
