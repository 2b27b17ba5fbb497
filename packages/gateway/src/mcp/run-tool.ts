import { AitoError, errorText, holdsToken, inSpan, type Logger, redactText, wellFormedDeep, whileAbout } from "@aito/base";
import { argumentsDigest, type Ended, inOneTransaction, nestedTooDeep, speakingFor, taintRun } from "@aito/company";
import { Id, type ReceiptStatus } from "@aito/protocol";
import type { OpenRuns } from "../agents/open-runs.ts";
import { toAitoError } from "../error-reply.ts";
import { isOver } from "./is-over.ts";
import { heardTooLate, receiptOf, statusOf } from "./receipt-of.ts";
import { runGated } from "./run-gated.ts";
import { runJournaled } from "./run-journaled.ts";
import { fieldsOf, isAtomic, isForeign, isGated, isJournaled, type OpenTool, type Tool, type ToolCall } from "./tool.ts";

export interface ToolResult {
  ok: boolean;
  body: Record<string, unknown>;
  /** Nothing was done or told: the session was not asked about, and its receipt was not written. */
  isDoubted?: true;
}

interface Caller extends Pick<ToolCall, "context" | "session"> {
  /** Its arguments were nested too deep, and are here as far as they may be. */
  isCut?: boolean;
}

/**
 * Runs one call of a granted tool. Never throws: a refusal or failure is a result with code, message and hint. Every call, the
 * refused and the malformed too, leaves a receipt, whose id is in the result; only one that is over, or stopped by a kill switch, leaves
 * nothing. What changes our own records has its receipt in the transaction of its effect (`isAtomic`, gated tools). What changes
 * something elsewhere is written down before it begins, so that it has its receipt whatever happens; a read's is written once it answered.
 */
export async function runTool(tool: Tool, by: Caller, raw: unknown, openRuns: OpenRuns): Promise<ToolResult> {
  const run = await openRuns.of(by.session).catch(() => null);
  const { agent, epoch } = by.session;
  return await whileAbout({ agent, epoch, run }, () =>
    inSpan("tool.call", { tool: tool.name }, () => callTool(tool, by, raw, run)),
  );
}

async function callTool(
  tool: Tool,
  { context: shared, session, isCut = false }: Caller,
  raw: unknown,
  run: string | null,
): Promise<ToolResult> {
  // A tool gets deps that hold the caller's incarnation in each transaction: none of them can forget it.
  const input = wellFormedDeep(raw ?? {});
  const task = taskIn(tool, input);
  // Whoever only reads of a stopped task changes nothing about it.
  const named = tool.risk === "read" ? null : task;
  const context = { ...shared, deps: speakingFor(shared.deps, session, { inRun: true, task: named }) };
  const receiptId = context.deps.newId();
  const receipt = receiptOf(context, tool, {
    id: receiptId,
    session,
    argumentsDigest: argumentsDigest(input),
    run,
    task,
    args: input,
  });
  const call: ToolCall = { context, session, receiptId, receipt, run, task };
  let result: ToolResult;
  let status: ReceiptStatus = "succeeded";
  try {
    if (isCut) throw nestedTooDeep();
    if (holdsToken(input)) throw credentialSent();
    const parsed = tool.input.parse(input);
    // Nobody is asked about what cannot be done now.
    const closed = tool.closed?.();
    if (closed) throw closed;
    context.deps.crashPoint?.("tool.before_effect");
    // Before it answers: whatever happens next, the run has read it.
    if (!isGated(tool) && isForeign(tool)) await taintRun(context.deps, session, `the tool ${tool.name}`);
    if (isGated(tool)) ({ status, ...result } = await runGated(tool, call, parsed, receipt));
    else if (isAtomic(tool)) ({ status, ...result } = await runAtomic(tool, call, parsed));
    else if (isJournaled(tool)) ({ status, ...result } = await runJournaled(tool, call, parsed));
    else result = { ok: true, body: await tool.run(call, parsed, await tool.prepare?.(call, parsed)) };
    context.deps.crashPoint?.("tool.after_effect");
  } catch (error) {
    receipt.forget();
    result = refused(error, context.log);
    status = statusOf(error, tool);
  }
  // A transaction whose end nobody saw may have taken the receipt with it; where it stands, it stays as it is.
  if (receipt.written() && status !== "unknown") return { ...result, body: { ...result.body, receipt: receiptId } };
  // What was committed or begun under the fence has its receipt, whatever happened since; anything else is a write like any other.
  const isPast = receipt.begun() || receipt.written() || (result.ok && tool.risk !== "read");
  try {
    const stands = await receipt.write(isPast ? shared.deps : context.deps, { status, body: result.body });
    context.deps.crashPoint?.("tool.after_receipt");
    if (stands === "unknown" && status !== "unknown") result = { ok: false, body: heardTooLate() };
    return { ...result, body: { ...result.body, receipt: receiptId } };
  } catch (error) {
    // Whatever is the matter: what it read is not told before the session was asked about.
    if (session.unasked) return { ...refused(error, context.log), isDoubted: true };
    if (isOver(error)) return refused(error, context.log);
    // What was done stays done: saying that it failed would make the agent do it twice.
    context.log.error({ agent: session.agent, tool: tool.name, error: errorText(error) }, "a receipt was not recorded");
    return { ...result, body: { ...result.body, receipt: null } };
  }
}

/** Effect and receipt in one transaction: a crash leaves both or neither. A refusal that is on record has its receipt with it, too. */
async function runAtomic(
  tool: OpenTool,
  call: ToolCall,
  input: Record<string, unknown>,
): Promise<ToolResult & { status: ReceiptStatus }> {
  const { context, receipt } = call;
  const prepared = await tool.prepare?.(call, input);
  const told = (how: Ended<Record<string, unknown>>): ToolResult & { status: ReceiptStatus } =>
    "value" in how
      ? { ok: true, status: "succeeded", body: how.value }
      : { ...refused(how.error, context.log), status: statusOf(how.error, tool) };
  return told(
    await inOneTransaction(
      context.deps,
      (deps) => tool.run({ ...call, context: { ...context, deps } }, input, prepared),
      (unit, how) => receipt.writeIn(unit, told(how)),
    ),
  );
}

/** The task that a call names: what it is for, or what it is about. Whether the caller holds it is asked when the receipt is written. */
function taskIn(tool: Tool, input: unknown): string | null {
  if (typeof input !== "object" || input === null) return null;
  if (tool.foreign) return Id.safeParse((input as Record<string, unknown>)[fieldsOf(tool).task]).data ?? null;
  const { for_task, under_task, task_id } = input as Record<string, unknown>;
  return Id.safeParse(for_task ?? under_task ?? task_id).data ?? null;
}

/** What an agent was talked into sending stays here: no tool needs a credential, and one that is written down is known to others. */
const credentialSent = (): AitoError =>
  new AitoError("AITO_TOOL_SECRET", "the arguments hold a credential of this company; nothing was done", {
    hint: "leave it out: nobody needs it from you",
    status: 403,
  });

function refused(error: unknown, log: Logger): ToolResult {
  const known = toAitoError(error, log);
  const hint = known.hint === undefined ? {} : { hint: known.hint };
  return { ok: false, body: { code: known.code, message: redactText(known.message), ...hint } };
}
