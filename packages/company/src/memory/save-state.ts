import { AitoError, wellFormed, wellFormedDeep } from "@aito/base";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { lockState, upsertState } from "./queries.ts";

export const stateBytesMax = 64 * 1024;
const previewCharsMax = 600;

/**
 * Sets one key of the agent's persistent memory; returns its new version. `version` is the one that it is to replace, 0 for a new
 * key. Errors: AITO_STATE_TOO_BIG, AITO_STATE_CHANGED (409, another version is there), AITO_STATE_UNREAD (409).
 */
export async function saveState(deps: CompanyDeps, session: AgentSession, input: StateWrite): Promise<number> {
  return await transact(deps, async (unit) => {
    await fence(unit, session);
    return await saveStateIn(unit, session, input);
  });
}

export interface StateWrite {
  key: string;
  value: unknown;
  version?: number | undefined;
}

export async function saveStateIn(
  unit: Unit,
  session: AgentSession,
  { key, value, version: expected }: StateWrite,
): Promise<number> {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? "");
  if (bytes > stateBytesMax) {
    throw new AitoError("AITO_STATE_TOO_BIG", `state "${key}" is ${bytes} bytes; at most ${stateBytesMax} are kept`, {
      hint: "store a shorter value, or split it over several keys",
    });
  }
  await checkRead(unit, session, { key, expected });
  const version = await upsertState(unit, { id: unit.newId(), agentId: session.agentId, key, value: wellFormedDeep(value) });
  await unit.event({
    type: "agent.state_saved",
    source: session.agent,
    payload: { key, version, bytes, preview: preview(value) },
  });
  return version;
}

/** An agent never overwrites what it has not read. */
async function checkRead(
  unit: Unit,
  session: AgentSession,
  { key, expected }: { key: string; expected: number | undefined },
): Promise<void> {
  const row = await lockState(unit, { agentId: session.agentId, key, epoch: session.epoch });
  const version = row?.version ?? 0;
  if (expected !== undefined && expected !== version) {
    throw new AitoError("AITO_STATE_CHANGED", `state "${key}" is at version ${version}, not ${expected}`, {
      hint: "it was written since you read it: read it again, then decide what to store",
      status: 409,
    });
  }
  if (expected === undefined && row && !row.readable) {
    throw new AitoError(
      "AITO_STATE_UNREAD",
      `state "${key}" was stored before this start of ${session.agent}, which has not read it`,
      {
        hint: "read the run's context first, or name the version that you replace",
        status: 409,
      },
    );
  }
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
