import { AitoError } from "@aito/base";
import type { AgentMessage, TalkCut } from "@aito/protocol";
import type { Records } from "../src/records.ts";

/** What was said, newest first, with everything that reads it. */
export function fixtureTalk(all: AgentMessage[]): Pick<Records, "messages" | "message" | "threads" | "talkSpan" | "replay"> {
  const root = (message: AgentMessage): string => {
    const before = all.find(({ id }) => id === message.in_reply_to);
    return before ? root(before) : message.id;
  };
  const cut = ({ with: whom, thread }: TalkCut): AgentMessage[] =>
    all.filter(
      (message) =>
        (whom === undefined || message.to === whom || message.from === whom) &&
        (thread === undefined || root(message) === thread),
    );
  const oldest = (of: TalkCut): AgentMessage[] => cut(of).toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  return {
    messages: async ({ limit, before, ...of }) => {
      const rows = cut(of);
      const from = before ? rows.findIndex(({ id }) => id === before) + 1 : 0;
      return rows.slice(from, from + limit);
    },
    message: async (wanted) => {
      const message = all.find(({ id }) => id === wanted);
      if (!message) throw new AitoError("AITO_MESSAGE_UNKNOWN", "there is no such message", { status: 404 });
      return { message, respondedAt: null, readers: [], thread: oldest({ thread: root(message) }) };
    },
    threads: async ({ with: whom }) =>
      Object.values(Object.groupBy(oldest({ with: whom }), root)).flatMap((messages) =>
        messages && messages.length > 1
          ? [
              {
                id: root(messages[0]!),
                first: messages[0]!,
                last: messages.at(-1)!,
                messages: messages.length,
                people: [...new Set(messages.map(({ from }) => from))],
              },
            ]
          : [],
      ),
    talkSpan: async (of) => {
      const rows = oldest(of);
      const parts = Array.from({ length: 60 }, (_, part) => (rows.length === 0 ? 0 : part % 7 === 0 ? 3 : part % 4));
      return {
        from: rows[0]?.timestamp ?? null,
        to: rows.at(-1)?.timestamp ?? null,
        messages: rows.length,
        parts: rows.length === 0 ? [] : parts,
      };
    },
    replay: async ({ limit, from, after, ...of }) => {
      const rows = oldest(of).filter(({ timestamp }) => !from || new Date(timestamp) >= from);
      const at = after ? rows.findIndex(({ id }) => id === after) + 1 : 0;
      const items = rows.slice(at, at + limit);
      return { items, next: at + limit < rows.length ? items.at(-1)!.id : null };
    },
  };
}
