import type { Tx } from "@aito/db";
import { sql } from "kysely";

export async function insertMetric(
  tx: Tx,
  row: {
    id: string;
    name: string;
    /** Decimal text, exact. */
    value: string;
    unit: string;
    entity: string;
    period: string | null;
    recordedBy: string;
    agentId: string | null;
    receiptId: string | null;
  },
): Promise<void> {
  await sql`insert into metrics (id, company_id, name, value, unit, entity, period, recorded_by, agent_id, receipt_id, created_at)
    values (${row.id}, ${tx.companyId}, ${row.name}, ${row.value}::numeric, ${row.unit}, ${row.entity}, ${row.period}, ${row.recordedBy},
      ${row.agentId}, ${row.receiptId}, ${tx.now})`.execute(tx.queries);
}

/** One metric of one entity: its newest window against the time before it. Sums are decimal text; means would not be exact. */
export interface SeriesRow {
  name: string;
  entity: string;
  unit: string;
  window_sum: string | null;
  window_count: number;
  baseline_sum: string | null;
  baseline_count: number;
  /** The newest value within the window; null when it holds none. */
  latest: string | null;
  /** The claim that keeps what was found of the newest value; null where there is none. */
  latest_claim: string | null;
  /** Values of the window that no receipt states, that a human has refuted or that their agent has taken back. */
  window_unverified: number;
  /** The claim of the newest of those. */
  unverified_claim: string | null;
}

export async function selectSeries(
  tx: Tx,
  input: { names: string[]; windowFrom: Date; baselineFrom: Date; limit: number },
): Promise<SeriesRow[]> {
  const inWindow = sql`filter (where created_at > ${input.windowFrom})`;
  const before = sql`filter (where created_at <= ${input.windowFrom})`;
  const open = sql`filter (where created_at > ${input.windowFrom} and not counts)`;
  const found = await sql<SeriesRow>`select name, entity, max(unit) as unit,
      (sum(value) ${inWindow})::text as window_sum, (count(*) ${inWindow})::int as window_count,
      (sum(value) ${before})::text as baseline_sum, (count(*) ${before})::int as baseline_count,
      ((array_agg(value order by created_at desc, id desc) ${inWindow})[1])::text as latest,
      (array_agg(claim order by created_at desc, id desc) ${inWindow})[1] as latest_claim,
      (count(*) ${open})::int as window_unverified, (array_agg(claim order by created_at desc, id desc) ${open})[1] as unverified_claim
    from (select m.*, k.id as claim, coalesce(k.counts, false) as counts from metrics m left join lateral (
        select c.id, c.verified and c.refuted_at is null and c.withdrawn_by is null as counts from claims c
        where c.metric = m.name and c.entity = m.entity and c.agent_id = m.agent_id and c.created_at = m.created_at
          and c.value::numeric = m.value order by counts desc, c.id desc limit 1) k on true) as said
    where name = any(${input.names}::text[]) and created_at > ${input.baselineFrom} and created_at <= ${tx.now}
    group by name, entity order by name, entity limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}
