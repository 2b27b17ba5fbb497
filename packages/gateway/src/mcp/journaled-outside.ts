import { errorText, redactText } from "@aito/base";
import { type AgentSession, argumentsDigest, type ReadyCall, speakingFor, traceApproved } from "@aito/company";
import { visibleLine } from "@aito/connectors";
import type { GatewayContext } from "../gateway-context.ts";
import { isOver } from "./is-over.ts";
import { type ReceiptOf, receiptOf, statusOf } from "./receipt-of.ts";
import type { OpenTool, ToolCall } from "./tool.ts";

/** A tool that names none: several requests to another system, each of them bounded. */
const timeoutMsOf = (tool: OpenTool): number => tool.timeoutMs ?? 240_000;
/** After the tool's own limit: what then was not heard of is unknown. */
export const graceMs = 10_000;
const summaryCharactersMax = 200;

type Input = Record<string, unknown>;

export const summaryOf = (tool: OpenTool, input: Input): string =>
  visibleLine(tool.summary?.(input) ?? `call ${tool.name} with ${JSON.stringify(input)}`, summaryCharactersMax);

/** The same once a human approved it, for the present incarnation of who asked. */
export function journaledOutside(
  context: GatewayContext,
  { tool, caller, input }: { tool: OpenTool; caller: AgentSession; input: Input },
): NonNullable<ReadyCall["outside"]> {
  return {
    leaseMs: timeoutMsOf(tool) + graceMs,
    run: async (approval) => {
      const own = { ...context, deps: speakingFor(context.deps, caller) };
      const id = context.deps.newId();
      const about = { id, session: caller, argumentsDigest: argumentsDigest(input), run: null, task: caller.taskId, args: input };
      const receipt: ReceiptOf = {
        ...receiptOf(own, tool, about),
        trace: (deps, trace) => traceApproved(deps, approval, trace),
      };
      const call: ToolCall = { context: own, session: caller, receiptId: id, receipt, run: null, task: caller.taskId, approval };
      let begun = false;
      const work = async (): Promise<Input> => {
        const prepared = await tool.prepare?.(call, input);
        begun = true;
        return await tool.run(call, input, prepared);
      };
      const late = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMsOf(tool))]);
      const stopped = new Promise<never>((_, reject) => {
        late.addEventListener("abort", () => reject(new Error("nothing was heard of it in time")), { once: true });
      });
      try {
        return { ok: true, result: await Promise.race([work(), stopped]), undo: null };
      } catch (error) {
        return { ok: false, arrived: arrivedOf(error, tool, begun), error: `${redactText(errorText(error))}.` };
      }
    },
  };
}

/** What was turned down had no effect. A caller that was replaced or stopped on the way may have had one. */
function arrivedOf(error: unknown, tool: OpenTool, begun: boolean): "no" | "unknown" {
  if (!begun) return "no";
  if (isOver(error)) return "unknown";
  return statusOf(error, tool) === "refused" ? "no" : "unknown";
}
