/** Which queries, by the first part of their keys, an event type touches. */
export function touchedBy(type: string): string[] {
  switch (type.split(".")[0]) {
    case "decision":
    case "vote":
    case "escalation":
      return ["decisions", "escalations", "status", "acceptance", "briefing", "lessons", "memory"];
    case "approval":
      return ["approvals", "status", "publications", "permissions"];
    case "permission":
      return ["permissions"];
    case "tool":
      return ["pins", "tools"];
    case "idea":
      return ["ideas"];
    case "publication":
      return ["publications", "permissions"];
    case "notice":
      return ["escalations", "channels"];
    case "task":
      return ["tasks", "status", "figures", "changes", "memory"];
    case "change":
      return ["changes"];
    case "metric":
    case "report":
    case "claims":
      return ["figures"];
    case "message":
    case "status_query":
      return ["messages", "memory"];
    case "memory":
      // A search asks the embedder anew: only what memories themselves do is worth that.
      return ["memory", "memory-search"];
    case "model":
      return ["costs", "budgets"];
    case "budget":
      return ["costs", "budgets", "status"];
    case "agent":
    case "run":
    case "fleet":
    case "command":
      return ["status", "org", "success", "infra", "memory"];
    case "operator":
    case "api_key":
      return ["session", "operators", "sessions", "api-keys", "chats"];
    default:
      return ["status", "decisions", "escalations", "approvals", "tasks", "messages"];
  }
}

/** What sums much is asked for no oftener than so, however much rings. */
const leastMs: Readonly<Record<string, number>> = { costs: 5_000 };

/** Which of `touched` are to be asked for at `now`; the others stay touched. `last`: when each was asked for last, by the same clock. */
export const dueOf = (touched: Iterable<string>, last: ReadonlyMap<string, number>, now: number): string[] =>
  [...touched].filter((key) => now - (last.get(key) ?? -Infinity) >= (leastMs[key] ?? 0));
