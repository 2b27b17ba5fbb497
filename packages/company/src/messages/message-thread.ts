import { AitoError } from "@aito/base";
import type { MessageDetail } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { selectDeliveriesOf, selectMessage, selectThread } from "./queries.ts";
import { toMessage } from "./send-message.ts";

const threadMax = 200;

/** One message, who was given it and has read it, and the conversation that it is part of, oldest first. Error: AITO_MESSAGE_UNKNOWN. */
export async function messageDetail(deps: CompanyDeps, id: string): Promise<MessageDetail> {
  return await transact(deps, async (unit) => {
    const row = await selectMessage(unit, id);
    if (!row) {
      throw new AitoError("AITO_MESSAGE_UNKNOWN", `there is no message ${id}`, {
        hint: "list them with: aito messages",
        status: 404,
      });
    }
    const readers = await selectDeliveriesOf(unit, id);
    return {
      message: toMessage(row),
      respondedAt: row.responded_at?.toISOString() ?? null,
      readers: readers.map(({ agent, delivered_at, acknowledged_at, rings }) => ({
        agent,
        deliveredAt: delivered_at?.toISOString() ?? null,
        readAt: acknowledged_at?.toISOString() ?? null,
        rings,
      })),
      thread: (await selectThread(unit, id, threadMax)).map(toMessage),
    };
  });
}
