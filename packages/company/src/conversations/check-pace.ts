import { AitoError } from "@aito/base";
import { MessageLimits } from "@aito/protocol";
import type { AgentRow } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { countTurn, hasProgress, markThrottled, restartTurns, selectPace, stopConversation } from "./queries.ts";

const windowMs = 60_000;
const perMinuteMost = 10_000;
/** Two who were stopped may try again after this. */
const restMs = 3_600_000;

export interface Admitted {
  hops: number;
  limits: MessageLimits;
}

export interface Refusal {
  error: AitoError;
  /** Who must be told why, once. */
  tell?: { names: string[]; why: string };
}

/**
 * Whether an agent may write now; its row is locked. A refusal is a value, not thrown: what it writes down must be stored.
 * AITO_MESSAGE_RATE: more than `perMinute` in a minute. AITO_MESSAGE_HOPS: the chain of messages that led here is over `hopsMax`
 * and the sender did nothing but write. AITO_MESSAGE_NO_PROGRESS: the two have written `turnsMax` times in turns and neither has
 * changed anything since.
 */
export async function checkPace(
  unit: Unit,
  sender: AgentRow,
  to: { reader: AgentRow | null; inReplyTo: string | null },
): Promise<Admitted | Refusal> {
  const since = new Date(unit.now.getTime() - windowMs);
  const pace = await selectPace(unit, { agentId: sender.id, since, inReplyTo: to.inReplyTo, countMax: perMinuteMost });
  const limits = MessageLimits.parse(pace.limits ?? {});
  if (pace.sent >= limits.perMinute) return { error: await overRate(unit, sender, { sent: pace.sent, limits }) };
  let hops = pace.hops + 1;
  if (hops > limits.hopsMax) {
    if (!(await hasProgress(unit, [sender.id], pace.chainAt!))) return { error: overHops(sender.name, limits) };
    hops = 0;
  }
  const stopped = to.reader ? await checkTurns(unit, sender, to.reader, limits) : null;
  return stopped ?? { hops, limits };
}

/** The operator is told once a minute: the refusals after it change nothing that anybody has to know. */
async function overRate(unit: Unit, sender: AgentRow, seen: { sent: number; limits: MessageLimits }): Promise<AitoError> {
  const { perMinute } = seen.limits;
  if (await markThrottled(unit, sender.id, new Date(unit.now.getTime() - windowMs)))
    await unit.event({ type: "agent.throttled", source: "system", target: sender.name, payload: { sent: seen.sent, perMinute } });
  const message = `${sender.name} has written ${seen.sent} messages within a minute; ${perMinute} are allowed`;
  return new AitoError("AITO_MESSAGE_RATE", message, {
    hint: "this one was not sent; say what matters in one message, and the rest in a later run",
    fate: "retry",
    status: 429,
  });
}

const overHops = (sender: string, limits: MessageLimits): AitoError =>
  new AitoError(
    "AITO_MESSAGE_HOPS",
    `${limits.hopsMax} messages have led to this one, each to the next, and ${sender} has done nothing but write`,
    { hint: "do something about it first: a task, a decision, a result; or let it rest", status: 409 },
  );

async function checkTurns(unit: Unit, sender: AgentRow, reader: AgentRow, limits: MessageLimits): Promise<Refusal | null> {
  const seen = await countTurn(unit, sender.id, reader.id);
  if (seen.turns <= limits.turnsMax) return null;
  const rested = seen.stopped_at !== null && unit.now.getTime() - seen.stopped_at.getTime() >= restMs;
  if (rested || (await hasProgress(unit, [sender.id, reader.id], seen.since))) {
    await restartTurns(unit, sender.id, reader.id);
    return null;
  }
  const why = `${sender.name} and ${reader.name} have written to each other ${limits.turnsMax} times in turns, and neither has changed anything since`;
  const first = await stopConversation(unit, sender.id, reader.id);
  if (first) {
    await unit.event({
      type: "conversation.stopped",
      source: "system",
      target: sender.name,
      payload: { with: reader.name, turns: limits.turnsMax, why },
    });
  }
  return {
    error: new AitoError("AITO_MESSAGE_NO_PROGRESS", why, {
      hint: "settle it with a task, a decision or a state change; then you may write again",
      status: 409,
    }),
    ...(first ? { tell: { names: [sender.name, reader.name], why } } : {}),
  };
}
