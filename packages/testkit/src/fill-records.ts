import type { CompanyDeps } from "@aito/company";
import { type RawBuilder, sql } from "kysely";

const messagesMax = 10_000;
/** Every so many-th of them was answered. */
const answeredEach = 5;
const runsMax = 10_000;
const usageMax = 30_000;
const receiptsMax = 10_000;
const ideasMax = 500;
const decisionsMax = 1_000;
const escalationsMax = 100;

/** A UUIDv7 whose time is `made.at`, the same for every run; `kind` keeps those of two tables apart. */
const idOf = (kind: string): RawBuilder<unknown> =>
  sql`(lpad(to_hex((extract(epoch from made.at) * 1000)::bigint), 12, '0') || '7' || ${sql.lit(kind)} || '8' || lpad(to_hex(made.n), 15, '0'))::uuid`;

/**
 * What else a company leaves that has worked for some days, for whichever lists are long: messages, runs, model calls, receipts, ideas; and as
 * many decisions and answered escalations as a company of that size, made after one that was proposed before.
 */
export async function fillRecords({ db, companyId, clock }: CompanyDeps): Promise<void> {
  const now = clock.now().toISOString();
  /** `made`: the n-th of `count`, by the agents in turn, spread over ten days. */
  const made = (count: number): RawBuilder<unknown> => sql`(select n, agents[1 + n % cardinality(agents)] as agent,
      names[1 + n % cardinality(names)] as name, ${now}::timestamptz - make_interval(secs => (${count}::int - n) * 864000.0 / ${count}::int) as at
    from generate_series(1, ${count}::int) n,
      (select array_agg(id order by name) as agents, array_agg(name order by name) as names from agents where kind = 'agent') a) made`;
  const fills: RawBuilder<unknown>[] = [
    sql`insert into messages (id, company_id, type, from_name, from_agent, to_name, payload, priority, created_at)
      select ${idOf("001")}, ${companyId}::uuid, 'direct', made.name, made.agent, 'ceo',
        jsonb_build_object('text', 'The pages of week ' || made.n || ' are written; two wait for a review.'), 'normal', made.at
      from ${made(messagesMax)}`,
    sql`insert into messages (id, company_id, type, from_name, to_name, payload, priority, created_at, in_reply_to)
      select ${idOf("008")}, ${companyId}::uuid, 'direct', 'ceo', first.from_name, '{"text":"Thank you."}'::jsonb, 'normal', made.at, first.id
      from ${made(messagesMax / answeredEach)}
        join (select id, from_name, row_number() over (order by id) as nth from messages) first on first.nth = made.n * ${answeredEach}::int`,
    sql`insert into runs (id, company_id, agent_id, epoch, reasons, status, model_calls, summary, started_at, ended_at)
      select ${idOf("002")}, ${companyId}::uuid, made.agent, 1, jsonb_build_array(jsonb_build_object('kind', 'wake', 'ref', null, 'text', 'loop')),
        (array['done','done','done','nothing_new','failed'])[1 + made.n % 5], 3, 'Checked what is pending.', made.at, made.at
      from ${made(runsMax)}`,
    sql`insert into usage (id, company_id, agent_id, task_id, model, upstream, status, input_tokens, output_tokens, cost_micro_usd,
        charged_micro_usd, duration_ms, created_at)
      select ${idOf("003")}, ${companyId}::uuid, made.agent, (select id from tasks order by id offset made.n % 100 limit 1),
        'claude-sonnet-5', 'anthropic', 200, 2000, 300, 10500, 10500, 900, made.at
      from ${made(usageMax)}`,
    sql`insert into receipts (id, company_id, agent_id, tool, arguments_digest, ok, result, duration_ms, signature, created_at, status)
      select ${idOf("004")}, ${companyId}::uuid, made.agent, 'search_web', md5(made.n::text), true, '{"hits":3}'::jsonb, 40, 'none', made.at,
        'succeeded'
      from ${made(receiptsMax)}`,
    sql`insert into ideas (id, company_id, agent_id, title, text, status, score, created_at, updated_at)
      select ${idOf("005")}, ${companyId}::uuid, made.agent, 'Idea ' || made.n, 'Ask ten customers why they came.', 'kept', made.n % 100, made.at,
        made.at
      from ${made(ideasMax)}`,
    sql`insert into decisions select (jsonb_populate_record(null::decisions, to_jsonb(d) || jsonb_build_object('id', ${idOf("006")},
        'created_at', made.at, 'resolved_at', made.at, 'title', 'Decision ' || made.n))).*
      from ${made(decisionsMax)} cross join (select * from decisions order by id limit 1) d`,
    sql`insert into escalations (id, company_id, decision_id, reason, status, answer, comment, answered_by, created_at, answered_at)
      select ${idOf("007")}, ${companyId}::uuid, d.id, 'The heads do not agree.', 'answered', 'approve', 'Go on.', '@ada', made.at, made.at
      from ${made(escalationsMax)} join lateral (select id from decisions order by id offset made.n limit 1) d on true`,
  ];
  for (const fill of fills) await db.transaction({ companyId }, (tx) => fill.execute(tx.queries));
  // As after a night: the planner knows what is there.
  await db.transaction({ companyId }, (tx) =>
    sql`analyze tasks, events, messages, runs, usage, receipts, ideas, decisions, escalations, agents`.execute(tx.queries),
  );
}
