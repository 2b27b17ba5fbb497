import type { Claim, Fact } from "@aito/protocol";
import { agentRow, agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { createTaskIn } from "../tasks/create-task.ts";
import { periodText } from "./check-claim.ts";
import { compareOnce, contradicts, isSameTime, sameMomentMs, saysTheSame, type StatedValue } from "./contradicts.ts";
import { findingKey } from "./finding-key.ts";
import { refutedWords } from "./list-claims.ts";
import {
  type ClaimRow,
  insertContradictions,
  joinSide,
  lockFigure,
  type Refutation,
  refuteClaims,
  selectOpenFinding,
  selectOpponents,
  type SideRow,
  type Within,
  withdrawClaims,
} from "./queries.ts";
import { allRefuted, allStanding } from "./standing-sides.ts";

interface Made {
  id: string;
  agent: string;
  agentId: string;
  claim: Claim;
  fact: Fact;
  source: string | null;
}

/**
 * Two agents state different values of the same metric, entity and period, each from a receipt: one task is for both. It is the
 * later one's, the other is told of it, and while it is open no second one is made. Neither counts as verified until one of them has
 * withdrawn its value by stating another one, from a receipt, that agrees, or a human has settled it: how the task ends says nothing of
 * who was right. What a human has refuted stays refuted, whoever states it again; said why then, and null where it counts.
 */
export async function openContradictions(unit: Unit, made: Made): Promise<string | null> {
  await lockFigure(unit, made.claim);
  const refuted = await refutedBefore(unit, made);
  if (refuted) {
    await refuteClaims(unit, [made.id], refuted);
    return refutedWords(refuted.like);
  }
  await openAgainstOthers(unit, made);
  return null;
}

async function openAgainstOthers(unit: Unit, made: Made): Promise<void> {
  const own = await ownSide(unit, made);
  const rivals = await rivalsOf(unit, made);
  const rival = rivals[0];
  if (!rival) return;
  const { metric, entity } = made.claim;
  const key = findingKey(made.claim);
  const open = await selectOpenFinding(unit, key);
  // What is stated again after its task has ended is written down with the next one.
  const repeated = own.head === null && open !== null ? await repeatedIn(unit, made, own.disputed, rivals) : null;
  if (repeated !== null) await joinSide(unit, made.id, repeated);
  const head = own.head ?? repeated ?? made.id;
  const taskId = open ?? (await openTask(unit, made, rival, key));
  const heads = [...new Set(rivals.flatMap((each) => each.heads))];
  await insertContradictions(unit, { pairs: heads.map((first) => ({ id: unit.newId(), first })), second: head, taskId });
  if (open) return;
  await unit.event({
    type: "claims.contradict",
    source: "system",
    target: made.agent,
    payload: { metric, entity, claims: [rival.id, made.id], agents: [rival.agent, made.agent], task: taskId },
  });
}

/** What others state and cannot be right beside it. */
async function rivalsOf(unit: Unit, made: Made): Promise<SideRow[]> {
  const stated = statedIn(made);
  const who = { others: made.agentId };
  const others = await allStanding(unit, { claim: made.claim, who, within: around([stated.observedAt]) });
  return rivalsAmong(stated, others, compareOnce());
}

/** Of others' sides, the newest first, those that contradict it; whose newest value of its time agrees has said so already. */
export function rivalsAmong(stated: StatedValue, others: readonly SideRow[], compare: ReturnType<typeof compareOnce>): SideRow[] {
  const agrees = new Map<string, boolean>();
  return others.filter((each) => {
    const said = statedBefore(each);
    if (!isSameTime(stated, said)) return false;
    const isRival = contradicts(stated, said, compare);
    if (!agrees.has(each.agent_id)) agrees.set(each.agent_id, !isRival);
    return isRival && agrees.get(each.agent_id) === false;
  });
}

/**
 * Who measures the same again while others dispute it adds nothing to that but another moment: it stands and falls with what it repeats, so that
 * two agents who go on measuring do not contradict each other once for each two moments. Only where the same agents, or more, are against it.
 */
async function repeatedIn(
  unit: Unit,
  { claim, agentId }: Made,
  disputed: readonly SideRow[],
  rivals: readonly SideRow[],
): Promise<string | null> {
  const same = disputed
    .filter((each) => each.agent_id === agentId && each.value === claim.value && each.unit === claim.unit)
    .flatMap(({ heads }) => heads);
  const against = new Set(rivals.map(({ agent_id: id }) => id));
  const opponents = Map.groupBy(await selectOpponents(unit, same), (row) => row.claim);
  const fits = (head: string): boolean => opponents.get(head)?.every(({ agent_id: id }) => against.has(id)) ?? false;
  return same.find(fits) ?? null;
}

/**
 * What a human has said of the same value, unless it is the rounding of one that stands, of anybody, and that is none of a refuted value:
 * what rounds to both says nothing of which of them it is.
 */
async function refutedBefore(unit: Unit, made: Made): Promise<(Refutation & { like: ClaimRow }) | null> {
  const stated = statedIn(made);
  const within = around([stated.observedAt]);
  const refuted = (await allRefuted(unit, { about: made.claim, within })).map((row) => ({
    row,
    said: statedBefore(row),
  }));
  const like = refuted.find(({ said }) => saysTheSame(stated, said))?.row;
  if (!like) return null;
  const all = await allStanding(unit, { claim: made.claim, who: "all", within });
  const isBacked = all
    .filter(({ same }) => same.some((id) => id !== made.id))
    .map(statedBefore)
    .some((each) => saysTheSame(stated, each) && !refuted.some(({ said }) => saysTheSame(each, said)));
  if (isBacked) return null;
  return { at: unit.now, by: like.refuted_by!, why: like.refuted_why!, upheld: like.upheld, restates: like.id, like };
}

/**
 * An agent's word is what it said last. Of a period, another value takes the earlier one back; values at a moment change by themselves, so
 * there only one that is disputed is taken back. What it repeats is one side with what it said: `head` is the first claim of that.
 */
async function ownSide(unit: Unit, made: Made): Promise<{ head: string | null; disputed: SideRow[] }> {
  const isMoment = made.claim.period === null;
  const own = await allStanding(unit, {
    claim: made.claim,
    who: { own: made.agentId },
    within: null,
    ...(isMoment ? { disputedOr: made.fact.observedAt } : {}),
  });
  const isPeriod = true;
  const before = own.filter(({ same }) => !same.includes(made.id));
  const disputed = isMoment ? before.filter((each) => each.disputed_in !== null) : [];
  const changed = (isMoment ? disputed : before).filter((each) =>
    contradicts({ ...statedIn(made), isPeriod }, { ...statedBefore(each), isPeriod }),
  );
  if (changed.length > 0) {
    await withdrawClaims(
      unit,
      changed.flatMap(({ same }) => same),
      made.id,
    );
  }
  const head = own.find(({ same }) => same.includes(made.id))?.heads.find((id) => id !== made.id) ?? null;
  if (head !== null) await joinSide(unit, made.id, head);
  return { head, disputed };
}

/** Measured when a value of such a moment could contradict one of these. */
export function around(moments: readonly Date[]): Within {
  const times = moments.map((moment) => moment.getTime());
  return { from: new Date(Math.min(...times) - sameMomentMs), to: new Date(Math.max(...times) + sameMomentMs) };
}

const statedIn = ({ claim, fact, source }: Made): StatedValue => ({
  value: claim.value,
  unit: claim.unit,
  observedAt: new Date(fact.observedAt),
  source,
  isPeriod: claim.period !== null,
});

export const statedBefore = ({ value, unit, observed_at, source, period_from }: ClaimRow): StatedValue => ({
  value,
  unit,
  observedAt: observed_at!,
  source,
  isPeriod: period_from !== null,
});

async function openTask(unit: Unit, made: Made, rival: ClaimRow, key: string): Promise<string | null> {
  const { claim } = made;
  const [later, earlier] = [await standing(unit, made.agent), await standing(unit, rival.agent)];
  const what = `${claim.metric} of ${claim.entity} (${periodText(claim.period)})`;
  // What is measured, and of what, are the two agents' words.
  const taint = await selectTaintOf(unit, "claims", [rival.id, made.id]);
  const task = await createTaskIn(unit, null, {
    title: `Settle a contradiction: ${what}`.slice(0, 255),
    description:
      `${rival.agent} states ${rival.value} ${rival.unit} (receipts ${rival.receipts.join(", ")}), ` +
      `${made.agent} states ${claim.value} ${claim.unit} (receipts ${claim.receipts.join(", ")}). Find out with ${earlier.name} which one ` +
      "is right, and why the other source differs. Neither counts as verified until who was wrong reports the right value with its receipt, or a " +
      "human settles it.",
    assignTo: later.name,
    priority: 7,
    findingKey: key,
    taint,
  });
  if (!task) return await selectOpenFinding(unit, key);
  if (earlier.id !== later.id) {
    await sendMessageIn(unit, "system", {
      type: "direct",
      to: earlier.name,
      priority: "high",
      payload: {
        text: `Your figure and ${later.name}'s contradict each other: ${what}. See to the task with ${later.name}.`,
        task_id: task.id,
      },
      taint,
    });
  }
  return task.id;
}

/** A worker is gone after its task: whom it works for answers for its figures. */
export async function standing(unit: Unit, name: string): Promise<AgentRow> {
  const agent = await agentRow(unit, name);
  return agent.parent_agent_id ? await standing(unit, (await agentRowById(unit, agent.parent_agent_id)).name) : agent;
}
