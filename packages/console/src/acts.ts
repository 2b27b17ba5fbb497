import type { OperatorScope } from "@aito/protocol";

/**
 * Every change and question that the web client sends, by the route that takes it, with what one must be allowed; null: nothing. The client
 * offers by this table what it sends by it; a test holds it against the server's own routes.
 */
export const acts = {
  "/logout": null,
  "/api/v1/numbers": "read",
  "/api/v1/ask": "read",
  "/api/v1/memory/search": "read",
  "/api/v1/account": "read",
  "/api/v1/account/draft": "read",
  "/api/v1/api-keys": "read",
  "/api/v1/api-keys/:id/revoke": "read",
  "/api/v1/sessions/:id/revoke": "read",
  "/api/v1/chats/:id/end": "read",
  "/api/v1/chats/codes": "answer",
  "/api/v1/escalations/:id/answer": "answer",
  "/api/v1/approvals/:id/answer": "answer",
  "/api/v1/approvals/:id/preview": "answer",
  "/api/v1/contradictions/:id/settle": "answer",
  "/api/v1/contradictions/:id/reopen": "answer",
  "/api/v1/decisions/:id/override": "answer",
  "/api/v1/agents/:name/pause": "stop",
  "/api/v1/agents/:name/stop": "stop",
  "/api/v1/fleet/stop": "stop",
  "/api/v1/switches": "stop",
  "/api/v1/costs/savings/suggest": "propose",
  "/api/v1/ideas/:id/promote": "propose",
  "/api/v1/agents/:name/start": "manage",
  "/api/v1/agents/:name/restart": "manage",
  "/api/v1/channels/:name/test": "manage",
  "/api/v1/fleet/start": "manage",
  "/api/v1/fleet/dry-run": "manage",
  "/api/v1/fleet/deploy": "manage",
  "/api/v1/memory/forget": "manage",
  "/api/v1/permissions": "manage",
  "/api/v1/permissions/:name/revoke": "manage",
  "/api/v1/switches/:id/resume": "manage",
  "/api/v1/tasks": "manage",
  "/api/v1/tasks/:id/move": "manage",
  "/api/v1/tasks/:id/priority": "manage",
  "/api/v1/tasks/:id/settle": "manage",
  "/api/v1/tool-pins/:tool/answer": "manage",
  "/api/v1/operators": "operators",
  "/api/v1/operators/:name/role": "operators",
  "/api/v1/operators/:name/disable": "operators",
  "/api/v1/operators/:name/reset": "operators",
} as const satisfies Record<`/${string}`, OperatorScope | null>;
export type Act = keyof typeof acts;

/** Whether who has these scopes may. */
export function mayAct(act: Act, scopes: readonly OperatorScope[]): boolean {
  const needs: OperatorScope | null = acts[act];
  return needs === null || scopes.includes(needs);
}

/** Its address, with the names that it is about. */
export const addressOfAct = (act: Act, names: Readonly<Record<string, string>>): string =>
  act.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(names[name] ?? ""));
