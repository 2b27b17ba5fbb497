import type { AgentMessage, Replayed, TalkCut, TalkSpan, ThreadView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { toMessage } from "./send-message.ts";
import { selectMessages, selectMessagesById, selectParts, selectReplay, selectSpan, selectThreads } from "./talk-queries.ts";

const pageMax = 500;
/** As many bars as a slider shows. */
const spanParts = 60;

/** Newest first; `before` is the id of the last one already seen. */
export async function listMessages(
  deps: CompanyDeps,
  filter: TalkCut & { limit?: number; before?: string | undefined } = {},
): Promise<AgentMessage[]> {
  const limit = Math.min(filter.limit ?? 100, pageMax);
  return (await transact(deps, (unit) => selectMessages(unit, { ...filter, limit }))).map(toMessage);
}

/** What was said from a time on, oldest first, a page at a time; `after`: the last one of the page before. */
export async function replayMessages(
  deps: CompanyDeps,
  asked: TalkCut & { limit: number; from?: Date | undefined; after?: string | undefined },
): Promise<Replayed> {
  const { limit, from = null, after = null, ...cut } = asked;
  const rows = await transact(deps, (unit) => selectReplay(unit, { ...cut, from, after, limit: Math.min(limit, pageMax) + 1 }));
  const items = rows.slice(0, limit).map(toMessage);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

/** When there was talk, and how much of it when. */
export async function talkSpan(deps: CompanyDeps, cut: TalkCut): Promise<TalkSpan> {
  return await transact(deps, async (unit) => {
    const { first, last, messages } = await selectSpan(unit, cut);
    if (!first || !last) return { from: null, to: null, messages: 0, parts: [] };
    const parts = Array.from({ length: spanParts }, () => 0);
    for (const { part, messages: count } of await selectParts(unit, { ...cut, first, last, parts: spanParts }))
      parts[part] = count;
    return { from: first.toISOString(), to: last.toISOString(), messages, parts };
  });
}

/** Conversations, the newest first; `before` is the id of the last one already seen. */
export async function listThreads(
  deps: CompanyDeps,
  filter: { with?: string | undefined; limit: number; before?: string | undefined },
): Promise<ThreadView[]> {
  return await transact(deps, async (unit) => {
    const threads = await selectThreads(unit, { ...filter, limit: Math.min(filter.limit, pageMax) });
    const rows = await selectMessagesById(unit, [...new Set(threads.flatMap(({ id, last_id }) => [id, last_id]))]);
    const messages = new Map(rows.map((row) => [row.id, toMessage(row)]));
    return threads.map(({ id, messages: count, last_id, people }) => ({
      id,
      first: messages.get(id)!,
      last: messages.get(last_id)!,
      messages: count,
      people,
    }));
  });
}
