import { isAitoError, monotonicMs } from "@aito/base";
import { type AgentSession, type CompanyDeps, type NewReceipt, recordReceiptIn, type Unit } from "@aito/company";
import { Fact, type ReceiptStatus } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import type { Tool } from "./tool.ts";

interface Outcome {
  status: ReceiptStatus;
  body: Record<string, unknown>;
}

/** The receipt of one call, written once: by the transaction of its effect, or after it. */
export interface ReceiptOf {
  /** Whether it stands already. */
  written(): boolean;
  /** What is kept of the result, where the caller is told less; null: what it is told. */
  keep(whole: Record<string, unknown> | null): void;
  writeIn(unit: Unit, outcome: Outcome): Promise<void>;
  /** The transaction that it was written in did not end well. */
  forget(): void;
  write(deps: CompanyDeps, outcome: Outcome): Promise<void>;
}

export function receiptOf(
  context: GatewayContext,
  tool: Tool,
  call: { id: string; session: AgentSession; argumentsDigest: string; run: string | null; task: string | null; args: unknown },
): ReceiptOf {
  const startedMs = monotonicMs();
  let stands = false;
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
  });
  return {
    written: () => stands,
    keep: (all) => {
      whole = all;
    },
    writeIn: async (unit, outcome) => {
      await recordReceiptIn(unit, call.session, receipt(outcome), context.receiptSigner);
      // Should this transaction not commit, the call failed, and its receipt is written anew.
      stands = true;
    },
    forget: () => {
      stands = false;
    },
    write: (deps, outcome) => context.receipts.write(deps, call.session, receipt(outcome)),
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
