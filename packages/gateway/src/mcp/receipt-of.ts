import { isAitoError, monotonicMs } from "@aito/base";
import {
  type AgentSession,
  beginCallIn,
  type CompanyDeps,
  endBegun,
  keepBegun,
  type NewReceipt,
  recordReceiptIn,
  traceBegun,
  transact,
  type Unit,
} from "@aito/company";
import { type DataClass, Fact, type ReceiptStatus } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import { classOf, isOwnRead, type Tool } from "./tool.ts";

interface Outcome {
  status: ReceiptStatus;
  body: Record<string, unknown>;
}

/** Who read these is on disk before they are told. */
const guarded: ReadonlySet<DataClass> = new Set(["personal", "payment"]);
/** How often a begun call is said to be under way still. */
const keepEveryMs = 30_000;

/** The receipt of one call, written once: by the transaction of its effect, or after it. */
export interface ReceiptOf {
  /**
   * Writes the call down before it begins, for an effect that no transaction of ours holds: once that is committed it has a receipt,
   * whatever happens to this gateway.
   */
  beginIn(unit: Unit): Promise<void>;
  /** It was written down and runs from here on. Returns how to say that it is over. */
  underway(): () => void;
  /**
   * What to look for where the effect is, should nobody hear how the call ended; before it is sent. Nothing for one that was not written
   * down as begun. Errors: AITO_AGENT_STALE, AITO_STOPPED.
   */
  trace(deps: CompanyDeps, trace: Record<string, unknown>): Promise<void>;
  /** Whether it was written down as begun. */
  begun(): boolean;
  /** Whether it stands already. */
  written(): boolean;
  /** What is kept of the result, where the caller is told less; null: what it is told. */
  keep(whole: Record<string, unknown> | null): void;
  writeIn(unit: Unit, outcome: Outcome): Promise<void>;
  /** The transaction that it was written in did not end well. */
  forget(): void;
  /** Returns what the record says: `outcome`'s status, unless the call was given up for lost before. */
  write(deps: CompanyDeps, outcome: Outcome): Promise<ReceiptStatus>;
}

export function receiptOf(
  context: GatewayContext,
  tool: Tool,
  call: { id: string; session: AgentSession; argumentsDigest: string; run: string | null; task: string | null; args: unknown },
): ReceiptOf {
  const startedMs = monotonicMs();
  let stands = false;
  let begun = false;
  let whole: Record<string, unknown> | null = null;
  const receipt = ({ status, body }: Outcome): NewReceipt => ({
    id: call.id,
    tool: tool.name,
    argumentsDigest: call.argumentsDigest,
    ok: status === "succeeded",
    status,
    result: status === "succeeded" ? (whole ?? body) : body,
    durationMs: monotonicMs() - startedMs,
    run: call.run,
    task: call.task,
    effect: tool.risk !== "read" && tool.evidence !== false,
    source: tool.source ?? "aito",
    facts: status === "succeeded" ? factsOf(context, tool, { body: whole ?? body, args: call.args }) : [],
    flushLater: status === "succeeded" && isOwnRead(tool) && !guarded.has(classOf(tool)),
  });
  const writeIn = async (unit: Unit, outcome: Outcome): Promise<void> => {
    await recordReceiptIn(unit, call.session, receipt(outcome), context.receiptSigner);
  };
  return {
    beginIn: async (unit) => {
      const { id, argumentsDigest, run, task } = call;
      const { source = "aito", name } = tool;
      const effect = tool.evidence !== false;
      await beginCallIn(unit, call.session, { id, tool: name, argumentsDigest, run, task, effect, source });
    },
    underway: () => {
      begun = true;
      return sayItLives(context, call.id);
    },
    trace: async (deps, trace) => {
      if (begun) await traceBegun(deps, call.id, trace);
    },
    begun: () => begun,
    written: () => stands,
    keep: (all) => {
      whole = all;
    },
    writeIn: async (unit, outcome) => {
      await writeIn(unit, outcome);
      // Should this transaction not commit, the call failed, and its receipt is written anew.
      stands = true;
    },
    forget: () => {
      stands = false;
    },
    write: async (deps, outcome) => {
      if (begun) {
        return await transact(deps, async (unit) => {
          const before = await endBegun(unit, call.id);
          if (before === null) await writeIn(unit, outcome);
          return before ?? outcome.status;
        });
      }
      await context.receipts.write(deps, call.session, receipt(outcome));
      return outcome.status;
    },
  };
}

/** Until it is told that the call is over. A word that is lost is said again; when all are, the call counts as lost. */
function sayItLives({ deps, clock }: Pick<GatewayContext, "deps" | "clock">, id: string): () => void {
  let over = false;
  let stop = (): void => undefined;
  const later = (): void => {
    stop = clock.after(keepEveryMs, () => {
      void keepBegun(deps, id)
        .catch(() => undefined)
        .finally(() => {
          if (!over) later();
        });
    });
  };
  later();
  return () => {
    over = true;
    stop();
  };
}

/** A tool whose own facts are malformed states none: its result counts all the same. */
export function factsOf(
  context: GatewayContext,
  tool: Tool,
  { body, args }: { body: Record<string, unknown>; args: unknown },
): Fact[] {
  if (!tool.facts) return [];
  const given = typeof args === "object" && args !== null ? (args as Record<string, unknown>) : {};
  const parsed = Fact.array()
    .max(200)
    .safeParse(tool.facts(body, context.clock.now(), given));
  if (!parsed.success) context.log.error({ tool: tool.name, problem: parsed.error.message }, "a tool stated malformed facts");
  return parsed.data ?? [];
}

/** What the caller of a call is told that was given up for lost before its end was heard: the record says `unknown`, and stays so. */
export const heardTooLate = (): Record<string, unknown> => ({
  code: "AITO_OUTCOME_UNKNOWN",
  message: "nothing was heard of it for so long that it is on record as of unknown outcome: it may have happened",
  hint: "do not repeat it; ask the operator, who can see whether it was done",
});

/**
 * How a call ended that threw: what was turned down is `refused`. Where something broke while a change was under way, nobody knows
 * whether it was made, and the receipt says just that.
 */
export function statusOf(error: unknown, tool: Tool): ReceiptStatus {
  const refused = isAitoError(error) ? error.status < 500 && error.fate !== "retry" : isZodError(error);
  if (refused) return "refused";
  return tool.risk === "read" ? "failed" : "unknown";
}

const isZodError = (error: unknown): boolean => error instanceof Error && error.name === "ZodError";
