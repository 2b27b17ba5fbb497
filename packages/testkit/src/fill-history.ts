import { canonicalJson } from "@aito/base";
import { chainStart, type CompanyDeps, sealHash } from "@aito/company";
import { sql } from "kysely";

const insertRows = 10_000;
const readRows = 5_000;

/** Reads it all and looks at nothing: the floor of a check. */
export async function readHistory({ db, companyId }: CompanyDeps, events: number): Promise<void> {
  for (let from = 0; from < events; from += readRows) {
    await db.transaction({ companyId }, (tx) =>
      sql`select id, body, seq, prev, hash from events where seq between ${from + 1} and ${from + readRows} order by seq`.execute(
        tx.queries,
      ),
    );
  }
}

/** Fills an empty company with sealed events as a run's report leaves them; `events` is a multiple of 10,000. */
export async function fillHistory({ db, companyId, newId, clock }: CompanyDeps, events: number): Promise<void> {
  let prev = chainStart;
  const at = clock.now().toISOString();
  for (let from = 1; from <= events; from += insertRows) {
    const rows = Array.from({ length: insertRows }, (_, index) => {
      const id = newId();
      const payload = {
        run: newId(),
        tokens: 1_234,
        microUsd: "41250",
        summary: `Checked the pending tasks and wrote a post, run ${from + index}.`,
      };
      const body = canonicalJson({
        v: 1,
        id,
        company: companyId,
        type: "run.finished",
        source: "cmo",
        target: null,
        at,
        payload,
      });
      const hash = sealHash(prev, BigInt(from + index), body);
      const made = { id, body, seq: String(from + index), prev, hash };
      prev = hash;
      return made;
    });
    const column = (key: keyof (typeof rows)[number]): string[] => rows.map((each) => each[key]);
    await db.transaction({ companyId }, (tx) =>
      sql`insert into events (id, company_id, event_type, body, source_name, created_at, seq, prev, hash)
        select e.id, ${companyId}::uuid, 'run.finished', e.body, 'cmo', ${at}::timestamptz, e.seq, e.prev, e.hash
        from unnest(${column("id")}::uuid[], ${column("body")}::text[], ${column("seq")}::bigint[], ${column("prev")}::text[],
          ${column("hash")}::text[]) as e (id, body, seq, prev, hash)`.execute(tx.queries),
    );
  }
}
