import { z } from "zod";

/** The last line of `claude --print --output-format stream-json`. */
const Result = z.looseObject({
  type: z.literal("result"),
  subtype: z.string(),
  is_error: z.boolean(),
  result: z.string().optional(),
  num_turns: z.number().int().min(0).catch(0),
});

const Assistant = z.looseObject({
  type: z.literal("assistant"),
  message: z.looseObject({ content: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })) }),
});

export type ClaudeEvent =
  | { kind: "step"; tools: string[] }
  | { kind: "end"; ok: boolean; text: string; turns: number }
  | { kind: "other" };

/** Reads one line of the CLI's output; what is no JSON or of another kind is passed over, it is for people. */
export function claudeEvent(line: string): ClaudeEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "other" };
  }
  const assistant = Assistant.safeParse(value);
  if (assistant.success) {
    const tools = assistant.data.message.content.flatMap((block) =>
      block.type === "tool_use" && block.name ? [block.name] : [],
    );
    return { kind: "step", tools };
  }
  const result = Result.safeParse(value);
  if (!result.success) return { kind: "other" };
  const { is_error: failed, subtype, result: text, num_turns: turns } = result.data;
  return { kind: "end", ok: !failed && subtype === "success", text: text ?? subtype, turns };
}
