import type { Intent } from "../intent.ts";
import type { Situation } from "../situation.ts";

const answers = [
  "Thank you, I have read it and keep it in mind for my next priorities.",
  "Understood. I take it into account in my next loop.",
  "Noted, thank you. I come back to you if a figure changes.",
] as const;

/** An answer for every colleague who asked for one. A goal is answered by the plan, and nothing answers an answer. */
export function replyIntents({ context, choose }: Situation): Intent[] {
  const asking = context.messages.filter(
    ({ type, from, payload, requires_response }) =>
      requires_response &&
      (type === "direct" || type === "alert") &&
      payload["goal"] !== true &&
      context.colleagues.some((colleague) => colleague.name === from),
  );
  return asking.map((message) => ({
    tool: "send_message",
    input: {
      to: message.from,
      type: "direct",
      text: choose(answers, context.agent.role, JSON.stringify(message.payload)),
      in_reply_to: message.id,
    },
    say: `I answer ${message.from}.`,
  }));
}
