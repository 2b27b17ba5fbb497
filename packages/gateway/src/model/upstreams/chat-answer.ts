import { z } from "zod";
import { tokensMax } from "../usage-meter.ts";

/** Some models write a number where text belongs. */
export const Text = z.union([z.string(), z.number().transform(String)]).nullish();

/** A chat completion, as far as it is read; endpoints leave out much of it. */
export const ChatCompletion = z.looseObject({
  id: z.string().nullish(),
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        message: z.looseObject({
          content: Text,
          refusal: Text,
          tool_calls: z
            .array(
              z.looseObject({
                // A call's own parts are the caller's to judge: one bad call must not cost the whole answer.
                id: z.unknown().optional(),
                function: z.looseObject({ name: z.unknown().optional(), arguments: z.unknown().optional() }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.unknown().optional(),
});

/** Usage in the Messages API's words; null where the endpoint did not tell, which is not the same as nothing. */
export interface TranslatedUsage {
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
}

const whole = (value: unknown): number | null =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= tokensMax ? value : null;

/** A chat endpoint counts what it read from its cache among the prompt's tokens; the Messages API counts it apart. */
export function translatedUsage(usage: unknown): TranslatedUsage {
  const seen = (typeof usage === "object" && usage !== null ? usage : {}) as Record<string, unknown>;
  const details = (seen["prompt_tokens_details"] ?? {}) as Record<string, unknown>;
  const prompt = whole(seen["prompt_tokens"]);
  const cached = Math.min(whole(details["cached_tokens"]) ?? 0, prompt ?? 0);
  return {
    input_tokens: prompt === null ? null : prompt - cached,
    output_tokens: whole(seen["completion_tokens"]),
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: 0,
  };
}

export type StopReason = "end_turn" | "max_tokens" | "tool_use" | "refusal";

/** `calls`: the answer holds tool calls. Some endpoints say "stop" then; some say nothing at all. */
export function stopReason(finish: string | null | undefined, calls: boolean): StopReason {
  if (finish === "length") return "max_tokens";
  if (finish === "content_filter") return "refusal";
  return calls ? "tool_use" : "end_turn";
}

/**
 * Arguments as a chat endpoint writes them: JSON text, or (some) an object already. What is no JSON object stays as the text that it
 * was, so that the tool's schema refuses it and the model can read why; it never becomes an empty object that would pass.
 */
export function toolInput(text: unknown): unknown {
  if (typeof text !== "string") return typeof text === "object" && text !== null && !Array.isArray(text) ? text : String(text);
  if (text.trim() === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : text;
  } catch {
    return text;
  }
}

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** A whole chat completion as a Messages answer. Null when it is none. `newId` names calls that came without an id. */
export function messagesAnswer(body: unknown, model: string, newId: () => string): Record<string, unknown> | null {
  const parsed = ChatCompletion.safeParse(body);
  if (!parsed.success) return null;
  const [choice] = parsed.data.choices;
  const { content, refusal, tool_calls: calls } = choice!.message;
  const text = content || refusal || "";
  const blocks = [
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...(calls ?? []).map((call) => ({
      type: "tool_use",
      id: textIn(call.id) || `toolu_${newId()}`,
      name: textIn(call.function.name),
      input: toolInput(call.function.arguments),
    })),
  ];
  return {
    id: parsed.data.id || `msg_${newId()}`,
    type: "message",
    role: "assistant",
    model,
    content: blocks,
    stop_reason: stopReason(choice!.finish_reason, (calls ?? []).length > 0),
    stop_sequence: null,
    usage: translatedUsage(parsed.data.usage),
  };
}
