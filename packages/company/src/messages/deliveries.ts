import { channels } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { ringOld, takeOverdue } from "./queries.ts";
import { sendMessageIn } from "./send-message.ts";

/** When a message that nobody acknowledged is rung again, and how often in all. */
export const ringAgain = { againAfterMs: 15_000, ringsMax: 8 } as const;
const batchMax = 200;

/** Rings again for messages that nobody acknowledged: pub/sub loses bells, rows do not. Bounded per message. */
export async function ringUnacknowledged(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const rung = await ringOld(unit, new Date(unit.now.getTime() - ringAgain.againAfterMs), ringAgain.ringsMax, batchMax);
    for (const { message_id, agent, type } of rung) {
      await unit.ring(channels.agent(agent), { again: message_id, type });
    }
    return rung.length;
  });
}

/** A message that wanted an answer and got none by its deadline comes back to its sender as an answer of its own. */
export async function returnOverdue(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const overdue = await takeOverdue(unit, batchMax);
    for (const message of overdue) {
      const deadline = message.response_deadline!.toISOString();
      await unit.event({
        type: "message.unanswered",
        source: "system",
        target: message.from_name,
        payload: { message: message.id, to: message.to_name, deadline },
      });
      if (message.from_name === "operator" || message.from_name === "system") continue;
      await sendMessageIn(unit, "system", {
        type: "direct",
        to: message.from_name,
        inReplyTo: message.id,
        payload: {
          text: `No answer from ${message.to_name} by ${deadline} to your ${message.type} message ${message.id}.`,
          no_answer: { message_id: message.id, from: message.to_name, deadline },
        },
      });
    }
    return overdue.length;
  });
}
