import { RunContext } from "@aito/protocol";
import { type Block, blocksOf, type MessagesRequest } from "./api/messages-request.ts";
import { type Choose, chooser } from "./wording.ts";

/** A tool call made earlier in this conversation, and what came back. */
export interface PastCall {
  tool: string;
  input: Record<string, unknown>;
  ok: boolean;
  text: string;
}

export interface OfferedTool {
  /** As it must be called; a client may prefix it. */
  name: string;
  /** The arguments that it takes; null when its schema does not list them. */
  accepts: string[] | null;
}

/** All that the rules see: nothing else goes into a decision. */
export interface Situation {
  context: RunContext;
  offered: Map<string, OfferedTool>;
  past: PastCall[];
  choose: Choose;
}

/** What a request shows. `problem` says why it is not a run of the company. */
export function readSituation(request: MessagesRequest, seed: number): { situation: Situation } | { problem: string } {
  const first = textOf(blocksOf(request.messages[0]!.content));
  const from = first.indexOf(opening);
  const to = first.lastIndexOf("</context>");
  if (from < 0 || to < from) return { problem: "the first message holds no <context> block" };
  let value: unknown;
  try {
    value = JSON.parse(first.slice(from + opening.length, to));
  } catch {
    return { problem: "the <context> block is not JSON" };
  }
  const parsed = RunContext.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return { problem: `the <context> block is not a run's context (${path.map(String).join(".")}: ${message})` };
  }
  return { situation: { context: parsed.data, offered: offeredTools(request), past: pastCalls(request), choose: chooser(seed) } };
}

const opening = "<context>";

const textOf = (blocks: Block[]): string =>
  blocks.map((block) => (block.type === "text" ? String(block["text"]) : "")).join("\n");

function offeredTools({ tools = [], tool_choice }: MessagesRequest): Map<string, OfferedTool> {
  const usable = tools.filter(
    (tool) => tool_choice?.type !== "none" && (tool_choice?.type !== "tool" || tool.name === tool_choice.name),
  );
  return new Map(
    usable.map((tool) => {
      const properties = tool.input_schema?.properties;
      return [plainName(tool.name), { name: tool.name, accepts: properties ? Object.keys(properties) : null }];
    }),
  );
}

/** Claude Code offers `mcp__aito__cast_vote` for `cast_vote`. */
const plainName = (name: string): string => name.slice(name.lastIndexOf("__") + (name.includes("__") ? 2 : 1));

function pastCalls({ messages }: MessagesRequest): PastCall[] {
  const blocks = messages.flatMap((message) => blocksOf(message.content));
  const results = new Map(
    blocks.filter((block) => block.type === "tool_result").map((block) => [String(block["tool_use_id"]), block]),
  );
  return blocks
    .filter((block) => block.type === "tool_use")
    .map((block) => {
      const result = results.get(String(block["id"]));
      return {
        tool: plainName(String(block["name"])),
        input: asRecord(block["input"]),
        ok: result !== undefined && result["is_error"] !== true,
        text: result ? resultText(result["content"]) : "",
      };
    });
}

function resultText(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? textOf(content as Block[]) : "";
}

export const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** A value that is text; anything else is the other text. */
export const textOr = (value: unknown, other = ""): string => (typeof value === "string" ? value : other);

/** What a tool answered, where it was a JSON object. */
export function answerOf(call: PastCall): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(call.text));
  } catch {
    return {};
  }
}
