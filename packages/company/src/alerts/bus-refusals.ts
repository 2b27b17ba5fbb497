import { wellFormed } from "@aito/base";
import { listEvents } from "../audit/list-events.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { closeAlert, openAlert } from "./alerts.ts";
import { selectOpenBefore } from "./queries.ts";

const alertOpenMs = 3_600_000;
const typeOf = "bus.refused";

export interface Refusal {
  user: string;
  reason: string;
  object: string;
  count: number;
  /** By the bus server's clock. */
  atMs: number;
}

/** Until when, by the bus server's clock, what it refused is on record. */
export async function busRefusalsKnownTo(deps: CompanyDeps): Promise<number> {
  const [last] = await listEvents(deps, { limit: 1, types: [typeOf] });
  return Number(last?.payload["atMs"] ?? 0);
}

/**
 * Puts into the history what the bus server refused. An agent's user that tried what is not its own (anything but a password, which
 * is wrong also while users are made again) is told to the operator, once an hour for each agent.
 */
export async function recordBusRefusals(deps: CompanyDeps, refusals: Refusal[]): Promise<void> {
  if (refusals.length === 0) return;
  await transact(deps, async (unit) => {
    for (const { user, reason, object, count, atMs } of refusals.toSorted((a, b) => a.atMs - b.atMs)) {
      const agent = /^agent:([a-z0-9-]{1,63}):\d+$/.exec(user)?.[1] ?? null;
      const said = { user: wellFormed(user), reason, object: wellFormed(object), count: String(count), atMs: String(atMs) };
      await unit.event({ type: typeOf, source: "system", ...(agent === null ? {} : { target: agent }), payload: said });
      if (agent === null || reason === "auth") continue;
      await openAlert(unit, {
        kind: "bus",
        subject: agent,
        title: `${agent} tried on the bus what is not its own`,
        detail: `Redis refused ${reason} "${said.object}" to ${said.user}. What it may do: hear its own channels.`,
      });
    }
  });
}

/** Such an alert is over after an hour; what goes on opens the next. */
export async function closeOldBusAlerts(deps: CompanyDeps): Promise<void> {
  await transact(deps, async (unit) => {
    const before = new Date(unit.now.getTime() - alertOpenMs);
    for (const subject of await selectOpenBefore(unit, "bus", before)) await closeAlert(unit, { kind: "bus", subject });
  });
}
