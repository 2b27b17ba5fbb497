import { AitoError } from "@aito/base";
import { z } from "zod";

const Block = z.looseObject({ type: z.string() });
type Block = z.infer<typeof Block>;
const Content = z.union([z.string(), z.array(Block)]);

/** The parts of a Messages request that mean something to a chat endpoint. */
const MessagesRequest = z.looseObject({
  model: z.string(),
  max_tokens: z.number().int().positive(),
  messages: z.array(z.looseObject({ role: z.enum(["user", "assistant", "system"]), content: Content })),
  system: Content.optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.boolean().optional(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        name: z.string(),
        description: z.string().optional(),
        input_schema: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  tool_choice: z
    .looseObject({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
});
type MessagesRequest = z.infer<typeof MessagesRequest>;

/** One message of a chat completion request, as the endpoint takes it. */
type ChatMessage = Record<string, unknown> & { role: "system" | "user" | "assistant" | "tool" };

/**
 * A Messages request as a chat completion request. What a chat endpoint has no word for is left out where leaving it out changes
 * only quality (cache marks, thinking, `top_k`); what would change the meaning is refused: AITO_MODEL_UNTRANSLATABLE (400).
 */
export function chatRequest(body: unknown, model: string): Record<string, unknown> {
  const parsed = MessagesRequest.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AitoError("AITO_REQUEST_INVALID", `${issue?.path.join(".") || "the body"}: ${issue?.message ?? "not a request"}`);
  }
  const request = parsed.data;
  const optional: Record<string, unknown> = {
    temperature: request.temperature,
    top_p: request.top_p,
    stop: request.stop_sequences?.length ? request.stop_sequences : undefined,
    user: request.metadata?.user_id ?? undefined,
    ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...tools(request),
  };
  return {
    model,
    max_tokens: request.max_tokens,
    messages: [...systemMessage(request.system), ...request.messages.flatMap(chatMessages)],
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function systemMessage(system: MessagesRequest["system"]): ChatMessage[] {
  const text = system === undefined ? "" : plainText(system);
  return text === "" ? [] : [{ role: "system", content: text }];
}

function tools({ tools: offered, tool_choice: choice }: MessagesRequest): Record<string, unknown> {
  if (!offered || offered.length === 0) return {};
  const server = offered.find((tool) => tool.type && tool.type !== "custom");
  if (server) {
    throw untranslatable(`the tool ${server.name} (${server.type}) runs at the vendor, and this endpoint has no such tool`);
  }
  const named = choice?.type === "tool" && choice.name !== undefined;
  const chosen = { auto: "auto", any: "required", tool: "required", none: "none" } as const;
  return {
    tools: offered.map(({ name, description, input_schema: parameters }) => ({
      type: "function",
      function: { name, ...(description === undefined ? {} : { description }), parameters: parameters ?? { type: "object" } },
    })),
    ...(choice ? { tool_choice: named ? { type: "function", function: { name: choice.name } } : chosen[choice.type] } : {}),
    ...(choice?.disable_parallel_tool_use ? { parallel_tool_calls: false } : {}),
  };
}

/** One message becomes several: a tool's result is a message of its own, before what the user says beside it. */
function chatMessages({ role, content }: MessagesRequest["messages"][number]): ChatMessage[] {
  if (typeof content === "string") return [{ role, content }];
  if (role === "system") return [{ role, content: plainText(content) }];
  return role === "assistant" ? [assistantMessage(content)] : userMessages(content);
}

function assistantMessage(blocks: Block[]): ChatMessage {
  const calls = blocks
    .filter((block) => block.type === "tool_use")
    .map((block) => ({
      id: String(block["id"]),
      type: "function",
      function: { name: String(block["name"]), arguments: JSON.stringify(block["input"] ?? {}) },
    }));
  const text = plainText(blocks.filter((block) => block.type === "text"));
  return { role: "assistant", content: text === "" ? null : text, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

function userMessages(blocks: Block[]): ChatMessage[] {
  const results = blocks.filter((block) => block.type === "tool_result");
  const answers = results.map((block): ChatMessage => {
    const inner = Content.optional().catch(undefined).parse(block["content"]);
    const text = inner === undefined ? "" : plainText(typeof inner === "string" ? inner : inner.filter(isText));
    return { role: "tool", tool_call_id: String(block["tool_use_id"]), content: block["is_error"] ? `Error: ${text}` : text };
  });
  // A tool message holds text only: its pictures follow as the user's.
  const pictures = results.flatMap((block) => (Array.isArray(block["content"]) ? block["content"] : [])).filter(isPicture);
  const parts = [...pictures, ...blocks.filter((block) => block.type !== "tool_result")].map(userPart);
  return parts.length === 0 ? answers : [...answers, { role: "user", content: parts }];
}

const isText = (block: Block): boolean => block.type === "text";
const isPicture = (block: unknown): block is Block => Block.safeParse(block).success && (block as Block).type === "image";

function userPart(block: Block): Record<string, unknown> {
  if (block.type === "text") return { type: "text", text: String(block["text"]) };
  if (block.type !== "image") throw untranslatable(`a ${block.type} block cannot be sent to this endpoint`);
  const source = (block["source"] ?? {}) as Record<string, unknown>;
  if (source["type"] === "url") return { type: "image_url", image_url: { url: String(source["url"]) } };
  if (source["type"] === "base64")
    return {
      type: "image_url",
      image_url: { url: `data:${String(source["media_type"])};base64,${String(source["data"])}` },
    };
  throw untranslatable(`a picture by ${String(source["type"])} cannot be sent to this endpoint`);
}

const plainText = (content: z.infer<typeof Content>): string =>
  typeof content === "string"
    ? content
    : content.map((block) => (typeof block["text"] === "string" ? block["text"] : "")).join("\n\n");

const untranslatable = (message: string): AitoError =>
  new AitoError("AITO_MODEL_UNTRANSLATABLE", message, {
    hint: "use a Messages-compatible upstream for this, or leave it out",
    fate: "terminal",
    status: 400,
  });
