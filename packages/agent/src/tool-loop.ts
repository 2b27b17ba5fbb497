import type { Clock, CrashPoint } from "@aito/base";
import type { SystemBlock } from "./prompt.ts";

/** The parts of the Messages API that the loop itself looks at; other blocks are carried through unread. */
export interface ContentBlock {
  type: string;
  [key: string]: unknown;
}
interface TextBlock extends ContentBlock {
  type: "text";
  text: string;
}
interface ToolUseBlock extends ContentBlock {
  type: "tool_use";
  id: string;
  name: string;
  input: unknown;
}
export interface ToolResultBlock {
  type: "tool_result";
  tool_use_id: string;
  content: string;
  is_error: boolean;
}
export interface Turn {
  role: "user" | "assistant";
  content: string | (ContentBlock | ToolResultBlock)[];
}
export interface ToolDefinition {
  name: string;
  description: string;
  input_schema: { type: "object"; [key: string]: unknown };
}

export interface ModelRequest {
  system: SystemBlock[];
  turns: Turn[];
  tools: ToolDefinition[];
  maxTokens: number;
  /** The last allowed turn: the model is asked for its summary and may call nothing. */
  noTools: boolean;
  signal: AbortSignal;
}
/** `refused`: the gateway no longer knows this incarnation. */
export type ModelReply =
  | { ok: true; content: ContentBlock[]; stopReason: string | null; outputTokens: number }
  | { ok: false; error: string; refused: boolean };
export type ToolAnswer = { ok: boolean; text: string; refused?: boolean };

export interface ToolLoopInput {
  callModel: (request: ModelRequest) => Promise<ModelReply>;
  tools: ToolDefinition[];
  callTool: (name: string, input: unknown, signal: AbortSignal) => Promise<ToolAnswer>;
  prompt: { system: SystemBlock[]; user: string };
  limits: { turnsMax: number; runSecondsMax: number; outputTokensMax: number };
  clock: Clock;
  signal: AbortSignal;
  onStep: (text: string) => void;
  crashPoint?: CrashPoint;
}
export interface ToolLoopResult {
  outcome: "done" | "failed";
  summary: string;
  error: string | null;
  modelCalls: number;
  toolCalls: { name: string; ok: boolean }[];
  refused: boolean;
}

export const replyTokensMax = 8_192;
export const toolResultCharsMax = 50_000;
const summaryCharsMax = 4_000;

/**
 * Asks the model, runs the tools that it asks for, and asks again, until it stops by itself or a limit of turns, time or output
 * tokens is reached. Every tool_use gets its tool_result, in order, also when a limit cuts in. Never throws for a failing model
 * or tool: the result says what happened.
 */
export async function runToolLoop(input: ToolLoopInput): Promise<ToolLoopResult> {
  const { limits, clock, onStep } = input;
  const deadline = new AbortController();
  const cancel = clock.after(limits.runSecondsMax * 1_000, () => deadline.abort(new Error("time limit")));
  const signal = AbortSignal.any([input.signal, deadline.signal]);
  const turns: Turn[] = [{ role: "user", content: input.prompt.user }];
  const result: ToolLoopResult = { outcome: "done", summary: "", error: null, modelCalls: 0, toolCalls: [], refused: false };
  const fail = (error: string, refused = false): ToolLoopResult => ({ ...result, outcome: "failed", error, refused });
  const stopped = (): string =>
    deadline.signal.aborted ? `the run took over ${limits.runSecondsMax} s` : "the agent was stopped";
  let tokensLeft = limits.outputTokensMax;

  try {
    while (result.modelCalls < limits.turnsMax) {
      if (tokensLeft <= 0) return fail(`the run used its ${limits.outputTokensMax} output tokens`);
      result.modelCalls += 1;
      onStep(`asking the model (turn ${result.modelCalls})`);
      input.crashPoint?.("agent.before_model");
      const reply = await input.callModel({
        system: input.prompt.system,
        turns,
        tools: input.tools,
        maxTokens: Math.min(replyTokensMax, tokensLeft),
        noTools: result.modelCalls === limits.turnsMax,
        signal,
      });
      input.crashPoint?.("agent.after_model");
      if (!reply.ok) return fail(signal.aborted ? stopped() : reply.error, reply.refused);
      tokensLeft -= reply.outputTokens;
      turns.push({ role: "assistant", content: reply.content });
      const text = textOf(reply.content);
      if (text) result.summary = text.slice(0, summaryCharsMax);

      const uses = reply.content.filter((block): block is ToolUseBlock => block.type === "tool_use");
      if (uses.length > 0) {
        const answers = await answerAll(uses, { ...input, signal, cut: reply.stopReason === "max_tokens", result });
        turns.push({ role: "user", content: answers });
        if (result.refused) return fail("the gateway refused this incarnation", true);
        if (signal.aborted) return fail(stopped());
      } else if (reply.stopReason === "max_tokens") return fail("the model's answer was cut at the token limit");
      else if (reply.stopReason === "refusal") return fail("the model declined to answer");
      else if (reply.stopReason !== "pause_turn") return result;
    }
    return fail(`the run used its ${limits.turnsMax} turns`);
  } finally {
    cancel();
  }
}

type Answering = Pick<ToolLoopInput, "callTool" | "tools" | "onStep" | "signal" | "crashPoint"> & {
  cut: boolean;
  result: ToolLoopResult;
};

async function answerAll(uses: ToolUseBlock[], options: Answering): Promise<ToolResultBlock[]> {
  const answers: ToolResultBlock[] = [];
  // One after the other: the order that the model gave is the order in which things happen.
  for (const use of uses) {
    const answer = await answerOne(use, options);
    options.result.toolCalls.push({ name: use.name, ok: answer.ok });
    if (answer.refused) options.result.refused = true;
    const text =
      answer.text.length > toolResultCharsMax
        ? `${answer.text.slice(0, toolResultCharsMax)}\n(cut: the result is longer)`
        : answer.text;
    answers.push({ type: "tool_result", tool_use_id: use.id, content: text, is_error: !answer.ok });
  }
  return answers;
}

async function answerOne(use: { name: string; input: unknown }, options: Answering): Promise<ToolAnswer> {
  if (options.result.refused || options.signal.aborted) return { ok: false, text: "not run: the run was stopped" };
  if (options.cut)
    return { ok: false, text: "not run: your answer was cut at the token limit, so that the arguments may be incomplete" };
  if (!options.tools.some((tool) => tool.name === use.name)) return { ok: false, text: `there is no tool named "${use.name}"` };
  options.onStep(`using ${use.name}`);
  options.crashPoint?.("agent.before_tool");
  const answer = await options.callTool(use.name, use.input, options.signal);
  options.crashPoint?.("agent.after_tool");
  options.onStep(`${use.name}: ${answer.ok ? "ok" : "failed"}${answer.ok ? "" : ` (${answer.text.slice(0, 300)})`}`);
  return answer;
}

const textOf = (content: ContentBlock[]): string =>
  content
    .filter((block): block is TextBlock => block.type === "text" && typeof block["text"] === "string")
    .map((block) => block.text)
    .join("\n")
    .trim();
