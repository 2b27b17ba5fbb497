import { errorText, isAitoError, togetherMs } from "@aito/base";
import {
  endLostApprovals,
  endLostCalls,
  endOverdue,
  type LookFor,
  openApprovals,
  type Ran,
  recordReceiptIn,
  runApproved,
  type Seen,
  type Tools,
  type Unit,
} from "@aito/company";
import { channels as busChannels } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import { showOnBoardTool } from "../board/show-on-board.ts";
import { gatedTools } from "../mcp/gated-call.ts";
import { factsOf } from "../mcp/receipt-of.ts";
import { fleetTools } from "../mcp/routes.ts";
import { isGated, type Tool } from "../mcp/tool.ts";
import { openWhenPossible } from "../open-when-possible.ts";
import { restUntilRung } from "../rest-until-rung.ts";

/** Bells can be lost: what is approved is found within this time all the same, and what is overdue ends. */
export const lookEveryMs = 2_000;
/** The same while nothing waits for anybody: what is asked then rings, too, and so does its answer. */
const restEveryMs = 30_000;
const atOnceMax = 8;
const bell = '"approval.';

/**
 * Runs what humans have approved, each call once whatever other gateways do, and ends what is overdue, of what began without an approval
 * too. The rows decide; a bell only makes
 * it fast. A call that takes long holds up no other.
 */
export async function keepApprovals(context: GatewayContext): Promise<{ close(): Promise<void> }> {
  const { bus, clock, log, signal, deps } = context;
  const running = new Map<string, Promise<void>>();
  let wake = (): void => undefined;
  const subscribed = await openWhenPossible("approvals' bell", context, () =>
    bus.subscribe(
      [busChannels.console],
      (_channel, body) => {
        if (body.includes(bell)) wake();
      },
      () => wake(),
    ),
  );

  /** Whether anything waits: for a human, to be run, or for its end. */
  const look = async (): Promise<boolean> => {
    // A tool that nobody has looked for yet would count as gone.
    if (!context.outside.isReady()) return true;
    const { approved, open } = await openApprovals(deps);
    for (const id of approved) {
      if (running.size >= atOnceMax || signal.aborted) return true;
      if (running.has(id)) continue;
      const one = runOne(context, id, toolsNow(context))
        .catch((error: unknown) => tellNotBegun(context, id, error))
        .finally(() => {
          running.delete(id);
          // With all hands full the others were left for later.
          if (running.size === atOnceMax - 1) wake();
        });
      running.set(id, one);
    }
    return open;
  };

  let overdueAt = 0;
  const lost = endsLost(context);
  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let open = true;
      try {
        open = await look();
        if (open && clock.now().getTime() - overdueAt >= lookEveryMs) {
          overdueAt = clock.now().getTime();
          await endOverdue(deps, toolsNow(context));
          lost.look();
        }
      } catch (error) {
        log.warn({ error: errorText(error) }, "approved calls could not be read");
      }
      await restUntilRung(context, togetherMs(open ? lookEveryMs : restEveryMs), rung);
    }
  })();
  return {
    close: async () => {
      await subscribed.close();
      await loop;
      await lost.over();
      await Promise.allSettled(running.values());
    },
  };
}

/** Ends calls that were begun and lost, one look at a time. Other systems are asked for it, so that nothing here waits for it. */
function endsLost(context: GatewayContext): { look(): void; over(): Promise<void> } {
  const { deps, log, receiptSigner } = context;
  const seen: LookFor = (call) => lookFor(context, call);
  const end = async (): Promise<void> => {
    try {
      await endLostCalls(deps, receiptSigner, seen);
      await endLostApprovals(deps, toolsNow(context), seen);
    } catch (error) {
      log.warn({ error: errorText(error) }, "lost calls could not be ended");
    }
  };
  let running: Promise<void> | null = null;
  return {
    look: () => {
      running ??= end().finally(() => {
        running = null;
      });
    },
    over: async () => {
      await running;
    },
  };
}

/** A tool that is gone, or leaves no trace, cannot be looked for. */
async function lookFor(context: GatewayContext, call: Parameters<LookFor>[0]): Promise<Seen | null> {
  const tool = context.moreTools().find(({ name }) => name === call.tool);
  if (!tool || isGated(tool) || !tool.lookFor) return null;
  try {
    return await tool.lookFor(call.trace);
  } catch (error) {
    context.log.warn({ tool: call.tool, error: errorText(error) }, "what became of a lost call could not be asked; tried again");
    throw error;
  }
}

/** What waits for an outside system says so at every look: that is no news. */
function tellNotBegun({ log }: GatewayContext, id: string, error: unknown): void {
  const level = isAitoError(error, "AITO_TOOL_BROKEN") ? "debug" : "warn";
  log[level]({ approval: id, error: errorText(error) }, "an approved call could not begin; tried again");
}

/** The gated tools as they are now: those of outside servers come and go. */
function toolsNow(context: GatewayContext): Tools {
  const offered = [...fleetTools, ...context.moreTools(), showOnBoardTool];
  return {
    ...gatedTools(offered, context),
    receipt: (unit, ran) =>
      writeReceipt(
        unit,
        context,
        ran,
        offered.find(({ name }) => name === ran.approval.tool),
      ),
  };
}

async function runOne(context: GatewayContext, id: string, tools: Tools): Promise<void> {
  const { deps, log } = context;
  const ran = await runApproved(deps, id, tools);
  if (ran) log.info({ approval: id, tool: ran.approval.tool, ok: ran.ok }, "an approved call ran");
}

/** The gateway's own signed record, on who asked for the call and its task. */
async function writeReceipt(unit: Unit, context: GatewayContext, ran: Ran, tool: Tool | undefined): Promise<void> {
  const { approval, receiptId, receipt: status, ok, result, whole } = ran;
  const caller = { agentId: approval.agent_id, agent: approval.agent, epoch: approval.epoch, taskId: approval.task_id };
  await recordReceiptIn(
    unit,
    caller,
    {
      id: receiptId,
      tool: approval.tool,
      argumentsDigest: approval.call_digest,
      ok,
      status,
      result: whole ?? result,
      durationMs: unit.now.getTime() - (approval.started_at ?? unit.now).getTime(),
      run: approval.run_id,
      effect: tool?.evidence !== false,
      source: tool?.source ?? "aito",
      facts: tool && status === "succeeded" ? factsOf(context, tool, { body: whole ?? result, args: approval.arguments }) : [],
    },
    context.receiptSigner,
  );
}
