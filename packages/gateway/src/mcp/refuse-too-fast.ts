import { errorText, wellFormedDeep } from "@aito/base";
import { type AgentSession, argumentsDigest, type CompanyDeps, type NewReceipt, speakingFor } from "@aito/company";
import type { OpenRuns } from "../agents/open-runs.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { nameOnRecord } from "./record-not-offered.ts";
import type { ToolResult } from "./run-tool.ts";

/** From the first call too many on: what else comes too fast within it has one receipt together. */
export const windowMs = 10_000;
const windowsMax = 1_000;
/** Names that are counted apart; a caller may make up as many as it likes. */
const namesMax = 20;
const [others, several] = ["(others)", "(several tools)"];

/** Why something is refused that comes too often to be written down one by one. */
export interface Refusal {
  told: { code: string; message: string; hint: string };
  /** What is said of many together. */
  together: string;
  /** What stands for a name among receipts. */
  onRecord(name: string): string;
}

const tooFast: Refusal = {
  told: {
    code: "AITO_TOOL_RATE",
    message: "too many tool calls in a short time; this one was not run",
    hint: "do what matters most first, and the rest in a later run",
  },
  together: "too many tool calls in a short time; none of these was run",
  onRecord: nameOnRecord,
};

interface CalledTooFast {
  name: string;
  args: unknown;
}

interface Window {
  receipt: string;
  session: AgentSession;
  run: string | null;
  from: Date;
  until: Date;
  calls: number;
  names: Map<string, number>;
  /** Of each call's name and arguments, hashed onto what was there before. */
  digest: string;
  cancel: () => void;
}

/** Answers calls that come faster than an agent may call, and has them on record. */
export interface TooFast {
  /** Never throws. The answer names the receipt that the call is in. */
  refuse(session: AgentSession, called: CalledTooFast, openRuns: OpenRuns): Promise<ToolResult>;
  /** Writes down what was counted so far. */
  close(): Promise<void>;
}

/**
 * Every call leaves a receipt, and a receipt for each call of a flood would be a flood in the database. So the first call too many of an
 * agent leaves its own, before it is answered; what follows within ten seconds is counted, and leaves one signed receipt with how many
 * there were, of which tools, from when until when, and a digest over all their arguments. That is two rows in ten seconds, however fast
 * an agent calls. A gateway that is killed loses the count of ten seconds at most, never that there was such a flood.
 */
export function makeTooFast(
  context: Pick<GatewayContext, "deps" | "receipts" | "clock" | "log">,
  { told, together, onRecord }: Refusal = tooFast,
): TooFast {
  const { deps, receipts, clock, log } = context;
  const windows = new Map<string, Window>();
  const closing = new Set<Promise<unknown>>();

  const write = async (by: CompanyDeps, session: AgentSession, receipt: NewReceipt): Promise<boolean> => {
    try {
      await receipts.write(by, session, receipt);
      return true;
    } catch (error) {
      // They are refused all the same; a session that is over, or stopped, leaves nothing.
      log.warn({ agent: session.agent, error: errorText(error) }, "what came too fast was not recorded");
      return false;
    }
  };
  const end = (key: string, window: Window): void => {
    if (windows.get(key) !== window) return;
    windows.delete(key);
    window.cancel();
    if (window.calls === 0) return;
    // What was refused was refused, whoever the agent is now.
    const written = write(deps, window.session, receiptOf(window, { ...told, message: together })).finally(() =>
      closing.delete(written),
    );
    closing.add(written);
  };

  return {
    refuse: async (session, { name, args }, openRuns) => {
      const key = `${session.agentId}:${session.epoch}`;
      const tool = onRecord(name);
      const digest = argumentsDigest(wellFormedDeep(args ?? {}));
      const open = windows.get(key);
      if (open) {
        count(open, { tool, digest, at: clock.now() });
        return { ok: false, body: { ...told, receipt: open.receipt } };
      }
      const [oldest] = windows.size >= windowsMax ? windows : [];
      if (oldest) end(...oldest);
      const window = openWindow(session, { receipt: deps.newId(), now: clock.now() });
      windows.set(key, window);
      window.cancel = clock.after(windowMs, () => end(key, window));
      window.run = await openRuns.of(session).catch(() => null);
      const id = deps.newId();
      const own = { id, tool, argumentsDigest: digest, ok: false, status: "refused", result: told, durationMs: 0 } as const;
      const stands = await write(speakingFor(deps, session, { inRun: true }), session, { ...own, run: window.run });
      return { ok: false, body: stands ? { ...told, receipt: id } : told };
    },
    close: async () => {
      for (const [key, window] of windows) end(key, window);
      await Promise.all(closing);
    },
  };
}

const openWindow = (session: AgentSession, { receipt, now }: { receipt: string; now: Date }): Window => ({
  receipt,
  session,
  run: null,
  from: now,
  until: now,
  calls: 0,
  names: new Map(),
  digest: argumentsDigest([]),
  cancel: () => undefined,
});

function count(window: Window, { tool, digest, at }: { tool: string; digest: string; at: Date }): void {
  const name = window.names.has(tool) || window.names.size < namesMax ? tool : others;
  window.names.set(name, (window.names.get(name) ?? 0) + 1);
  window.digest = argumentsDigest([window.digest, tool, digest]);
  if (window.calls === 0) window.from = at;
  window.calls += 1;
  window.until = at;
}

function receiptOf(
  { receipt, run, from, until, calls, names, digest }: Window,
  { code, message }: { code: string; message: string },
): NewReceipt {
  const [only] = names.keys();
  return {
    id: receipt,
    tool: names.size === 1 ? only! : several,
    argumentsDigest: digest,
    ok: false,
    status: "refused",
    result: {
      code,
      message,
      calls,
      tools: Object.fromEntries(names),
      from: from.toISOString(),
      until: until.toISOString(),
    },
    durationMs: until.getTime() - from.getTime(),
    run,
  };
}
