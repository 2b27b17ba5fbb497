import { z } from "zod";
import { ApiError } from "./api-error.ts";

/** A content block: the kinds that the rules read are checked, others are carried as they are. */
const Block = z.looseObject({ type: z.string(), cache_control: z.looseObject({ type: z.string() }).nullish() });
export type Block = z.infer<typeof Block>;
const Content = z.union([z.string(), z.array(Block)]);

const Tool = z.looseObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  type: z.string().nullish(),
  input_schema: z.looseObject({ type: z.literal("object"), properties: z.record(z.string(), z.unknown()).nullish() }).optional(),
  cache_control: z.looseObject({ type: z.string() }).nullish(),
});

const CountRequest = z.object({
  model: z.string().min(1),
  messages: z.array(z.object({ role: z.enum(["user", "assistant", "system"]), content: Content })).min(1),
  system: z.union([z.string(), z.array(Block)]).optional(),
  tools: z.array(Tool).max(1_000).optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]), name: z.string().optional() }).optional(),
});
const FullRequest = CountRequest.extend({
  max_tokens: z.number().int().min(1),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
});

export type CountRequest = z.infer<typeof CountRequest>;
export type MessagesRequest = z.infer<typeof FullRequest>;

/** The body of `POST /v1/messages`. Throws ApiError 400 as the vendor words it: `messages.0.role: …`. */
export function readMessagesRequest(body: unknown): MessagesRequest {
  const request = check(FullRequest, body);
  checkConversation(request);
  return request;
}

/** The body of `POST /v1/messages/count_tokens`. */
export function readCountRequest(body: unknown): CountRequest {
  const request = check(CountRequest, body);
  checkConversation(request);
  return request;
}

function check<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new ApiError(400, `${path.map(String).join(".") || "body"}: ${message}`);
}

/** What the vendor checks beyond shapes: it finds the mistakes that a tool loop can make. */
function checkConversation({ messages, tools }: CountRequest): void {
  if (messages[0]!.role !== "user") throw new ApiError(400, 'messages: first message must use the "user" role');
  const names = (tools ?? []).map((tool) => tool.name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice) throw new ApiError(400, `tools: Tool names must be unique (${twice})`);
  const ids = new Set<string>();
  let open = new Set<string>();
  messages.forEach(({ role, content }, at) => {
    const blocks = blocksOf(content);
    if (typeof content === "string" && content === "") throw new ApiError(400, `messages.${at}: content must be non-empty`);
    const results = new Set(blocks.filter((block) => block.type === "tool_result").map((block) => String(block["tool_use_id"])));
    for (const id of open) {
      if (role !== "user" || !results.has(id)) {
        throw new ApiError(
          400,
          `messages.${at - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${id}`,
        );
      }
    }
    for (const id of results) {
      if (!open.has(id))
        throw new ApiError(400, `messages.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}`);
    }
    open = new Set();
    blocks.forEach((block, index) => {
      const where = `messages.${at}.content.${index}`;
      if (block.type === "text" && (typeof block["text"] !== "string" || block["text"] === "")) {
        throw new ApiError(400, `${where}: text content blocks must be non-empty`);
      }
      if (block.type !== "tool_use") return;
      const { id } = block;
      if (role !== "assistant") throw new ApiError(400, `${where}: \`tool_use\` blocks can only be in \`assistant\` messages`);
      if (typeof id !== "string" || ids.has(id)) throw new ApiError(400, `${where}: \`tool_use\` ids must be unique`);
      ids.add(id);
      open.add(id);
    });
  });
  if (open.size > 0) {
    throw new ApiError(
      400,
      `messages.${messages.length - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${[...open].join(", ")}`,
    );
  }
}

export const blocksOf = (content: string | Block[]): Block[] =>
  typeof content === "string" ? (content === "" ? [] : [{ type: "text", text: content }]) : content;
