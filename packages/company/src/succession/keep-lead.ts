import type { Tx } from "@aito/db";
import type { FleetFile } from "@aito/protocol";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { stopsOf } from "../kill-switches/find-stop.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { beginTerm, countTakeovers, endTermOf, type LeadTermRow, openTerm, selectCandidates, watchTerm } from "./queries.ts";
import { succeed, type SuccessionStep, type SuccessionTimes, type SuccessionView } from "./rules.ts";

/** A head that was not heard for this long is lost: three heartbeats. */
export const heardWithinMs = 15_000;
const takeoverWindowMs = 3_600_000;
const bothLost = { kind: "heads_lost", subject: "lead" } as const;

const timesOf = (file: FleetFile): SuccessionTimes => ({
  graceMs: file.succession.graceSeconds * 1_000,
  returnMs: file.succession.returnSeconds * 1_000,
});

/**
 * The tick: looks at the heads and does at most one step of `succeed`. The open term is locked while it is judged, and its end and
 * the next one's beginning are one transaction, so that there is one lead at every moment. Returns whether the lead changed.
 */
export async function keepLead(deps: CompanyDeps, options: { heardWithinMs?: number } = {}): Promise<boolean> {
  const within = options.heardWithinMs ?? heardWithinMs;
  // A calm company is read, not locked: this is asked every second.
  const calm = await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const seen = await look(tx, within, "none");
    return seen === null || (seen.row !== null && isCalm(seen.row, seen.step));
  });
  if (calm) return false;
  return await transact(deps, async (unit) => {
    const seen = await look(unit, within, "update");
    if (seen === null) return false;
    const { row, step, ids, fleetLead } = seen;
    if (step.do === "take") return await take(unit, row, { ...step, agentId: ids.get(step.lead)!, fleetLead });
    if (row) await keep(unit, row, step);
    return false;
  });
}

const isCalm = (row: LeadTermRow, step: SuccessionStep): boolean =>
  step.do === "keep" && !step.lostSince && !step.backSince && !row.lost_since && !row.back_since;

interface Seen {
  row: LeadTermRow | null;
  step: SuccessionStep;
  ids: Map<string, string>;
  fleetLead: string;
}

/** The heads and the open term at this moment, and what follows; null when the fleet file's lead is no agent (yet). */
async function look(tx: Tx, withinMs: number, lock: "none" | "update"): Promise<Seen | null> {
  const { file } = await currentFleet(tx);
  const row = await openTerm(tx, lock);
  const found = await selectCandidates(tx, [file.lead, ...file.heads], new Date(tx.now.getTime() - withinMs));
  const stops = await stopsOf(
    tx,
    found.map((head) => ({ ...head, parent_name: null, client: null, task_id: null })),
  );
  // Whoever is stopped or paused on purpose is no loss, and leads nothing.
  const candidates = new Map(
    found.map(({ id, name, wanted, alive }) => {
      const free = wanted && !stops.has(id);
      return [name, { id, name, wanted: free, alive: free && alive }];
    }),
  );
  const lead = candidates.get(file.lead);
  if (!lead) return null;
  const view: SuccessionView = {
    lead,
    deputy: file.heads.map((head) => candidates.get(head)).find((head) => head && head.name !== file.lead) ?? null,
    term: row && { term: row.term, lead: row.lead, acting: row.acting, lostSince: row.lost_since, backSince: row.back_since },
    takeovers: await countTakeovers(tx, new Date(tx.now.getTime() - takeoverWindowMs)),
    times: timesOf(file),
  };
  return { row, step: succeed(view, tx.now), ids: new Map(found.map(({ id, name }) => [name, id])), fleetLead: file.lead };
}

const same = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();

async function keep(unit: Unit, row: LeadTermRow, step: Extract<SuccessionStep, { do: "keep" }>): Promise<void> {
  if (!same(row.lost_since, step.lostSince) || !same(row.back_since, step.backSince)) {
    await watchTerm(unit, { term: row.term, lostSince: step.lostSince, backSince: step.backSince });
    if (row.lost_since === null && step.lostSince !== null) {
      await unit.event({
        type: "lead.lost",
        source: "system",
        target: row.lead,
        payload: { term: String(row.term), why: step.why },
      });
    }
  }
  if (!step.bothLost) return void (await closeAlert(unit, bothLost));
  await openAlert(unit, {
    ...bothLost,
    title: "Nobody leads the company",
    detail: `${step.why}. Decisions go on without their ballots and end with you. See why: aito why ${row.lead}`,
  });
}

async function take(
  unit: Unit,
  row: LeadTermRow | null,
  next: { lead: string; acting: boolean; why: string; agentId: string; fleetLead: string },
): Promise<boolean> {
  if (row && !(await endTermOf(unit, row.term))) return false;
  const term = (row?.term ?? 0n) + 1n;
  await beginTerm(unit, { term, agentId: next.agentId, acting: next.acting, reason: next.why });
  await closeAlert(unit, bothLost);
  await unit.event({
    type: next.acting ? "lead.acting" : "lead.appointed",
    source: "system",
    target: next.lead,
    payload: { term: String(term), lead: next.lead, before: row?.lead ?? null, why: next.why },
  });
  if (row === null) return true;
  const text = next.acting
    ? `You are acting lead (term ${term}) until ${next.fleetLead} is back: ${next.why}. You run the status loop, get its alerts and ` +
      `assign tasks. Your ballot stays your own; ${next.fleetLead}'s is cast by nobody.`
    : `You lead again (term ${term}): ${next.why}.`;
  await sendMessageIn(unit, "system", { type: "direct", to: next.lead, priority: "high", payload: { text } });
  return true;
}
