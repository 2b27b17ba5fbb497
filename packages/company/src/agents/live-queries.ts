import { often, type Tx } from "@aito/db";
import { sql } from "kysely";

/** An incarnation that said hello and is the current one. */
export interface LiveUser {
  /** Of its bus user. */
  name: string;
  passwordHash: string;
  agentId: string;
  agent: string;
  isHead: boolean;
  isCouncil: boolean;
  sessionHash: string;
  /** The session before it, which may still be used for a moment. */
  previousHash: string | null;
}

export async function selectLiveRedisUsers(tx: Tx): Promise<LiveUser[]> {
  const found = await often(sql<LiveUser>`
    select s.redis_user as name, s.redis_password_hash as "passwordHash", a.id as "agentId", a.name as agent, a.is_head as "isHead",
      a.is_council as "isCouncil", s.session_hash as "sessionHash", s.previous_hash as "previousHash"
    from sessions s join agents a on a.id = s.agent_id
    where s.hello_at is not null and s.revoked_at is null and a.epoch = s.epoch`).execute(tx.queries);
  return found.rows;
}
