/** Whoever could lead, as the records say at one moment. */
export interface Candidate {
  name: string;
  /** False: stopped on purpose (its fleet, a switch, an operator), or paused: it is given no run and reads nothing. */
  wanted: boolean;
  /** Its incarnation is active and was heard lately. */
  alive: boolean;
}

/** The open term of the company's lead. */
export interface LeadTerm {
  term: bigint;
  lead: string;
  /** Led by the deputy until the fleet file's lead is back. */
  acting: boolean;
  /** Since when the one who leads is lost, without having been back for long enough since. */
  lostSince: Date | null;
  /** Since when the one who should lead is alive without a break. */
  backSince: Date | null;
}

export interface SuccessionTimes {
  /** How long the lead may be lost before the deputy acts, and both before a human is told. */
  graceMs: number;
  /** How long a lead that is back must live without a break before it leads again. */
  returnMs: number;
}

export interface SuccessionView {
  lead: Candidate;
  /** The other head; null in a company with one. */
  deputy: Candidate | null;
  term: LeadTerm | null;
  /** Terms that a deputy began within the last hour. */
  takeovers: number;
  times: SuccessionTimes;
}

export type SuccessionStep =
  | { do: "keep"; lostSince: Date | null; backSince: Date | null; bothLost: boolean; why: string }
  | { do: "take"; lead: string; acting: boolean; why: string };

/** Each takeover within an hour doubles what a returning lead must show, to at most this many times `returnMs`. */
export const returnFactorMax = 16;

export const returnWaitMs = (times: SuccessionTimes, takeovers: number): number =>
  times.returnMs * Math.min(returnFactorMax, 2 ** Math.max(0, takeovers - 1));

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
const since = (from: Date, now: Date): number => now.getTime() - from.getTime();

/**
 * Who leads from now on. Pure and level-triggered: the same view gives the same step, and after `take` has been written the next
 * view gives `keep`. A change of the lead is always one step to the next term, so that no two terms are open at once.
 *
 * - the lead is lost for `graceMs` and its deputy lives: the deputy acts
 * - the lead is back and has lived for `returnMs` without a break (longer, the oftener this happened within the hour): it leads again
 * - the acting deputy is lost for `graceMs` and the lead lives: the lead leads again, without waiting
 * - both are lost for `graceMs`: nothing changes, and `bothLost` says that a human must know
 */
export function succeed(view: SuccessionView, now: Date): SuccessionStep {
  const { lead, deputy, term } = view;
  if (term === null) return { do: "take", lead: lead.name, acting: false, why: "the company's first term" };
  if (term.acting && deputy !== null && term.lead === deputy.name) return whileActing(view, { deputy, term }, now);
  if (term.acting || term.lead !== lead.name) {
    return { do: "take", lead: lead.name, acting: false, why: `the fleet file names ${lead.name} as the lead` };
  }
  return whileLeading(view, term, now);
}

function whileLeading({ lead, deputy, times }: SuccessionView, term: LeadTerm, now: Date): SuccessionStep {
  if (!lead.wanted && !deputy?.wanted) return calm("the heads are stopped on purpose");
  if (lead.alive) return settle(term, times, now);
  const lostSince = term.lostSince ?? now;
  const lostMs = since(lostSince, now);
  const kept = { do: "keep", lostSince, backSince: null } as const;
  if (lostMs < times.graceMs) {
    return { ...kept, bothLost: false, why: `${lead.name} is lost; its deputy acts after ${seconds(times.graceMs)}` };
  }
  if (deputy?.alive) {
    return { do: "take", lead: deputy.name, acting: true, why: `${lead.name} was lost for over ${seconds(times.graceMs)}` };
  }
  const who = deputy ? `${lead.name} and ${deputy.name} are` : `${lead.name} is`;
  return { ...kept, bothLost: true, why: `${who} lost, and nobody can lead` };
}

/** A loss is forgotten only when the lead has lived for a while: one that dies every few seconds is lost since the first time. */
function settle(term: LeadTerm, times: SuccessionTimes, now: Date): SuccessionStep {
  if (term.lostSince === null) return calm(`${term.lead} leads`);
  const backSince = term.backSince ?? now;
  if (since(backSince, now) >= times.returnMs) return calm(`${term.lead} leads`);
  return { do: "keep", lostSince: term.lostSince, backSince, bothLost: false, why: `${term.lead} leads and is being watched` };
}

function whileActing(
  { lead, takeovers, times }: SuccessionView,
  { deputy, term }: { deputy: Candidate; term: LeadTerm },
  now: Date,
): SuccessionStep {
  if (!lead.wanted && !deputy.wanted) return calm("the heads are stopped on purpose");
  const lostSince = deputy.alive ? null : (term.lostSince ?? now);
  const deputyLost = lostSince !== null && since(lostSince, now) >= times.graceMs;
  if (!lead.alive) {
    const why = deputyLost
      ? `${lead.name} and ${deputy.name} are lost, and nobody can lead`
      : `${deputy.name} acts for ${lead.name}`;
    return { do: "keep", lostSince, backSince: null, bothLost: deputyLost, why };
  }
  if (deputyLost) return { do: "take", lead: lead.name, acting: false, why: `${deputy.name}, who acted, is lost` };
  const backSince = term.backSince ?? now;
  const neededMs = returnWaitMs(times, takeovers);
  if (since(backSince, now) >= neededMs) {
    return { do: "take", lead: lead.name, acting: false, why: `${lead.name} is back and lived for ${seconds(neededMs)}` };
  }
  const why = `${deputy.name} acts until ${lead.name} has lived for ${seconds(neededMs)} without a break`;
  return { do: "keep", lostSince, backSince, bothLost: false, why };
}

const calm = (why: string): SuccessionStep => ({ do: "keep", lostSince: null, backSince: null, bothLost: false, why });
