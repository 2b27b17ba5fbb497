import type { OperatorRole } from "@aito/protocol";
import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface ChatRow {
  id: string;
  chat: string;
  account: string;
  account_name: string;
  operator: string;
  operator_id: string | null;
  linked_at: Date;
  /** Of the operator as they are now; null for the machine's owner. */
  role: OperatorRole | null;
  disabled_at: Date | null;
}

const select = sql`select c.id, c.chat, c.account, c.account_name, c.operator, c.operator_id, c.linked_at, o.role, o.disabled_at
  from chats c left join operators o on o.id = c.operator_id`;

export async function insertCode(
  tx: Tx,
  code: { id: string; codeHash: string; operator: string; operatorId: string | null; expiresAt: Date },
): Promise<void> {
  await sql`insert into chat_codes (id, company_id, code_hash, operator, operator_id, created_at, expires_at)
    values (${code.id}, ${tx.companyId}, ${code.codeHash}, ${code.operator}, ${code.operatorId}, ${tx.now}, ${code.expiresAt})`.execute(
    tx.queries,
  );
}

/** Spends the code: one caller of many wins. */
export async function spendCode(tx: Tx, codeHash: string): Promise<{ operator: string; operator_id: string | null } | null> {
  const found = await sql<{ operator: string; operator_id: string | null }>`update chat_codes set used_at = ${tx.now}
    where code_hash = ${codeHash} and used_at is null and expires_at > ${tx.now} returning operator, operator_id`.execute(
    tx.queries,
  );
  return found.rows[0] ?? null;
}

export async function insertChat(
  tx: Tx,
  chat: Pick<ChatRow, "id" | "chat" | "account" | "account_name" | "operator" | "operator_id">,
): Promise<void> {
  await sql`insert into chats (id, company_id, chat, account, account_name, operator, operator_id, linked_at)
    values (${chat.id}, ${tx.companyId}, ${chat.chat}, ${chat.account}, ${chat.account_name}, ${chat.operator}, ${chat.operator_id},
      ${tx.now})`.execute(tx.queries);
}

/** The chat as it is linked now. */
export async function selectLinked(tx: Tx, chat: string): Promise<ChatRow | null> {
  const found = await sql<ChatRow>`${select} where c.chat = ${chat} and c.ended_at is null`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectChats(tx: Tx, id?: string): Promise<ChatRow[]> {
  const one = id === undefined ? sql`` : sql`and c.id = ${id}::uuid`;
  const found =
    await sql<ChatRow>`${select} where c.ended_at is null ${one} order by c.linked_at desc, c.id desc limit 100`.execute(
      tx.queries,
    );
  return found.rows;
}

export async function endChats(
  tx: Tx,
  which: { id: string } | { chat: string } | { operatorId: string },
): Promise<{ operator: string }[]> {
  const is =
    "id" in which
      ? sql`id = ${which.id}::uuid`
      : "chat" in which
        ? sql`chat = ${which.chat}`
        : sql`operator_id = ${which.operatorId}::uuid`;
  const found = await sql<{ operator: string }>`update chats set ended_at = ${tx.now}
    where ended_at is null and ${is} returning operator`.execute(tx.queries);
  return found.rows;
}

/** Codes of this operator that nobody used yet link nothing any more. */
export async function spendCodesOf(tx: Tx, operatorId: string): Promise<void> {
  await sql`update chat_codes set used_at = ${tx.now} where operator_id = ${operatorId}::uuid and used_at is null`.execute(
    tx.queries,
  );
}

export interface ButtonRow {
  id: string;
  chat_id: string;
  kind: "approval" | "escalation";
  subject: string;
  answer: "approve" | "deny" | "veto";
  digest: string | null;
  expires_at: Date;
  used_at: Date | null;
}

export async function insertButton(tx: Tx, button: Omit<ButtonRow, "used_at"> & { tokenHash: string }): Promise<void> {
  await sql`insert into chat_buttons (id, company_id, token_hash, chat_id, kind, subject, answer, digest, created_at, expires_at)
    values (${button.id}, ${tx.companyId}, ${button.tokenHash}, ${button.chat_id}, ${button.kind}, ${button.subject}, ${button.answer},
      ${button.digest}, ${tx.now}, ${button.expires_at})`.execute(tx.queries);
}

/** Locked until the transaction ends: of two presses one waits for the other. */
export async function lockButton(tx: Tx, tokenHash: string): Promise<ButtonRow | null> {
  const found = await sql<ButtonRow>`select id, chat_id, kind, subject, answer, digest, expires_at, used_at from chat_buttons
    where token_hash = ${tokenHash} for update`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Spends the button; what it is about is over, so that the others tell so when they are pressed. */
export async function spendButton(tx: Tx, id: string): Promise<void> {
  await sql`update chat_buttons set used_at = ${tx.now} where id = ${id} and used_at is null`.execute(tx.queries);
}

/** Takes or keeps the turn to ask; null while another has it. */
export async function takePoll(tx: Tx, poll: { holder: string; until: Date }): Promise<bigint | null> {
  const found = await sql<{ next: string }>`insert into chat_polls (company_id, holder, lease_until)
    values (${tx.companyId}, ${poll.holder}, ${poll.until})
    on conflict (company_id) do update set holder = excluded.holder, lease_until = excluded.lease_until
      where chat_polls.holder = excluded.holder or chat_polls.lease_until <= ${tx.now}
    returning next_update::text as next`.execute(tx.queries);
  return found.rows[0] ? BigInt(found.rows[0].next) : null;
}

export async function advancePoll(tx: Tx, poll: { holder: string; next: bigint }): Promise<void> {
  await sql`update chat_polls set next_update = ${poll.next.toString()}::bigint where holder = ${poll.holder}`.execute(
    tx.queries,
  );
}

export async function releasePoll(tx: Tx, holder: string): Promise<void> {
  await sql`update chat_polls set lease_until = ${tx.now} where holder = ${holder}`.execute(tx.queries);
}
