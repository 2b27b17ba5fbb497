import { type CompanyDeps, keyHolder } from "@aito/company";
import type { CallerSource } from "./caller.ts";
import { models, resolveModel } from "./models.ts";
import type { RouteTable } from "./routes-for.ts";

/** Gateway keys, told from sessions by how they begin. Error: AITO_KEY_INVALID (401). */
export function keyCallers(deps: CompanyDeps, routes: Pick<RouteTable, "named">): CallerSource {
  return async (token) => {
    if (!token.startsWith("aito_key_")) return null;
    const holder = await keyHolder(deps, token);
    const allowed = holder.models?.map((name) => resolveModel(name).id) ?? [
      ...new Set([...Object.keys(models.models), ...(await routes.named())]),
    ];
    return { kind: "key", name: `key:${holder.name}`, keyId: holder.id, models: allowed };
  };
}
