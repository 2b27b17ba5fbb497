import { AitoError, isAitoError, sha256 } from "@aito/base";
import { answerApproval } from "../approvals/answer-approval.ts";
import { selectApproval } from "../approvals/queries.ts";
import { type CompanyDeps, type EventOrigin, transact, type Unit } from "../company.ts";
import { answerEscalation } from "../escalations/answer-escalation.ts";
import { selectEscalation } from "../escalations/queries.ts";
import { inOneTransaction } from "../in-one-transaction.ts";
import { type Chatter, mayAnswer, originOf } from "./chats.ts";
import { type ButtonRow, type ChatRow, lockButton, selectChats, spendButton } from "./queries.ts";

const tokenCharactersMax = 100;

/** `told`: what the presser reads. `over`: nothing is left to press under that message. */
export interface Pressed {
  told: string;
  over: boolean;
}

/**
 * One press of a button: answers as the operator whose chat it is, with the right that they have now, and is on record with the chat and
 * the account there. Of any number of presses and other answers one has an effect; every other is told what was decided.
 */
export async function pressButton(deps: CompanyDeps, who: Chatter & { token: string }): Promise<Pressed> {
  let origin: EventOrigin = originOf(who, null);
  try {
    const ended = await inOneTransaction(
      { ...deps, origin: () => origin },
      async (joined) => {
        const found = await transact(joined, (unit) => checked(unit, who));
        if ("told" in found) return found;
        origin = originOf(who, found.chat.operator);
        const pressed = await answer(joined, found);
        await transact(joined, (unit) => spendButton(unit, found.button.id));
        return pressed;
      },
      () => Promise.resolve(),
    );
    if ("error" in ended) throw ended.error;
    return ended.value;
  } catch (error) {
    if (!isAitoError(error) || error.status >= 500) throw error;
    return { told: `Not done: ${error.message}`, over: false };
  }
}

type Checked = Pressed | { button: ButtonRow; chat: ChatRow };

/** Whether this press may count at all. */
async function checked(unit: Unit, who: Chatter & { token: string }): Promise<Checked> {
  const found = await lockButton(unit, sha256(who.token.slice(0, tokenCharactersMax)));
  // The same for what never was and what is another chat's: nobody learns which.
  const [chat] = found ? await selectChats(unit, found.chat_id) : [];
  if (!found || !chat || chat.chat !== who.chat)
    return { told: "This button is not ours, or this chat was linked anew since. Answer in the console.", over: false };
  if (chat.account !== who.account) return { told: "Only who linked this chat may answer here.", over: false };
  if (!mayAnswer(chat)) return { told: `${chat.operator} may not answer any more.`, over: true };
  if (found.used_at !== null) return { told: await whatWas(unit, found), over: true };
  if (found.expires_at <= unit.now) return { told: `Too late. ${await whatWas(unit, found)}`, over: true };
  return { button: found, chat };
}

async function answer(deps: CompanyDeps, { button, chat }: { button: ButtonRow; chat: ChatRow }): Promise<Pressed> {
  const by = chat.operator;
  const first = button.kind === "approval" ? await answerCall(deps, button, by) : await answerDecision(deps, button, by);
  return { told: first ? `${done[button.answer]} by ${by}.` : await transact(deps, (unit) => whatWas(unit, button)), over: true };
}

const done = { approve: "Approved", deny: "Denied", veto: "Vetoed" } as const;

async function answerCall(deps: CompanyDeps, { subject, answer: chosen, digest }: ButtonRow, by: string): Promise<boolean> {
  if (chosen === "veto" || digest === null) throw new AitoError("AITO_BUTTON", "this button answers no call", { status: 409 });
  const given = { answer: chosen, digest, comment: "" };
  return (await answerApproval(deps, { id: subject, by, answer: given })).first;
}

async function answerDecision(deps: CompanyDeps, { subject, answer: chosen }: ButtonRow, by: string): Promise<boolean> {
  if (chosen === "deny") throw new AitoError("AITO_BUTTON", "this button answers no decision", { status: 409 });
  const given = { decision: chosen, comment: "" };
  return (await answerEscalation(deps, { escalationId: subject, operator: by, answer: given })).first;
}

/** How it stands, in one sentence. */
async function whatWas(unit: Unit, { kind, subject }: ButtonRow): Promise<string> {
  const row = kind === "approval" ? await selectApproval(unit, subject) : await selectEscalation(unit, subject);
  if (!row) return "It is gone.";
  if (row.status === "waiting") return "It still waits: answer it in the console.";
  const what = "answer" in row && row.answer ? row.answer.replace("_", " ") : row.status;
  return `It was answered before: ${what}${row.answered_by ? ` by ${row.answered_by}` : ""}.`;
}
