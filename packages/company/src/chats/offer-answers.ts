import { newToken, sha256 } from "@aito/base";
import { type ApprovalRow, selectApproval } from "../approvals/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { type EscalationRow, newestLink, selectEscalation } from "../escalations/queries.ts";
import { mayAnswer } from "./chats.ts";
import { type ButtonRow, type ChatRow, insertButton, selectLinked } from "./queries.ts";

/** What a message can show whole: a longer call, or one with files, is approved in the console, where it can be read. */
export const shownCharactersMax = 1_200;

/** Buttons for a message; `exact` is the call that it must show with them. */
export interface OfferedAnswers {
  buttons: { text: string; token: string }[];
  exact: string | null;
}
const none: OfferedAnswers = { buttons: [], exact: null };

/**
 * Makes single-use buttons for what waits: bound to the chat as it is linked now, to the exact call, and to its end. None where the chat
 * is nobody's, where its operator may not answer, or where it no longer waits.
 */
export async function offerAnswers(
  deps: CompanyDeps,
  about: { chat: string; kind: ButtonRow["kind"]; subject: string },
): Promise<OfferedAnswers> {
  return await transact(deps, async (unit) => {
    const chat = await selectLinked(unit, about.chat);
    if (!chat || !mayAnswer(chat)) return none;
    return about.kind === "approval"
      ? await forApproval(unit, chat, await selectApproval(unit, about.subject))
      : await forEscalation(unit, chat, await selectEscalation(unit, about.subject));
  });
}

async function forApproval(unit: Unit, chat: ChatRow, row: ApprovalRow | null): Promise<OfferedAnswers> {
  if (row?.status !== "waiting" || row.expires_at <= unit.now) return none;
  const exact = `${row.tool} ${JSON.stringify(row.arguments)}`;
  const isWhole = row.files.length === 0 && exact.length <= shownCharactersMax;
  const about = { kind: "approval", subject: row.id, digest: row.digest, expires_at: row.expires_at } as const;
  const buttons = isWhole ? [await button(unit, chat, { ...about, answer: "approve" }, "Approve")] : [];
  return { buttons: [...buttons, await button(unit, chat, { ...about, answer: "deny" }, "Deny")], exact: isWhole ? exact : null };
}

async function forEscalation(unit: Unit, chat: ChatRow, row: EscalationRow | null): Promise<OfferedAnswers> {
  const link = row?.status === "waiting" ? await newestLink(unit, row.id) : null;
  if (!row || !link || link.expires_at <= unit.now) return none;
  const about = { kind: "escalation", subject: row.id, digest: null, expires_at: link.expires_at } as const;
  return {
    buttons: [
      await button(unit, chat, { ...about, answer: "approve" }, "Approve"),
      await button(unit, chat, { ...about, answer: "veto" }, "Veto"),
    ],
    exact: null,
  };
}

async function button(
  unit: Unit,
  chat: ChatRow,
  about: Pick<ButtonRow, "kind" | "subject" | "digest" | "expires_at" | "answer">,
  text: string,
): Promise<{ text: string; token: string }> {
  const token = newToken("btn");
  await insertButton(unit, { ...about, id: unit.newId(), chat_id: chat.id, tokenHash: sha256(token) });
  return { text, token };
}
