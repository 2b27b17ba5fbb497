import { AitoError } from "@aito/base";
import type { NewPermission, PermissionView } from "@aito/protocol";
import { usdToMicro } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { endPermission, insertPermission, listPermissionRows, permissionNamed, type PermissionRow } from "./queries.ts";
import type { StandingPermission } from "./standing.ts";

const listedMax = 500;

export const toStanding = (row: PermissionRow): StandingPermission => ({
  id: row.id,
  name: row.name,
  tool: row.tool,
  constraints: row.constraints,
  timesLeft: row.times_max - row.used,
  leftMicroUsd: row.amount_max_micro_usd - row.used_micro_usd,
});

const toView = (row: PermissionRow): PermissionView => ({
  id: row.id,
  name: row.name,
  tool: row.tool,
  role: row.role,
  constraints: row.constraints,
  times: row.times_max,
  amountMicroUsd: row.amount_max_micro_usd.toString(),
  per: row.period,
  until: row.until?.toISOString() ?? null,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
  used: row.used,
  usedMicroUsd: row.used_micro_usd.toString(),
});

/** The operator permits calls within bounds. Error: AITO_PERMISSION_NAME (409) when one of that name stands. */
export async function addPermission(deps: CompanyDeps, input: NewPermission, by: string): Promise<PermissionView> {
  return await transact(deps, async (unit) => {
    const { name, tool, role, constraints, times, usd, per, until } = input;
    const added = await insertPermission(unit, {
      id: unit.newId(),
      name,
      tool,
      role,
      constraints,
      times_max: times,
      amount_max_micro_usd: usdToMicro(usd),
      period: per,
      until: until === null ? null : new Date(until),
      created_by: by,
    });
    if (!added) {
      throw new AitoError("AITO_PERMISSION_NAME", `a permission "${name}" stands already`, {
        hint: `revoke it first with: aito permissions revoke ${name}`,
        status: 409,
      });
    }
    await unit.event({
      type: "permission.added",
      source: by,
      target: role,
      payload: { name, tool, constraints: JSON.stringify(constraints), times, microUsd: usdToMicro(usd).toString(), per, until },
    });
    return toView((await permissionNamed(unit, name))!);
  });
}

/** From here on it permits nothing. Error: AITO_PERMISSION_UNKNOWN (404). */
export async function revokePermission(deps: CompanyDeps, name: string, by: string): Promise<PermissionView> {
  return await transact(deps, async (unit) => {
    const row = await permissionNamed(unit, name);
    if (!row) {
      throw new AitoError("AITO_PERMISSION_UNKNOWN", `no permission "${name.slice(0, 60)}" stands`, {
        hint: "see them with: aito permissions",
        status: 404,
      });
    }
    await endPermission(unit, row.id, by);
    await unit.event({ type: "permission.revoked", source: by, target: row.role, payload: { name, tool: row.tool } });
    return { ...toView(row), revokedAt: unit.now.toISOString() };
  });
}

/** Those that stand first. */
export async function listPermissions(deps: CompanyDeps): Promise<PermissionView[]> {
  return (await transact(deps, (unit) => listPermissionRows(unit, listedMax))).map(toView);
}
