import { type HookDelivery, type HookView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { countDeliveries, type DeliveryRow, selectDeliveries } from "./queries.ts";

const dayMs = 86_400_000;

const toView = (row: DeliveryRow): HookDelivery => ({
  id: row.id,
  hook: row.hook,
  deliveryId: row.delivery_id,
  event: row.event,
  action: row.action,
  outcome: row.outcome,
  why: row.why,
  taskId: row.task_id,
  receivedAt: row.received_at.toISOString(),
});

/** The fleet file's hooks; their secrets are not known here. */
export async function listHooks(deps: CompanyDeps): Promise<Omit<HookView, "secrets">[]> {
  return await transact(deps, async (unit) => {
    const { hooks = {} } = (await currentFleet(unit)).file;
    const views: Omit<HookView, "secrets">[] = [];
    for (const [name, { scheme, perMinute, rules }] of Object.entries(hooks).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const [last] = await selectDeliveries(unit, { limit: 1, hook: name });
      views.push({
        name,
        path: `/hooks/${name}`,
        scheme,
        perMinute,
        rules,
        lastDay: await countDeliveries(unit, name, new Date(unit.now.getTime() - dayMs)),
        last: last ? toView(last) : null,
      });
    }
    return views;
  });
}

/** Newest first; those of earlier fleet files' hooks too. */
export async function listHookDeliveries(
  deps: CompanyDeps,
  page: { limit: number; before?: string | undefined; hook?: string | undefined },
): Promise<HookDelivery[]> {
  return await transact(deps, async (unit) => (await selectDeliveries(unit, page)).map(toView));
}
