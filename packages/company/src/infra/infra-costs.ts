import { type InfraCosts, type InfraCut, usdToMicro } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { latestFile } from "../fleet/current-fleet.ts";
import { selectStood, selectStoodByDay } from "./queries.ts";
import { priced } from "./rules.ts";

const rowsMax = 1_000;

/** What a container costs an hour, as the fleet file says; null where it says nothing. */
export async function containerPrice(unit: Unit): Promise<bigint | null> {
  const usd = (await latestFile(unit))?.infra?.containerHourUsd;
  return usd === undefined ? null : usdToMicro(usd);
}

/** What the containers of agents and workers cost by one cut: the time that they stood, at the operator's price. Days are the company's. */
export async function infraCosts(
  deps: CompanyDeps,
  asked: { by: InfraCut; since?: Date | null; until?: Date | null },
): Promise<InfraCosts> {
  return await transact(deps, (unit) => infraCostsIn(unit, asked));
}

export async function infraCostsIn(
  unit: Unit,
  { by, since = null, until = null }: { by: InfraCut; since?: Date | null; until?: Date | null },
): Promise<InfraCosts> {
  const span = { since, until: until && until < unit.now ? until : unit.now, limit: rowsMax };
  const zone = (await latestFile(unit))?.budgets?.timeZone ?? "UTC";
  const rows = by === "day" ? await selectStoodByDay(unit, span, zone) : await selectStood(unit, by, span);
  return priced(rows, await containerPrice(unit));
}
