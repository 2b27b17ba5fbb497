import type { Tx } from "@aito/db";
import type { InfraCut } from "@aito/protocol";
import { type RawBuilder, sql } from "kysely";
import type { StoodRow } from "./rules.ts";

function nameBy(cut: Exclude<InfraCut, "day">): RawBuilder<unknown> {
  switch (cut) {
    case "agent":
      return sql`(select r.name from line join agents r on r.id = line.root where line.id = l.agent_id)`;
    case "task":
      return sql`(select tree.root::text from tree where tree.id = l.task_id)`;
    case "client":
      return sql`(select c.slug from clients c where c.id = l.client_id)`;
    case "department":
      return sql`a.department`;
    default:
      return cut satisfies never;
  }
}

type Asked = { since: Date | null; until: Date; limit: number };

/** What of a container's life lies within the time that is asked for; a container that stands counts until now. */
const within = ({ since, until }: { since: Date | RawBuilder<unknown> | null; until: Date | RawBuilder<unknown> }) =>
  sql`extract(epoch from least(coalesce(l.ended_at, ${until}), ${until}) - greatest(l.started_at, ${since}::timestamptz))`;

const rowsOf = (found: { rows: { name: string | null; containers: number; ms: string }[] }): StoodRow[] =>
  found.rows.map(({ name, containers, ms }) => ({ name, containers, milliseconds: BigInt(ms) }));

/** How long containers stood, by one cut, the longest first. Agents with the standing one that they were started for, tasks with the top one. */
export async function selectStood(tx: Tx, by: Exclude<InfraCut, "day">, { since, until, limit }: Asked): Promise<StoodRow[]> {
  return rowsOf(
    await sql<{ name: string | null; containers: number; ms: string }>`with recursive line as (
        select id, id as root from agents where parent_agent_id is null
        union all select a.id, line.root from agents a join line on a.parent_agent_id = line.id
      ), tree as (
        select id, id as root from tasks where parent_task_id is null
        union all select t.id, tree.root from tasks t join tree on t.parent_task_id = tree.id
      )
      select n.name, count(*)::int as containers, sum(n.ms)::bigint::text as ms from (
        select ${nameBy(by)} as name, round(${within({ since, until: sql`${until}::timestamptz` })} * 1000) as ms
        from container_lives l join agents a on a.id = l.agent_id
        where l.started_at < ${until} and (l.ended_at is null or ${since}::timestamptz is null or l.ended_at > ${since})
      ) n group by n.name order by sum(n.ms) desc, n.name limit ${limit}`.execute(tx.queries),
  );
}

/** The same by the company's days: a life over midnight is parted there. */
export async function selectStoodByDay(tx: Tx, { since, until, limit }: Asked, timeZone: string): Promise<StoodRow[]> {
  const day = { since: sql`d.begins`, until: sql`least(d.ends, ${until}::timestamptz)` };
  return rowsOf(
    await sql<{ name: string | null; containers: number; ms: string }>`with bounds as (
        select (coalesce(${since}::timestamptz, min(started_at)) at time zone ${timeZone})::date as first from container_lives
      ), d as (
        select day::date as day, day::timestamp at time zone ${timeZone} as begins,
          (day::date + 1)::timestamp at time zone ${timeZone} as ends
        from bounds, generate_series(bounds.first::timestamp, (${until}::timestamptz at time zone ${timeZone})::date::timestamp,
          interval '1 day') day order by day desc limit ${limit}
      )
      select to_char(d.day, 'YYYY-MM-DD') as name, count(*)::int as containers, sum(round(${within(day)} * 1000))::bigint::text as ms
      from d join container_lives l on l.started_at < least(d.ends, ${until}::timestamptz)
        and coalesce(l.ended_at, ${until}::timestamptz) > greatest(d.begins, ${since}::timestamptz)
      group by d.day order by d.day desc`.execute(tx.queries),
  );
}
