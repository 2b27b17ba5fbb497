import { type Clock, type CrashPoint, errorText, type Logger } from "@aito/base";
import { agentApi, type HelloResponse, type PollResponse, type ReportRequest, RunContext } from "@aito/protocol";
import type { Activity } from "./activity.ts";
import { type GatewayLink, isLinkBroken, isRefused } from "./gateway-link.ts";
import type { Tools } from "./mcp-tools.ts";
import { buildPrompt } from "./prompt.ts";
import type { RunLog } from "./run-log.ts";
import { runToolLoop, summaryCharsMax, type ToolLoopResult } from "./tool-loop.ts";

export interface RunDeps {
  link: GatewayLink;
  hello: HelloResponse;
  activity: Activity;
  runLog: RunLog;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  crashPoint?: CrashPoint;
  /** A writable folder of its own; null where there is none (embedded). */
  tmp: string | null;
}

const errorCharsMax = 4_000;

type Run = NonNullable<PollResponse["run"]>;
type Report = Omit<ReportRequest, "state" | "task"> & Partial<Pick<ReportRequest, "state" | "task">>;

/**
 * One pass of the loop: context in one call, the model only if something is new, and the report to send. Throws only when the
 * gateway refuses this incarnation; every other failure is a report with outcome `failed`.
 */
export async function executeRun(run: Run, deps: RunDeps): Promise<Report> {
  const { activity, runLog } = deps;
  activity.start(`reading the context: ${run.reasons.map((reason) => reason.text).join("; ")}`);
  let context: RunContext;
  try {
    context = await deps.link.post(agentApi.context, { run: run.id }, RunContext, { signal: deps.signal });
  } catch (error) {
    if (isRefused(error)) throw error;
    return { ...failed(run, `no context: ${errorText(error)}`), interrupted: isLinkBroken(error) };
  }
  deps.crashPoint?.("agent.after_context");
  const acknowledged = context.messages.map((message) => message.id);
  if (!context.askModel) {
    const summary = "Nothing new; the checks were answered from records.";
    return { run: run.id, outcome: "nothing_new", summary, error: null, modelCalls: 0, acknowledged };
  }
  runLog.line(`new: ${context.newSinceLastRun.join("; ") || run.reasons.map((reason) => reason.text).join("; ")}`);
  if (deps.hello.executor === "claude-code") return await askClaudeCode(run, context, deps);
  const result = await askModel(run, context, deps).catch((error: unknown) => unexpected(error));
  runLog.line(result.outcome === "done" ? `done: ${result.summary}` : `failed: ${result.error}`);
  // A failed run is tried again, so that its task stays open.
  const task = result.outcome === "done" ? unfinishedTask(deps.hello, result) : null;
  return {
    run: run.id,
    outcome: result.outcome,
    summary: result.summary || toolsUsed(result),
    error: result.error?.slice(0, errorCharsMax) ?? null,
    ...(result.interrupted ? { interrupted: true } : {}),
    modelCalls: result.modelCalls,
    // What a failed run was told is told again.
    acknowledged: result.outcome === "done" ? acknowledged : [],
    task,
  };
}

/** Many calls make a long line; a report takes so much. */
const toolsUsed = ({ toolCalls }: ToolLoopResult): string => {
  const names = [...new Set(toolCalls.map((call) => call.name))].join(", ");
  return `Used ${names.slice(0, summaryCharsMax - 10) || "no tool"}.`;
};

/** Whatever goes wrong in a run, it ends with a report. */
const unexpected = (error: unknown): ToolLoopResult => ({
  outcome: "failed",
  summary: "",
  error: `the run failed: ${errorText(error)}`,
  modelCalls: 0,
  toolCalls: [],
  refused: false,
});

/** The same run by the Claude Code CLI, in the worker's own container. */
async function askClaudeCode(run: Run, context: RunContext, deps: RunDeps): Promise<Report> {
  const { activity, clock, hello, link, runLog, signal, tmp } = deps;
  if (tmp === null) return failed(run, "the Claude Code executor needs a container of its own (engine docker)");
  const { runClaudeCode } = await import("./claude-code/run-claude-code.ts");
  try {
    const onStep = (text: string): void => {
      activity.step(text);
      runLog.line(text);
    };
    const result = await runClaudeCode({ hello, context, run: run.id, link, clock, signal, tmp, onStep });
    runLog.line(result.outcome === "done" ? `done: ${result.summary}` : `failed: ${result.error}`);
    const acknowledged = result.outcome === "done" ? context.messages.map((message) => message.id) : [];
    return { run: run.id, ...result, acknowledged };
  } catch (error) {
    if (isRefused(error) || signal.aborted) throw error;
    runLog.line(`failed: ${errorText(error)}`);
    return failed(run, errorText(error));
  }
}

async function askModel(run: Run, context: RunContext, deps: RunDeps): Promise<ToolLoopResult> {
  const { hello, link, activity, runLog, clock, signal } = deps;
  // Loaded at the first run that needs them: an agent starts faster, and an idle one is smaller.
  const [{ anthropicModel }, { connectTools }] = await Promise.all([import("./anthropic-model.ts"), import("./mcp-tools.ts")]);
  let tools: Tools;
  try {
    tools = await connectTools({ fetch: link.fetch, session: hello.session, run: run.id, signal });
  } catch (error) {
    return {
      outcome: "failed",
      summary: "",
      error: `no tools: ${errorText(error)}`,
      modelCalls: 0,
      toolCalls: [],
      refused: false,
      interrupted: isLinkBroken(error),
    };
  }
  try {
    return await runToolLoop({
      callModel: anthropicModel({
        fetch: link.fetch,
        session: hello.session,
        model: context.model ?? hello.model,
        run: run.id,
        after: clock.after,
        onProgress: () => activity.step(),
      }),
      tools: tools.definitions,
      callTool: (name, input, abort) => tools.call(name, input, abort),
      prompt: buildPrompt(hello, context),
      limits: hello.limits,
      clock,
      signal,
      crashPoint: deps.crashPoint,
      onStep: (text) => {
        activity.step(text);
        runLog.line(text);
      },
    });
  } finally {
    await tools.close();
  }
}

/** A worker that ends without having handed in its task says so, so that the task does not stay open for ever. */
function unfinishedTask(hello: HelloResponse, result: ToolLoopResult): ReportRequest["task"] {
  const { kind, taskId } = hello.agent;
  if (kind !== "worker" || taskId === null) return null;
  if (result.toolCalls.some((call) => call.name === "complete_task" && call.ok)) return null;
  const summary = "The worker did not finish: it stopped without calling complete_task.";
  return { id: taskId, status: "failed", result: { summary, text: result.summary || null, receipts: [] } };
}

const failed = (run: Run, error: string): Report => ({
  run: run.id,
  outcome: "failed",
  summary: "",
  error: error.slice(0, errorCharsMax),
  modelCalls: 0,
  acknowledged: [],
});
