import { wellFormed } from "@aito/base";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { deleteBreaker, selectBreakers, upsertBreaker } from "./queries.ts";

/** An outside system or tool that is left alone until a time, on record for every gateway. */
export interface HeldBreaker {
  name: string;
  /** In a row. */
  failures: number;
  /** How often in a row it was left alone. */
  opens: number;
  /** Since when it does not answer; null: it does, but asked to be left alone. */
  openSince: Date | null;
  openUntil: Date;
  lastError: string | null;
}

const heldMax = 2_000;
const errorCharactersMax = 500;
/** Tried again so often in vain, it is for a human to know: about half a minute. What comes back by itself before that is no news. */
export const alertFromOpens = 4;

/**
 * Puts on record that it is left alone, and longer than is known already. A human is told once it was tried again several times in vain,
 * and is told no more until it works again.
 */
export async function holdBreaker(deps: CompanyDeps, held: HeldBreaker): Promise<void> {
  const lastError = held.lastError === null ? null : wellFormed(held.lastError).slice(0, errorCharactersMax);
  await transact(deps, async (unit) => {
    const before = await upsertBreaker(unit, { ...held, lastError });
    if (held.openSince === null) return;
    const { name, opens } = held;
    if (!before?.wasOpen) {
      await unit.event({ type: "tool.breaker.opened", source: "system", payload: { name, error: lastError ?? "" } });
    }
    if (opens < alertFromOpens) return;
    await openAlert(unit, {
      kind: "breaker",
      subject: name,
      title: `${name} does not answer`,
      detail: `Since ${held.openSince.toISOString()}: ${lastError ?? "no answer"}. It is asked again now and then, and agents go on without it.`,
    });
  });
}

/** It answers again, or is not known any more. */
export async function releaseBreaker(deps: CompanyDeps, name: string): Promise<void> {
  await transact(deps, async (unit) => {
    const before = await deleteBreaker(unit, name);
    if (before?.wasOpen) await unit.event({ type: "tool.breaker.closed", source: "system", payload: { name } });
    await closeAlert(unit, { kind: "breaker", subject: name });
  });
}

/** Everything that is left alone, as any gateway found it. */
export const heldBreakers = (deps: CompanyDeps): Promise<HeldBreaker[]> =>
  deps.db.transaction({ companyId: deps.companyId }, (tx) => selectBreakers(tx, heldMax));
