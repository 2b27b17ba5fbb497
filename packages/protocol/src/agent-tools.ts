import type { AgentKind } from "./agents.ts";
import type { DataClass } from "./grants.ts";

/** Who is granted which tool of the gateway; a test there compares it with the tools themselves. */
export const agentTools: readonly { name: string; kinds: readonly AgentKind[]; headsOnly: boolean }[] = [
  ...[
    "send_message",
    "save_state",
    "spawn_worker",
    "show_task",
    "complete_task",
    "save_work",
    "report",
    "read_figures",
    "publish_text",
  ].map((name) => ({
    name,
    kinds: ["agent", "worker"] as const,
    headsOnly: false,
  })),
  ...[
    "create_task",
    "list_tasks",
    "propose_decision",
    "cast_vote",
    "withdraw_decision",
    "list_decisions",
    "propose_idea",
    "record_metric",
  ].map((name) => ({ name, kinds: ["agent"] as const, headsOnly: false })),
  { name: "argue", kinds: ["agent"], headsOnly: true },
];

/** Beside them, for members whose profile (a worker's: its parent's) names a git repository. */
export const repositoryTools: readonly { name: string; kinds: readonly AgentKind[] }[] = [
  ...["read_repository", "read_change", "propose_change", "review_change"].map((name) => ({
    name,
    kinds: ["agent", "worker"] as const,
  })),
  ...["list_changes", "merge_change"].map((name) => ({ name, kinds: ["agent"] as const })),
];

export const toolNamesFor = (agent: { kind: AgentKind; isHead: boolean }): string[] =>
  agentTools.filter((tool) => tool.kinds.includes(agent.kind) && (agent.isHead || !tool.headsOnly)).map((tool) => tool.name);

/** The argument of one of our own tools that says what a call costs, in dollars; null: its arguments say nothing of it. */
export const usdArgumentOf = (name: string): string | null => (name === "publish_text" ? "usd" : null);

/** What a tool of the fleet shows of the world, or to it. */
export const dataClassOf = (name: string): DataClass => (name === "publish_text" ? "public" : "internal");
