import { type InfraCosts, type InfraCut, usdToMicro } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { momentsOf, type SpanEdge } from "../costs/company-day.ts";
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
  asked: { by: InfraCut; since?: SpanEdge | null; until?: SpanEdge | null },
): Promise<InfraCosts> {
  return await transact(deps, (unit) => infraCostsIn(unit, asked));
}

export async function infraCostsIn(
  unit: Unit,
  { by, ...span }: { by: InfraCut; since?: SpanEdge | null; until?: SpanEdge | null },
): Promise<InfraCosts> {
  const { since, until, timeZone } = await momentsOf(unit, span);
  const asked = { since, until: until && until < unit.now ? until : unit.now, limit: rowsMax };
  const rows = by === "day" ? await selectStoodByDay(unit, asked, timeZone) : await selectStood(unit, by, asked);
  return priced(rows, await containerPrice(unit));
}
