import { type Clock, type CrashPoint, wellFormed } from "@aito/base";
import { type Call, mendAnswer } from "./mend-answer.ts";
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
/**
 * `content` is the model's word: the loop looks at its form itself. `refused`: the gateway no longer knows this incarnation.
 * `interrupted`: it went away in the middle.
 */
export type ModelReply =
  | { ok: true; content: unknown; stopReason: string | null; outputTokens: number }
  | { ok: false; error: string; refused: boolean; interrupted?: boolean };
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
  interrupted?: boolean;
}

export const replyTokensMax = 8_192;
export const toolResultCharsMax = 50_000;
export const summaryCharsMax = 4_000;

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
  const usedIds = new Set<string>();

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
      if (!reply.ok && !signal.aborted) return { ...fail(reply.error, reply.refused), interrupted: reply.interrupted === true };
      if (!reply.ok) return fail(stopped(), reply.refused);
      tokensLeft -= reply.outputTokens;
      const { blocks, calls } = mendAnswer(reply.content, usedIds);
      turns.push({ role: "assistant", content: blocks });
      const text = textOf(blocks);
      if (text) result.summary = wellFormed(text.slice(0, summaryCharsMax));

      if (calls.length > 0) {
        const answers = await answerAll(calls, { ...input, signal, unfit: whyUnfit(reply.stopReason), result });
        turns.push({ role: "user", content: answers });
        if (result.refused) return fail("the gateway refused this incarnation", true);
        if (signal.aborted) return fail(stopped());
      } else if (reply.stopReason === "tool_use") turns.push({ role: "user", content: noCall });
      else if (reply.stopReason === "refusal") return fail("the model declined to answer");
      else if (whyUnfit(reply.stopReason) !== null) return fail("the model's answer was cut at the token limit");
      else if (reply.stopReason !== "pause_turn") return result;
    }
    return fail(`the run used its ${limits.turnsMax} turns`);
  } finally {
    cancel();
  }
}

const noCall = "You stopped in order to use a tool, but no tool call came. Call it now, or answer without one.";

/** Why the calls of an answer that ended this way are not run. */
function whyUnfit(stopReason: string | null): string | null {
  if (stopReason === "refusal") return "you declined to answer";
  const isCut = stopReason === null || stopReason === "max_tokens" || stopReason === "model_context_window_exceeded";
  return isCut ? "your answer was cut at the token limit, so that the arguments may be incomplete" : null;
}

type Answering = Pick<ToolLoopInput, "callTool" | "tools" | "onStep" | "signal" | "crashPoint"> & {
  unfit: string | null;
  result: ToolLoopResult;
};

async function answerAll(calls: Call[], options: Answering): Promise<ToolResultBlock[]> {
  const answers: ToolResultBlock[] = [];
  // One after the other: the order that the model gave is the order in which things happen.
  for (const call of calls) {
    const answer = await answerOne(call, options);
    options.result.toolCalls.push({ name: call.name, ok: answer.ok });
    if (answer.refused) options.result.refused = true;
    const text =
      answer.text.length > toolResultCharsMax
        ? `${answer.text.slice(0, toolResultCharsMax)}\n(cut: the result is longer)`
        : answer.text;
    answers.push({ type: "tool_result", tool_use_id: call.id, content: wellFormed(text), is_error: !answer.ok });
  }
  return answers;
}

async function answerOne(call: Call, options: Answering): Promise<ToolAnswer> {
  if (options.result.refused || options.signal.aborted) return { ok: false, text: "not run: the run was stopped" };
  if (options.unfit !== null) return { ok: false, text: `not run: ${options.unfit}` };
  if (call.problem !== null) {
    options.onStep(`${call.name}: failed (${call.problem.slice(0, 300)})`);
    return { ok: false, text: call.problem };
  }
  if (!options.tools.some((tool) => tool.name === call.name)) return { ok: false, text: `there is no tool named "${call.name}"` };
  options.onStep(`using ${call.name}`);
  options.crashPoint?.("agent.before_tool");
  const answer = await options.callTool(call.name, call.input, options.signal);
  options.crashPoint?.("agent.after_tool");
  options.onStep(`${call.name}: ${answer.ok ? "ok" : "failed"}${answer.ok ? "" : ` (${answer.text.slice(0, 300)})`}`);
  return answer;
}

const textOf = (content: ContentBlock[]): string =>
  content
    .filter((block): block is TextBlock => block.type === "text" && typeof block["text"] === "string")
    .map((block) => block.text)
    .join("\n")
    .trim();
