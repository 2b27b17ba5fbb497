import { randomBytes } from "node:crypto";
import { AitoError, sha256, wellFormed } from "@aito/base";
import { type ChatCode, type ChatView, Id } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { selectOperator } from "../operators/accounts/queries.ts";
import { type Caller, requireOwn, scopesOf } from "../operators/caller.ts";
import { type ChatRow, endChats, insertChat, insertCode, selectChats, spendCode } from "./queries.ts";

const codeMinutes = 15;
const accountNameMax = 100;
const addressMax = 60;
/** Without the letters and digits that are mistaken for others; 32, so that each byte chooses evenly. */
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const codeLength = 12;

/** What to write into the company's chat so that its buttons answer for the caller. Works once, for a quarter of an hour. */
export async function newChatCode(deps: CompanyDeps, caller: Caller): Promise<ChatCode> {
  const code = [...randomBytes(codeLength)].map((byte) => letters[byte % letters.length]).join("");
  return await transact(deps, async (unit) => {
    const expiresAt = new Date(unit.now.getTime() + codeMinutes * 60_000);
    const { operator, operatorId } = caller;
    await insertCode(unit, { id: unit.newId(), codeHash: sha256(code), operator, operatorId, expiresAt });
    await unit.event({ type: "operator.chat_code", source: operator, payload: { expiresAt: expiresAt.toISOString() } });
    return { code, expiresAt: expiresAt.toISOString() };
  });
}

/** Somebody in a chat. */
export interface Chatter {
  chat: string;
  account: string;
  accountName: string;
}

/**
 * Gives the chat to the operator whose code was written there; whose it was before, it is no longer. Null for a code that is unknown,
 * used or too old, or whose operator may not answer any more.
 */
export async function linkChat(deps: CompanyDeps, who: Chatter & { code: string }): Promise<{ operator: string } | null> {
  return await transact({ ...deps, origin: () => originOf(who, null) }, async (unit) => {
    const spent = await spendCode(unit, sha256(who.code.trim().toUpperCase()));
    if (!spent) return null;
    const row = spent.operator_id === null ? null : await selectOperator(unit, { id: spent.operator_id });
    if (row?.disabled_at || !scopesOf(row?.role ?? null).includes("answer")) return null;
    const before = await endChats(unit, { chat: who.chat });
    const accountName = wellFormed(who.accountName).slice(0, accountNameMax);
    const { operator, operator_id } = spent;
    const id = unit.newId();
    await insertChat(unit, { id, chat: who.chat, account: who.account, account_name: accountName, operator, operator_id });
    const payload = { chat: who.chat, account: who.account, accountName, before: before.map((each) => each.operator) };
    await unit.event({ type: "operator.chat_linked", source: operator, payload });
    return { operator };
  });
}

/** As the audit has it: the chat, and who there. */
export const originOf = ({ chat, account }: Pick<Chatter, "chat" | "account">, operator: string | null) => ({
  operator,
  address: `telegram ${chat}/${account}`.slice(0, addressMax),
});

/** One's own chats, or everybody's for who may judge others. */
export async function listChats(deps: CompanyDeps, caller: Caller): Promise<ChatView[]> {
  const rows = await transact(deps, (unit) => selectChats(unit));
  const mayAll = caller.scopes.includes("operators");
  return rows.filter((row) => mayAll || row.operator_id === caller.operatorId).map(chatView);
}

/** Its buttons answer nothing from now on. Error: AITO_CHAT_UNKNOWN (404). */
export async function endChat(deps: CompanyDeps, id: string, caller: Caller): Promise<ChatView> {
  const missing = new AitoError("AITO_CHAT_UNKNOWN", "there is no such linked chat", {
    hint: "see them with: aito chats",
    status: 404,
  });
  if (!Id.safeParse(id).success) throw missing;
  return await transact(deps, async (unit) => {
    const [row] = await selectChats(unit, id);
    if (!row) throw missing;
    requireOwn(caller, row.operator_id, missing);
    await endChats(unit, { id });
    await unit.event({ type: "operator.chat_ended", source: caller.operator, payload: { chat: row.chat, of: row.operator } });
    return chatView(row);
  });
}

/** As their role is now. */
export const mayAnswer = (row: Pick<ChatRow, "role" | "disabled_at">): boolean =>
  row.disabled_at === null && scopesOf(row.role).includes("answer");

const chatView = (row: ChatRow): ChatView => ({
  id: row.id,
  chat: row.chat,
  accountName: row.account_name,
  operator: row.operator,
  linkedAt: row.linked_at.toISOString(),
});
