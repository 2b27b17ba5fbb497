import { AitoError, wellFormed } from "@aito/base";
import type { ContradictionReopened, SettlementView } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { periodText } from "./check-claim.ts";
import { compareOnce, contradicts } from "./contradicts.ts";
import { sidesOf } from "./disputes.ts";
import { toCheckedClaim } from "./list-claims.ts";
import { around, rivalsAmong, statedBefore } from "./open-contradictions.ts";
import {
  insertContradictions,
  joinSide,
  lockFigure,
  selectClaimsById,
  selectOpponents,
  selectSettlements,
  selectSubject,
  type SettlementRow,
  type SideRow,
  type Subject,
  unrefuteClaims,
  withdrawClaims,
} from "./queries.ts";
import { contradictionUnknown, tellOf } from "./settle-contradiction.ts";
import { allOpenPairs, allStanding } from "./standing-sides.ts";

const settlementsMax = 20;
/** Of one settlement. */
const refutedMax = 200;

/** What humans have settled, the newest first. */
export async function listSettlements(deps: CompanyDeps): Promise<SettlementView[]> {
  return await transact(deps, async (unit) => {
    const rows = await selectSettlements(unit, { limit: settlementsMax, refutedMax });
    const ids = rows.flatMap(({ upheld, refuted }) => [...(upheld === null ? [] : [upheld]), ...refuted]);
    const claims = new Map((await selectClaimsById(unit, [...new Set(ids)])).map((claim) => [claim.id, claim]));
    return rows.map(({ id, task_id: task, at, by, reason, upheld, refuted }) => {
      const holds = upheld === null ? undefined : claims.get(upheld);
      return {
        id,
        task,
        at: at.toISOString(),
        by,
        reason,
        holds: holds ? toCheckedClaim(holds) : null,
        refuted: sidesOf(refuted.flatMap((claim) => claims.get(claim) ?? [])).map(toCheckedClaim),
      };
    });
  });
}

/**
 * A human takes a settlement back: what it refuted contradicts what held again, as do those who have stated it again since, and an agent that
 * has said otherwise since stays with that. Their task stays ended. Errors: AITO_CONTRADICTION_UNKNOWN; AITO_CONTRADICTION_OPEN (409) when it is
 * not settled.
 */
export async function reopenContradiction(
  deps: CompanyDeps,
  input: { id: string; reason: string; by: string },
): Promise<ContradictionReopened> {
  const { id, by } = input;
  return await transact(deps, async (unit) => {
    const about = await selectSubject(unit, id);
    if (!about) throw contradictionUnknown(id);
    await lockFigure(unit, about);
    const what = `${about.metric} of ${about.entity} (${periodText(about.period)})`;
    const [settled] = await selectSettlements(unit, { of: id, limit: 1, refutedMax });
    if (!settled) {
      throw new AitoError("AITO_CONTRADICTION_OPEN", `${what}: no settlement of this contradiction counts`, {
        hint: "see what is settled with: aito contradictions settled",
        status: 409,
      });
    }
    const ids = await unrefuteClaims(unit, about, settled.at);
    await contradictAgain(unit, about, { back: new Set(ids), settled });
    const claims = await selectClaimsById(unit, ids);
    const figures = sidesOf(claims);
    const reason = wellFormed(input.reason);
    const said = `${by} has taken back what was settled of ${what}: what did not hold may hold again, and who stated it is asked anew. ${reason}`;
    const told = await tellOf(
      unit,
      [...claims, ...(settled.upheld === null ? [] : await selectClaimsById(unit, [settled.upheld]))],
      said,
    );
    await unit.event({
      type: "claims.reopened",
      source: by,
      payload: {
        contradiction: id,
        metric: about.metric,
        entity: about.entity,
        period: periodText(about.period),
        settled: { by: settled.by, at: settled.at.toISOString(), reason: settled.reason },
        figures: figures.map(({ id: claim, agent, value, unit: of }) => ({ claim, agent, value: `${value} ${of}` })),
        reason,
        told,
      },
    });
    return { figures: figures.map(toCheckedClaim), told };
  });
}

/** What was refuted until now against what stands: an agent's word is what it said last, and that contradicts what others say. */
async function contradictAgain(
  unit: Unit,
  about: Subject,
  { back, settled }: { back: ReadonlySet<string>; settled: SettlementRow },
): Promise<void> {
  const isBack = ({ same }: SideRow): boolean => same.some((id) => back.has(id));
  const moments = (await selectClaimsById(unit, [...back])).map((claim) => claim.observed_at!);
  const within = { ...around(moments), to: unit.now };
  const all = await allStanding(unit, { claim: about, who: "all", within });
  const compare = compareOnce();
  const isPeriod = true;
  const withdrawn = new Set<SideRow>();
  for (const side of all) {
    // What was stated before the settlement stood together.
    const later = all.find(
      (each) =>
        each.agent_id === side.agent_id &&
        each.id > side.id &&
        each.created_at > settled.at &&
        (isBack(each) || isBack(side)) &&
        contradicts({ ...statedBefore(each), isPeriod }, { ...statedBefore(side), isPeriod }, compare),
    );
    if (!later) continue;
    withdrawn.add(side);
    await withdrawClaims(unit, side.same, later.id);
  }
  const sides = all.filter((side) => !withdrawn.has(side));
  await pairUp(unit, sides, { isBack, taskId: (await allOpenPairs(unit, about)).at(-1)?.task_id ?? settled.task_id });
}

/** Each with one of each other agent that it contradicts, where there is none yet. */
async function pairUp(
  unit: Unit,
  sides: readonly SideRow[],
  { isBack, taskId }: { isBack: (side: SideRow) => boolean; taskId: string | null },
): Promise<void> {
  const compare = compareOnce();
  const opponents = new Map<string, Set<string>>();
  const against = (head: string): Set<string> => opponents.get(head) ?? opponents.set(head, new Set()).get(head)!;
  const heads = [...new Set(sides.flatMap((side) => side.heads))];
  for (const { claim, agent_id: agent } of await selectOpponents(unit, heads)) against(claim).add(agent);
  for (const side of sides.filter(isBack)) {
    // What has stated the same again was refuted at once: it is of the side that it repeats from now on.
    const [head, ...repeated] = side.heads.toSorted() as [string, ...string[]];
    for (const again of repeated) if (!opponents.has(again)) await joinSide(unit, again, head);
    const others = sides.filter((each) => each.agent_id !== side.agent_id);
    for (const rival of rivalsAmong(statedBefore(side), others, compare)) {
      const other = rival.heads[0]!;
      if (against(head).has(rival.agent_id) && against(other).has(side.agent_id)) continue;
      await insertContradictions(unit, { pairs: [{ id: unit.newId(), first: other }], second: head, taskId });
      against(head).add(rival.agent_id);
      against(other).add(side.agent_id);
    }
  }
}
