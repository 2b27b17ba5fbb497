import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { AitoError } from "@aito/base";
import pg from "pg";

/** The login of the programs that always run; made by the migrations. */
export const controlRole = "aito_control";
const iterations = 4_096;
/** One at a time: two that alter a role at once would fail. */
const lockKey = 1_635_017_061;

/**
 * Lets the programs' role log in with this password. The server gets what it stores of one (RFC 5803), never the password itself, which
 * could end in its log. Refuses (AITO_DB_LOGIN) a role that somebody has given more than the programs may have.
 */
export async function letControlLogIn(options: { url: string; password: string }): Promise<void> {
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [lockKey]);
    await refuseMighty(client);
    // Base64 and digits only: nothing in it needs to be escaped.
    await client.query(`alter role ${controlRole} login noinherit password '${scramVerifier(options.password)}'`);
    await client.query("commit");
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function refuseMighty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ mighty: boolean; owns: boolean }>(
    `select r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
          or exists (select 1 from pg_auth_members m join pg_roles o on o.oid = m.roleid
            where m.member = r.oid and o.rolname not in ('aito_app', 'aito_sealer')) as mighty,
        exists (select 1 from pg_class c where c.relowner = r.oid) as owns
      from pg_roles r where r.rolname = $1`,
    [controlRole],
  );
  const found = rows[0];
  if (found && !found.mighty && !found.owns) return;
  const what = !found ? "does not exist" : found.mighty ? "may do more than read and write rows" : "owns tables";
  throw new AitoError("AITO_DB_LOGIN", `the programs' database role ${controlRole} ${what}`, {
    hint: `take from it what the migrations did not give: ALTER ROLE ${controlRole} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION, and REVOKE what it is a member of but aito_app and aito_sealer`,
    fate: "human",
  });
}

/** What Postgres stores of a password. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const keyed = (text: string): Buffer => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${keyed("Server Key").toString("base64")}`;
}
