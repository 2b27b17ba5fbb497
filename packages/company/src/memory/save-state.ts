import { AitoError, wellFormed, wellFormedDeep } from "@aito/base";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { upsertState } from "./queries.ts";

export const stateBytesMax = 64 * 1024;
const previewCharsMax = 600;

/** Sets one key of the agent's persistent memory; returns its new version. Error: AITO_STATE_TOO_BIG. */
export async function saveState(
  deps: CompanyDeps,
  session: AgentSession,
  input: { key: string; value: unknown },
): Promise<number> {
  return await transact(deps, async (unit) => {
    await fence(unit, session);
    return await saveStateIn(unit, session, input.key, input.value);
  });
}

export async function saveStateIn(unit: Unit, session: AgentSession, key: string, value: unknown): Promise<number> {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? "");
  if (bytes > stateBytesMax) {
    throw new AitoError("AITO_STATE_TOO_BIG", `state "${key}" is ${bytes} bytes; at most ${stateBytesMax} are kept`, {
      hint: "store a shorter value, or split it over several keys",
    });
  }
  const version = await upsertState(unit, { id: unit.newId(), agentId: session.agentId, key, value: wellFormedDeep(value) });
  await unit.event({
    type: "agent.state_saved",
    source: session.agent,
    payload: { key, version, bytes, preview: preview(value) },
  });
  return version;
}

/** What was written down, short enough for a log line: a list, or an object's `steps`, reads as "1. …; 2. …". */
function preview(value: unknown): string {
  const steps = Array.isArray(value) ? value : (value as { steps?: unknown } | null)?.steps;
  const text = Array.isArray(steps)
    ? steps.map((step, index) => `${index + 1}. ${lineOf(step)}`).join("; ")
    : typeof value === "string"
      ? value
      : (JSON.stringify(value) ?? "");
  return wellFormed(text.replace(/\s+/g, " ").slice(0, previewCharsMax));
}

const lineOf = (step: unknown): string => {
  const named = step as { title?: unknown; text?: unknown; step?: unknown; owner?: unknown } | null;
  const text = typeof step === "string" ? step : (named?.title ?? named?.text ?? named?.step);
  if (typeof text !== "string") return JSON.stringify(step);
  return typeof named?.owner === "string" ? `${text} (${named.owner})` : text;
};
