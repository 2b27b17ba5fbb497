import { estimateTokens, type Usage } from "./token-usage.ts";

export type ReplyBlock =
  | { type: "text"; text: string }
  | { type: "tool_use"; id: string; name: string; input: Record<string, unknown> };

export interface Message {
  id: string;
  type: "message";
  role: "assistant";
  model: string;
  content: ReplyBlock[];
  stop_reason: "end_turn" | "tool_use" | "max_tokens";
  stop_sequence: null;
  usage: Usage;
}

export const outputTokens = (content: ReplyBlock[]): number => content.reduce((sum, block) => sum + blockTokens(block), 0);

const blockTokens = (block: ReplyBlock): number =>
  estimateTokens(block.type === "text" ? block.text : `${block.name}${JSON.stringify(block.input)}`);

/** A reply cut to `maxTokens` as the vendor does it: whole blocks as long as they fit, then a piece of text. */
export function cutToTokens(content: ReplyBlock[], maxTokens: number): { content: ReplyBlock[]; cut: boolean } {
  if (outputTokens(content) <= maxTokens) return { content, cut: false };
  const kept: ReplyBlock[] = [];
  let left = maxTokens;
  for (const block of content) {
    const tokens = blockTokens(block);
    if (tokens > left) {
      if (block.type === "text" && left > 0) kept.push({ type: "text", text: block.text.slice(0, left * 4) });
      break;
    }
    kept.push(block);
    left -= tokens;
  }
  return { content: kept, cut: true };
}
