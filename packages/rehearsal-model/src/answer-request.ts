import { createHash } from "node:crypto";
import { cutToTokens, type Message, outputTokens, type ReplyBlock } from "./api/message.ts";
import type { MessagesRequest } from "./api/messages-request.ts";
import type { PromptCache } from "./api/token-usage.ts";
import { decide } from "./decide.ts";
import { readSituation, type Situation } from "./situation.ts";

/** The reply to a request, by the rules alone. `situation` is null for a request that is not a run of the company. */
export function answerRequest(
  request: MessagesRequest,
  { seed, id, cache }: { seed: number; id: string; cache: PromptCache },
): { message: Message; situation: Situation | null } {
  const read = readSituation(request, seed);
  const situation = "situation" in read ? read.situation : null;
  const reply =
    "situation" in read
      ? decided(read.situation, request)
      : [text(`REHEARSAL: there is nothing to decide, because ${read.problem}.`)];
  const { content, cut } = cutToTokens(reply, request.max_tokens);
  const message: Message = {
    id,
    type: "message",
    role: "assistant",
    model: request.model,
    content,
    stop_reason: cut ? "max_tokens" : content.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: cache.use(request, outputTokens(content)),
  };
  return { message, situation };
}

function decided(situation: Situation, { messages }: MessagesRequest): ReplyBlock[] {
  const step = decide(situation);
  // Unique in its conversation and the same when it is asked again.
  const digest = createHash("sha256").update(JSON.stringify(messages)).digest("hex").slice(0, 16);
  const calls = step.calls.map(({ name, input }, at): ReplyBlock => ({
    type: "tool_use",
    id: `toolu_rehearsal_${digest}_${at}`,
    name,
    input,
  }));
  return [text(step.text), ...calls];
}

const text = (value: string): ReplyBlock => ({ type: "text", text: value });
