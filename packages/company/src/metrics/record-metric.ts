import { AitoError, wellFormed } from "@aito/base";
import { type CheckedClaim, type Claim, Id, type Period } from "@aito/protocol";
import { type AgentSession, fence } from "../agents/session.ts";
import { checkClaim } from "../claims/check-claim.ts";
import { storeClaimIn, toCited } from "../claims/submit-report.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { selectReceiptsById } from "../evidence/queries.ts";
import { insertMetric } from "./queries.ts";

export interface NewMetric {
  /** A slug such as `negative_sentiment`. */
  name: string;
  /** Decimal text with at most twelve digits before and six after the point. */
  value: string;
  unit: string;
  /** What was measured: a channel, a product; the company itself if left out. */
  entity?: string | undefined;
  /** What time the value is about, in words. */
  period?: string | undefined;
  /** The receipt of the call that records it. */
  receiptId: string | null;
  /** The receipts that state it; a value without one counts as unverified. */
  receipts?: readonly string[] | undefined;
  /** The time that it is about, as the receipt's fact has it; left out: a point in time. */
  measured?: Period | undefined;
}

export const companyEntity = "company";

/** Stores a measured value; what it may set off is found by the next `checkTriggers`. Error: AITO_METRIC_INVALID. */
export async function recordMetric(
  deps: CompanyDeps,
  session: AgentSession,
  metric: NewMetric,
): Promise<{ id: string; verified: boolean; why: string | null }> {
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    const name = metric.name.trim().toLowerCase().replaceAll("-", "_");
    if (!/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
      throw new AitoError("AITO_METRIC_INVALID", `a metric's name is a slug, not "${metric.name.slice(0, 60)}"`, {
        hint: 'for example "negative_sentiment"',
      });
    }
    if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(metric.value)) {
      throw new AitoError("AITO_METRIC_INVALID", `a metric's value is a plain decimal, not "${metric.value.slice(0, 60)}"`, {
        hint: "at most twelve digits before the point and six after it",
      });
    }
    const id = unit.newId();
    const entity =
      wellFormed(metric.entity ?? "")
        .trim()
        .slice(0, 100) || companyEntity;
    const unitName = wellFormed(metric.unit).trim().slice(0, 40);
    const period = metric.period === undefined ? null : wellFormed(metric.period).trim().slice(0, 40);
    await insertMetric(unit, {
      id,
      name,
      value: metric.value,
      unit: unitName,
      entity,
      period,
      recordedBy: agent.name,
      agentId: agent.id,
      receiptId: metric.receiptId,
    });
    const claim = {
      metric: name,
      value: metric.value,
      unit: unitName,
      entity,
      period: metric.measured ?? null,
      receipts: [...(metric.receipts ?? [])],
    };
    const verdict = await checkedIn(unit, session, claim);
    await unit.event({
      type: "metric.recorded",
      source: agent.name,
      payload: {
        metric: id,
        name,
        value: metric.value,
        unit: unitName,
        entity,
        receipt: metric.receiptId,
        verified: verdict.verified,
      },
    });
    return { id, verified: verdict.verified, why: verdict.why };
  });
}

/** A recorded value is a claim like any other: it is kept with what its receipts say of it. */
async function checkedIn(unit: Unit, session: AgentSession, claim: Claim): Promise<CheckedClaim> {
  const rows = await selectReceiptsById(
    unit,
    claim.receipts.filter((id) => Id.safeParse(id).success),
  );
  const known = new Map(rows.map((row) => [row.id, toCited(row)]));
  const verdict = checkClaim(claim, { agent: session.agent, task: session.taskId, now: unit.now }, known);
  const source =
    verdict.fact?.source ?? rows.find((row) => verdict.fact !== null && row.facts.includes(verdict.fact))?.source ?? null;
  return await storeClaimIn(unit, session, { reportId: null, task: session.taskId, claim, verdict, source, known });
}
