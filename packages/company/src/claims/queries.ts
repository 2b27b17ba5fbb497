import type { Tx } from "@aito/db";
import type { Claim, Mark } from "@aito/protocol";
import { type RawBuilder, sql } from "kysely";
import type { ClaimVerdict } from "./check-claim.ts";

export async function insertReport(
  tx: Tx,
  report: {
    id: string;
    agentId: string;
    taskId: string | null;
    runId: string | null;
    receiptId: string | null;
    text: string;
    finishes: boolean;
    refusal: string | null;
    marks: readonly Mark[];
  },
): Promise<void> {
  await sql`insert into reports (id, company_id, agent_id, task_id, run_id, receipt_id, text, finishes, accepted, refusal, marks, created_at)
    values (${report.id}, ${tx.companyId}, ${report.agentId}, ${report.taskId}, ${report.runId}, ${report.receiptId}, ${report.text},
      ${report.finishes}, ${report.refusal === null}, ${report.refusal}, ${JSON.stringify(report.marks)}::jsonb, ${tx.now})`.execute(
    tx.queries,
  );
}

/** Periods are the same when they are to the millisecond, as the verifier compares them. */
const momentOf = (timestamp: string | undefined): Date | null => (timestamp === undefined ? null : new Date(timestamp));

export async function insertClaim(
  tx: Tx,
  row: {
    id: string;
    reportId: string | null;
    agentId: string;
    taskId: string | null;
    claim: Claim;
    verdict: ClaimVerdict;
    source: string | null;
    /** What its words carry; left out: what its agent's run has read. */
    taint?: string | null;
  },
): Promise<void> {
  const { claim, verdict } = row;
  const taint = row.taint === undefined ? sql`aito_taint(${row.agentId})` : sql`${row.taint}`;
  await sql`insert into claims (id, company_id, report_id, agent_id, task_id, metric, value, unit, period_from, period_to, entity, receipts,
      verified, why, observed_at, source, taint, created_at)
    values (${row.id}, ${tx.companyId}, ${row.reportId}, ${row.agentId}, ${row.taskId}, ${claim.metric}, ${claim.value}, ${claim.unit},
      ${momentOf(claim.period?.from)}, ${momentOf(claim.period?.to)}, ${claim.entity}, ${[...claim.receipts]}::text[],
      ${verdict.verdict === "supported"}, ${verdict.why}, ${verdict.fact?.observedAt ?? null}, ${row.source},
      ${taint}, ${tx.now})`.execute(tx.queries);
}

export interface ClaimRow {
  id: string;
  agent: string;
  agent_id: string;
  task_id: string | null;
  metric: string;
  value: string;
  unit: string;
  period_from: Date | null;
  period_to: Date | null;
  entity: string;
  receipts: string[];
  verified: boolean;
  why: string | null;
  observed_at: Date | null;
  source: string | null;
  /** The tool whose receipt stated it. */
  source_tool: string | null;
  /** What its words carry. */
  taint: string | null;
  created_at: Date;
  /** The first of its agent's standing claims that said the same when it was stated; null: it was the first itself. */
  side: string | null;
  /** The later claim in which its agent states another value: it is not its word any more. */
  withdrawn_by: string | null;
  /** The task for a contradiction with another agent's claim, until one of the two is withdrawn or refuted. */
  disputed_in: string | null;
  /** A human has settled that it does not hold, and why; `upheld`: the claim that does, null: none of them. */
  refuted_at: Date | null;
  refuted_by: string | null;
  refuted_why: string | null;
  upheld: string | null;
  /** The value and unit of `upheld`. */
  upheld_value: string | null;
  entity_title: string | null;
}

const uuid = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
/** A role that the fleet file has no more: nobody is left who could withdraw what it said, so it disputes nothing. */
const removed = (agent: RawBuilder<unknown>): RawBuilder<unknown> => sql`(${agent}.kind = 'agent' and ${agent}.desired = 'gone')`;
/** Neither taken back by its agent nor refuted by a human. */
const stands = (claim: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${claim}.withdrawn_by is null and ${claim}.refuted_at is null)`;
const claimRow = sql`select c.*, a.name as agent,
    case when c.source is not null and c.source <> 'aito' then (select r.tool from receipts r
      where r.id in (select x::uuid from unnest(c.receipts) x where x ~ ${uuid}) order by r.source = c.source desc, r.id limit 1) end as source_tool,
    (select e.title from tasks e where e.id = case when c.entity ~ ${uuid} then c.entity::uuid end) as entity_title,
    case when c.upheld is not null then (select o.value || ' ' || o.unit from claims o where o.id = c.upheld) end as upheld_value,
    case when ${stands(sql`c`)} then (select x.task_id from contradictions x
      join claims o on o.id = case when x.first_claim = coalesce(c.side, c.id) then x.second_claim else x.first_claim end
      join agents oa on oa.id = o.agent_id and not ${removed(sql`oa`)}
      where (x.first_claim = coalesce(c.side, c.id) or x.second_claim = coalesce(c.side, c.id)) and ${stands(sql`o`)} order by x.id limit 1) end as disputed_in
    from claims c join agents a on a.id = c.agent_id`;

export async function selectClaimsCiting(tx: Tx, receiptId: string, limit: number): Promise<ClaimRow[]> {
  const found =
    await sql<ClaimRow>`${claimRow} where c.receipts @> array[${receiptId}]::text[] order by c.id desc limit ${limit}`.execute(
      tx.queries,
    );
  return found.rows;
}

export async function selectClaimsOfTask(tx: Tx, taskId: string, limit: number): Promise<ClaimRow[]> {
  const found = await sql<ClaimRow>`${claimRow} where c.task_id = ${taskId} order by c.id desc limit ${limit}`.execute(
    tx.queries,
  );
  return found.rows;
}

/** Newest first: since then, of one agent, of one kind. */
export async function selectClaims(
  tx: Tx,
  filter: { since: Date; agentIds?: readonly string[] | undefined; verified?: boolean | undefined; limit: number },
): Promise<ClaimRow[]> {
  const parts = [
    filter.agentIds ? sql`and c.agent_id = any(${[...filter.agentIds]}::uuid[])` : sql``,
    filter.verified === undefined ? sql`` : sql`and c.verified = ${filter.verified}`,
  ];
  const found = await sql<ClaimRow>`${claimRow} where c.created_at >= ${filter.since} ${sql.join(parts, sql` `)}
    order by c.id desc limit ${filter.limit}`.execute(tx.queries);
  return found.rows;
}

/** Names of what this company has measured or claimed, each found by one step in the index. */
export async function selectMetricNames(tx: Tx, limit: number): Promise<string[]> {
  const found = await sql<{ name: string }>`with recursive claimed as (
      (select metric::text as name, 1 as n from claims order by metric limit 1)
      union all select (select c.metric::text from claims c where c.metric > m.name order by c.metric limit 1), m.n + 1
        from claimed m where m.name is not null and m.n < ${limit}
    ), recorded as (
      (select name::text as name, 1 as n from metrics order by name limit 1)
      union all select (select r.name::text from metrics r where r.name > m.name order by r.name limit 1), m.n + 1
        from recorded m where m.name is not null and m.n < ${limit}
    ) select name from claimed where name is not null union select name from recorded where name is not null`.execute(tx.queries);
  return found.rows.map(({ name }) => name);
}

export type Subject = Pick<Claim, "metric" | "entity" | "period">;
const isAbout = ({ metric, entity, period }: Subject): RawBuilder<unknown> =>
  sql`c.metric = ${metric} and c.entity = ${entity} and ${
    period
      ? sql`date_trunc('milliseconds', c.period_from) = ${momentOf(period.from)}
          and date_trunc('milliseconds', c.period_to) = ${momentOf(period.to)}`
      : sql`c.period_from is null`
  }`;

/** Until the transaction ends nobody else states or settles this figure: two that did at once would not see each other. */
export async function lockFigure(tx: Tx, { metric, entity, period }: Subject): Promise<void> {
  const figure = JSON.stringify(["figure", tx.companyId, metric, entity, period && [period.from, period.to].map(Date.parse)]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${figure}, 0))`.execute(tx.queries);
}

/** Claims of one agent on one figure that say the same: of a period, or of one measurement of a moment. */
const sideOf = sql`c.agent_id, c.unit, c.value::numeric, scale(c.value::numeric),
    case when c.period_from is null then c.observed_at end, case when c.period_from is null then c.source end`;
/** Measured within these; a period's value is of no moment. */
const isWithin = (within: Within | null): RawBuilder<unknown> =>
  within ? sql`(c.period_from is not null or c.observed_at between ${within.from} and ${within.to})` : sql`true`;

/** Of a side or a value that is repeated, its newest claim. */
const isBefore = (id: string | null): RawBuilder<unknown> =>
  id === null ? sql`true` : sql`(array_agg(c.id order by c.id desc))[1] < ${id}::uuid`;
const isPaired = sql`exists (select from contradictions x
    where x.first_claim = coalesce(c.side, c.id) or x.second_claim = coalesce(c.side, c.id))`;

export interface Within {
  from: Date;
  to: Date;
}

/** The newest claim of a side that stands, with the ids of all that stand of it. */
export interface SideRow extends ClaimRow {
  same: string[];
  /** Those that contradictions are of: the side's first. */
  heads: string[];
}

/** Sides of verified claims on the same metric, entity and period that stand: of other agents, of this one and its workers that are gone, of all. */
export async function selectStanding(
  tx: Tx,
  of: {
    claim: Subject;
    who: { others: string } | { own: string } | "all";
    within: Within | null;
    /** Of values at a moment only what was observed at this one and what is in an open contradiction. */
    disputedOr?: string;
    /** The last side of the page before. */
    before: string | null;
    limit: number;
  },
): Promise<SideRow[]> {
  const found = await sql<SideRow>`with sides as (
      select array_agg(c.id order by c.id desc) as same, array_agg(distinct coalesce(c.side, c.id)) as heads
        from claims c join agents a on a.id = c.agent_id
        where ${isAbout(of.claim)} and c.verified and ${stands(sql`c`)} and ${isWithin(of.within)} and ${isOf(of.who)}
          and ${of.disputedOr === undefined ? sql`true` : sql`(c.observed_at = ${of.disputedOr}::timestamptz or ${isPaired})`}
        group by ${sideOf} having ${isBefore(of.before)} order by (array_agg(c.id order by c.id desc))[1] desc limit ${of.limit}
    ), newest as (${claimRow} where c.id in (select same[1] from sides))
    select newest.*, sides.same, sides.heads from sides join newest on newest.id = sides.same[1] order by newest.id desc`.execute(
    tx.queries,
  );
  return found.rows;
}

function isOf(who: { others: string } | { own: string } | "all"): RawBuilder<unknown> {
  if (who === "all") return sql`true`;
  if ("others" in who) return sql`c.agent_id <> ${who.others} and not ${removed(sql`a`)}`;
  return sql`a.id in (with recursive mine as (select ${who.own}::uuid as id union
      select w.id from agents w join mine m on w.parent_agent_id = m.id where w.kind = 'worker' and w.desired = 'gone') select id from mine)`;
}

/** What it repeats stands and falls with it. */
export async function joinSide(tx: Tx, id: string, head: string): Promise<void> {
  await sql`update claims set side = ${head} where id = ${id}`.execute(tx.queries);
}

export async function withdrawClaims(tx: Tx, ids: readonly string[], by: string): Promise<void> {
  await sql`update claims set withdrawn_by = ${by} where id = any(${[...ids]}::uuid[]) and withdrawn_by is null`.execute(
    tx.queries,
  );
}

/** What humans themselves have refuted of the same metric, entity and period, each value once, the newest first. */
export async function selectRefuted(
  tx: Tx,
  of: { about: Subject; within: Within | null; before: string | null; limit: number },
): Promise<ClaimRow[]> {
  const found = await sql<ClaimRow>`${claimRow} where c.id in (select (array_agg(c.id order by c.id desc))[1] from claims c
      where ${isAbout(of.about)} and c.refuted_at is not null and c.restates is null and ${isWithin(of.within)} group by ${sideOf} having ${isBefore(of.before)}
      order by 1 desc limit ${of.limit})
    order by c.id desc limit ${of.limit}`.execute(tx.queries);
  return found.rows;
}

export async function selectClaimsById(tx: Tx, ids: readonly string[]): Promise<ClaimRow[]> {
  const found = await sql<ClaimRow>`${claimRow} where c.id = any(${[...ids]}::uuid[]) order by c.id`.execute(tx.queries);
  return found.rows;
}

export interface Refutation {
  at: Date;
  by: string;
  why: string;
  upheld: string | null;
  /** The claim that a human refuted, where this is of one that states it again. */
  restates: string | null;
}

export async function refuteClaims(tx: Tx, ids: readonly string[], { at, by, why, upheld, restates }: Refutation): Promise<void> {
  await sql`update claims set refuted_at = ${at}, refuted_by = ${by}, refuted_why = ${why}, upheld = ${upheld}, restates = ${restates}
    where id = any(${[...ids]}::uuid[]) and refuted_at is null`.execute(tx.queries);
}

export interface SettlementRow {
  /** Of its oldest contradiction. */
  id: string;
  task_id: string | null;
  at: Date;
  by: string;
  reason: string;
  upheld: string | null;
  /** What the human's word refuted, the oldest first. */
  refuted: string[];
}

/** What humans have settled, the newest first; `of`: the one that closed this contradiction. */
export async function selectSettlements(
  tx: Tx,
  { of, limit, refutedMax }: { of?: string; limit: number; refutedMax: number },
): Promise<SettlementRow[]> {
  const closed = sql`from contradictions x join claims f on f.id = x.first_claim join claims o on o.id = x.second_claim`;
  const when =
    of === undefined ? sql`true` : sql`c.refuted_at = (select greatest(f.refuted_at, o.refuted_at) ${closed} where x.id = ${of})`;
  const found =
    await sql<SettlementRow>`select x.id, x.task_id, s.at, s.by, s.reason, s.upheld, s.refuted[1:${refutedMax}::int] as refuted
    from (select c.refuted_at as at, c.refuted_by as by, c.refuted_why as reason, c.upheld, array_agg(c.id order by c.id) as refuted
      from claims c where c.refuted_at is not null and c.restates is null and ${when}
      group by c.metric, c.entity, c.refuted_at, c.refuted_by, c.refuted_why, c.upheld) s
    join lateral (select x.id, x.task_id ${closed}
      where greatest(f.refuted_at, o.refuted_at) = s.at and x.id in (
        select x.id from contradictions x where x.first_claim in (select unnest(s.refuted))
        union all select x.id from contradictions x where x.second_claim in (select unnest(s.refuted)))
      order by x.id = ${of ?? null}::uuid desc nulls last, x.id limit 1) x on ${of === undefined ? sql`true` : sql`x.id = ${of}`}
    order by s.at desc, x.id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** Takes back what was refuted of a figure at that moment, and what has stated it again since; their ids. */
export async function unrefuteClaims(tx: Tx, about: Subject, at: Date): Promise<string[]> {
  const found = await sql<{ id: string }>`with direct as (
      select c.id from claims c where ${isAbout(about)} and c.refuted_at = ${at} and c.restates is null)
    update claims c set refuted_at = null, refuted_by = null, refuted_why = null, upheld = null, restates = null
    where c.id in (select id from direct) or (c.restates in (select id from direct) and ${isAbout(about)}) returning c.id`.execute(
    tx.queries,
  );
  return found.rows.map(({ id }) => id);
}

export interface PairRow {
  id: string;
  first: string;
  second: string;
  /** The same for all between the same two agents about the same figure. */
  between: string;
  task_id: string | null;
  created_at: Date;
}

/** Contradictions of which both sides stand, the oldest first, and of each figure the oldest only; `about`: of one figure; `after`: newer ones. */
export async function selectOpenPairs(
  tx: Tx,
  of: { about?: Subject; after?: string | null; ofFigure: number; limit: number },
): Promise<PairRow[]> {
  const found = await sql<PairRow>`select id, first, second, between, task_id, created_at from (
      select x.id, x.first_claim as first, x.second_claim as second, x.task_id, x.created_at,
        jsonb_build_array(c.metric, c.entity, date_trunc('milliseconds', c.period_from), date_trunc('milliseconds', c.period_to),
          least(ca.id, oa.id), greatest(ca.id, oa.id))::text as between,
        row_number() over (partition by c.metric, c.entity, c.period_from, c.period_to order by x.id) as nth
      from contradictions x
      join claims c on c.id = x.first_claim and ${stands(sql`c`)}
      join claims o on o.id = x.second_claim and ${stands(sql`o`)}
      join agents ca on ca.id = c.agent_id and not ${removed(sql`ca`)}
      join agents oa on oa.id = o.agent_id and not ${removed(sql`oa`)}
      where ${of.about ? isAbout(of.about) : sql`true`} and ${of.after ? sql`x.id > ${of.after}` : sql`true`}) as open
    where nth <= ${of.ofFigure} order by id limit ${of.limit}`.execute(tx.queries);
  return found.rows;
}

/** What a contradiction is about, open or over; null: there is none with that id. */
export async function selectSubject(tx: Tx, contradiction: string): Promise<Subject | null> {
  const found = await sql<{ metric: string; entity: string; period_from: Date | null; period_to: Date | null }>`
    select c.metric, c.entity, c.period_from, c.period_to from contradictions x join claims c on c.id = x.first_claim
    where x.id = ${contradiction}`.execute(tx.queries);
  const row = found.rows[0];
  if (!row) return null;
  const { metric, entity, period_from: from, period_to: to } = row;
  return { metric, entity, period: from && to && { from: from.toISOString(), to: to.toISOString() } };
}

/** Unless they are written down already, whichever came first. */
export async function insertContradictions(
  tx: Tx,
  { pairs, second, taskId }: { pairs: readonly { id: string; first: string }[]; second: string; taskId: string | null },
): Promise<void> {
  await sql`insert into contradictions (id, company_id, first_claim, second_claim, task_id, created_at)
    select n.id, ${tx.companyId}::uuid, n.first, ${second}::uuid, ${taskId}::uuid, ${tx.now}::timestamptz
    from unnest(${pairs.map(({ id }) => id)}::uuid[], ${pairs.map(({ first }) => first)}::uuid[]) as n(id, first)
    where not exists (select from contradictions x where x.first_claim = ${second} and x.second_claim = n.first)
    on conflict do nothing`.execute(tx.queries);
}

/** With whose claims these are in open contradictions. */
export async function selectOpponents(tx: Tx, claims: readonly string[]): Promise<{ claim: string; agent_id: string }[]> {
  const found = await sql<{ claim: string; agent_id: string }>`select distinct n.claim, o.agent_id
    from (select x.first_claim as claim, x.second_claim as other from contradictions x where x.first_claim = any(${[...claims]}::uuid[])
      union all select x.second_claim, x.first_claim from contradictions x where x.second_claim = any(${[...claims]}::uuid[])) n
    join claims o on o.id = n.other and ${stands(sql`o`)}
    join agents oa on oa.id = o.agent_id and not ${removed(sql`oa`)}`.execute(tx.queries);
  return found.rows;
}

/** From when to when what stands of these sides was measured. */
export async function selectSpan(tx: Tx, heads: readonly string[]): Promise<Within | null> {
  const found = await sql<{
    from: Date | null;
    to: Date | null;
  }>`select min(c.observed_at) as from, max(c.observed_at) as to from claims c
    where coalesce(c.side, c.id) = any(${[...heads]}::uuid[]) and ${stands(sql`c`)}`.execute(tx.queries);
  const { from, to } = found.rows[0]!;
  return from && to && { from, to };
}

export async function selectOpenFinding(tx: Tx, findingKey: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select id from tasks where finding_key = ${findingKey}
    and status in ('blocked', 'pending', 'running')`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}
