import { AitoError, wellFormed } from "@aito/base";
import { type ContradictionSettled, type ContradictionView, Id, type SettleContradiction } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import { selectTask, type TaskRow } from "../tasks/queries.ts";
import { periodText } from "./check-claim.ts";
import { compareOnce, contradicts } from "./contradicts.ts";
import { type Dispute, disputes, isSameSide, sidesOf } from "./disputes.ts";
import { toCheckedClaim } from "./list-claims.ts";
import { around, standing, statedBefore } from "./open-contradictions.ts";
import {
  type ClaimRow,
  lockFigure,
  type PairRow,
  refuteClaims,
  selectClaimsById,
  selectOpenPairs,
  selectSpan,
  selectSubject,
  type SideRow,
  type Subject,
} from "./queries.ts";
import { allOpenPairs, allStanding } from "./standing-sides.ts";

/** That are shown, of each figure and of all, the oldest. Who settles settles all of a figure's dispute. */
const pairsMax = { ofFigure: 500, limit: 10_000 };
/** Of one contradiction, the newest: as many as an answer can name. */
const sidesMax = 200;
/** Values that are named in words; the event names all of them. */
const namedMax = 10;
const openStates: ReadonlySet<string> = new Set(["blocked", "pending", "running"]);

interface Open {
  dispute: Dispute<PairRow>;
  claims: ClaimRow[];
}

/** What agents state of the same figure and cannot all be right about, the newest first; where it is too much, the newest are left out. */
export async function listContradictions(deps: CompanyDeps): Promise<ContradictionView[]> {
  return await transact(deps, async (unit) =>
    (await openDisputes(unit, await selectOpenPairs(unit, pairsMax))).toReversed().map(toView),
  );
}

async function openDisputes(unit: Unit, pairs: readonly PairRow[]): Promise<Open[]> {
  const claims = await selectClaimsById(unit, [...new Set(pairs.flatMap(({ first, second }) => [first, second]))]);
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  return disputes(pairs).map((dispute) => ({ dispute, claims: dispute.claims.flatMap((id) => byId.get(id) ?? []) }));
}

const shownOf = (claims: readonly ClaimRow[]): ClaimRow[] => sidesOf(claims).slice(-sidesMax);

const toView = ({ dispute: { id, pairs }, claims }: Open): ContradictionView => ({
  id,
  // A later pair's task is made when the one before has ended.
  task: pairs.at(-1)!.task_id,
  since: pairs[0]!.created_at.toISOString(),
  sides: shownOf(claims).map(toCheckedClaim),
});

/**
 * A human says, once, which of the values that contradict each other holds, or that none does: those that do not are refuted, their agents
 * and the one that is right are told, and the task for both ends. Errors: AITO_CONTRADICTION_UNKNOWN; AITO_CONTRADICTION_SETTLED (409) when it
 * is over; AITO_CONTRADICTION_CHANGED (409) when other values stand now than `sides`, which were looked at, or `holds` is none of them.
 */
export async function settleContradiction(
  deps: CompanyDeps,
  input: { id: string; settle: SettleContradiction; by: string },
): Promise<ContradictionSettled> {
  const { settle, by } = input;
  return await transact(deps, async (unit) => {
    const about = await selectSubject(unit, input.id);
    if (!about) throw contradictionUnknown(input.id);
    // Before the figure: in that order whoever hands a task in with its claims takes them.
    const locked = await lockTasks(unit, about);
    await lockFigure(unit, about);
    const open = await stillOpen(unit, { id: input.id, about, settle });
    refuseOtherTasks(open, { about, locked });
    const held = open.claims.find(({ id }) => id === settle.holds) ?? null;
    const against = await standingAgainst(unit, open, { about, held });
    const reason = wellFormed(settle.reason);
    await refuteClaims(
      unit,
      against.flatMap(({ same }) => same),
      { at: unit.now, by, why: reason, upheld: held?.id ?? null, restates: null },
    );
    const refuted = await selectClaimsById(
      unit,
      against.flatMap(({ heads }) => heads),
    );
    const words = wordsOf({ about, held, refuted, by, reason });
    const tasks = await endTasks(unit, { open, locked }, { about, summary: words, held, by });
    const text = `${words} What does not hold stays unverified however often it is stated; another value is stated from its receipt.`;
    const told = await tellOf(unit, open.claims, text);
    await unit.event({
      type: "claims.settled",
      source: by,
      target: held?.agent ?? null,
      payload: {
        contradiction: open.dispute.id,
        metric: about.metric,
        entity: about.entity,
        period: periodText(about.period),
        holds: held && { claim: held.id, agent: held.agent, value: `${held.value} ${held.unit}` },
        refuted: sidesOf(refuted).map(({ id, agent, value, unit: of }) => ({ claim: id, agent, value: `${value} ${of}` })),
        reason,
        told,
        tasks,
      },
    });
    const [holds] = held ? await selectClaimsById(unit, [held.id]) : [];
    return { holds: holds ? toCheckedClaim(holds) : null, refuted: sidesOf(refuted).map(toCheckedClaim), told, tasks };
  });
}

export const contradictionUnknown = (id: string): AitoError =>
  new AitoError("AITO_CONTRADICTION_UNKNOWN", `there is no contradiction with id ${id}`, {
    hint: "see the ids with: aito contradictions",
    status: 404,
  });

/** The whole dispute that is to be settled, of which that was looked at which is shown. */
async function stillOpen(
  unit: Unit,
  { id, about, settle }: { id: string; about: Subject; settle: SettleContradiction },
): Promise<Open> {
  const all = await allOpenPairs(unit, about);
  const disputeIn = async (pairs: readonly PairRow[]): Promise<Open | undefined> =>
    (await openDisputes(unit, pairs)).find(({ dispute }) => dispute.pairs.some((pair) => pair.id === id));
  const open = await disputeIn(all);
  if (!open) {
    throw new AitoError("AITO_CONTRADICTION_SETTLED", `${about.metric} of ${about.entity}: this contradiction is over`, {
      hint: "somebody has settled it, or an agent has stated another value; see: aito figures",
      status: 409,
    });
  }
  const shown = all.length <= pairsMax.ofFigure ? open : await disputeIn(all.slice(0, pairsMax.ofFigure));
  const sides = shownOf(shown?.claims ?? []).map((claim) => claim.id);
  const seen = new Set(settle.sides);
  if (
    sides.length !== seen.size ||
    !sides.every((side) => seen.has(side)) ||
    (settle.holds !== null && !seen.has(settle.holds))
  ) {
    throw changed(about, "other values stand now than were looked at");
  }
  return open;
}

const changed = ({ metric, entity }: Subject, how: string): AitoError =>
  new AitoError("AITO_CONTRADICTION_CHANGED", `${metric} of ${entity}: ${how}`, {
    hint: "look at them anew and answer again: aito contradictions",
    status: 409,
  });

/** The tasks of what is open about a figure. */
async function lockTasks(unit: Unit, about: Subject): Promise<Map<string, TaskRow>> {
  const locked = new Map<string, TaskRow>();
  for (const id of tasksOf(await allOpenPairs(unit, about))) {
    const task = await selectTask(unit, id, true);
    if (task) locked.set(id, task);
  }
  return locked;
}

const tasksOf = (pairs: readonly PairRow[]): string[] =>
  [...new Set(pairs.flatMap(({ task_id: task }) => task ?? []))].toSorted();

/** One that was made between the two locks could only be locked in the wrong order. */
function refuseOtherTasks({ dispute }: Open, { about, locked }: { about: Subject; locked: ReadonlyMap<string, TaskRow> }): void {
  if (tasksOf(dispute.pairs).some((task) => !locked.has(task))) throw changed(about, "another task is for it now");
}

/** What stands of the figure and contradicts what is held, whether it is in the dispute or not; with nothing held, all of the dispute. */
async function standingAgainst(
  unit: Unit,
  { dispute }: Open,
  { about, held }: { about: Subject; held: ClaimRow | null },
): Promise<SideRow[]> {
  const disputed = new Set(dispute.claims);
  const span = await selectSpan(unit, dispute.claims);
  const sides = await allStanding(unit, { claim: about, who: "all", within: span && around([span.from, span.to]) });
  const isIn = (ids: ReadonlySet<string>, { heads }: SideRow): boolean => heads.some((head) => ids.has(head));
  if (!held) return sides.filter((side) => isIn(disputed, side));
  const holding = sides.filter((side) => isSameSide(side, held) && isIn(disputed, side));
  const heads = new Set(holding.flatMap((side) => side.heads));
  const paired = new Set(
    dispute.pairs.flatMap(({ first, second }) => [...(heads.has(first) ? [second] : []), ...(heads.has(second) ? [first] : [])]),
  );
  const compare = compareOnce();
  const right = holding.map(statedBefore);
  const wrong = sides.filter((side) => {
    const said = statedBefore(side);
    return !isSameSide(side, held) && (isIn(paired, side) || right.some((each) => contradicts(each, said, compare)));
  });
  // What repeats one of them falls with it.
  const fallen = new Set(wrong.flatMap((side) => side.heads));
  return sides.filter((side) => isIn(fallen, side));
}

function wordsOf(of: {
  about: Subject;
  held: ClaimRow | null;
  refuted: readonly ClaimRow[];
  by: string;
  reason: string;
}): string {
  const stated = (claims: readonly ClaimRow[]): string => {
    const all = sidesOf(claims).map(({ agent, value, unit }) => `${value} ${unit} of ${agent}`);
    return [...all.slice(0, namedMax), ...(all.length > namedMax ? [`${all.length - namedMax} more`] : [])].join(", ");
  };
  const { metric, entity, period } = of.about;
  const what = `${metric} of ${entity} (${periodText(period)})`;
  const holds = of.held ? `${stated([of.held])} holds, not ${stated(of.refuted)}` : `none holds: ${stated(of.refuted)}`;
  return `${of.by} has settled ${what}: ${holds}. ${of.reason}`;
}

/** Those of which nothing is open any more. */
async function endTasks(
  unit: Unit,
  { open, locked }: { open: Open; locked: ReadonlyMap<string, TaskRow> },
  { about, summary, held, by }: { about: Subject; summary: string; held: ClaimRow | null; by: string },
): Promise<string[]> {
  const left = new Set(tasksOf(await allOpenPairs(unit, about)));
  const mine = tasksOf(open.dispute.pairs).filter((task) => !left.has(task));
  const ended: string[] = [];
  for (const id of mine) {
    const task = locked.get(id);
    if (!task || !openStates.has(task.status)) continue;
    const receipts = (held?.receipts ?? []).filter((receipt) => Id.safeParse(receipt).success);
    await endTaskIn(unit, task, { status: "done", result: { summary, text: null, receipts }, by });
    ended.push(id);
  }
  return ended;
}

/** Who has stated these, each agent once, or whom it worked for. */
export async function tellOf(unit: Unit, claims: readonly ClaimRow[], text: string): Promise<string[]> {
  const agents = new Set<string>();
  for (const name of new Set(claims.map(({ agent }) => agent))) agents.add((await standing(unit, name)).name);
  // What is measured, and of what, are the agents' words.
  const ids = claims.map(({ id }) => id);
  const taint = await selectTaintOf(unit, "claims", ids);
  for (const to of agents) {
    await sendMessageIn(unit, "system", { type: "direct", to, priority: "high", payload: { text }, taint });
  }
  return [...agents];
}
