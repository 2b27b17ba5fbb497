import type {
  Acceptance,
  AgentMessage,
  ApprovalView,
  BriefingView,
  BudgetView,
  ChangeRecord,
  ChangeSummary,
  CostCut,
  CostForecast,
  CostRow,
  DecisionView,
  EscalationDetail,
  EscalationView,
  EventView,
  FiguresView,
  FleetDiff,
  FleetRevision,
  FleetStatus,
  HookView,
  FleetTexts,
  IdeaView,
  ModelCall,
  OperationsView,
  OrgSeat,
  Page,
  PublicationView,
  ReceiptDetail,
  RoleExplained,
  SuccessRow,
  TaskBranch,
  TaskDigest,
  TaskStatus,
  TaskView,
  ToolPinView,
  ToolsView,
} from "@aito/protocol";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get } from "./api.ts";

const pageSize = 50;

const list = <T>(key: unknown[], path: string, query: Record<string, string | undefined> = {}) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => get<Page<T>>(path, { ...query, limit: pageSize, before: pageParam ?? undefined }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: () => get<FleetStatus>("/api/v1/status"),
  // What an agent is doing and when it was heard last come with heartbeats, which leave no event.
  refetchInterval: 10_000,
});
export const operationsQuery = queryOptions({
  queryKey: ["status", "operations"],
  queryFn: () => get<OperationsView>("/api/v1/operations"),
  refetchInterval: 10_000,
});
export const hooksQuery = queryOptions({
  queryKey: ["status", "hooks"],
  queryFn: () => get<{ items: HookView[] }>("/api/v1/hooks"),
  refetchInterval: 10_000,
});
export const revisionsQuery = queryOptions({
  queryKey: ["org", "revisions"],
  queryFn: () => get<{ items: FleetRevision[] }>("/api/v1/fleet/revisions", { limit: 20 }),
});
export const fleetTextsQuery = (revision: number) =>
  queryOptions({
    queryKey: ["org", "texts", revision],
    queryFn: () => get<FleetTexts>(`/api/v1/fleet/revisions/${revision}`),
  });
export const revisionDiffQuery = (revision: number) =>
  queryOptions({
    queryKey: ["org", "diff", revision],
    queryFn: () => get<FleetDiff>(`/api/v1/fleet/revisions/${revision}/diff`),
  });
export const orgQuery = queryOptions({ queryKey: ["org"], queryFn: () => get<{ items: OrgSeat[] }>("/api/v1/org") });
export const explainQuery = (name: string) =>
  queryOptions({ queryKey: ["org", "explain", name], queryFn: () => get<RoleExplained>(`/api/v1/agents/${name}/explain`) });
export const escalationsQuery = queryOptions({
  queryKey: ["escalations"],
  queryFn: () => get<Page<EscalationView>>("/api/v1/escalations", { limit: 100 }),
});
/** One with its notices and their attempts. */
export const escalationQuery = (id: string) =>
  queryOptions({ queryKey: ["escalations", "one", id], queryFn: () => get<EscalationDetail>(`/api/v1/escalations/${id}`) });
/** Calls that wait for a human. */
export const approvalsQuery = queryOptions({
  queryKey: ["approvals"],
  queryFn: () => get<Page<ApprovalView>>("/api/v1/approvals", { status: "waiting", limit: 100 }),
});
export const toolsQuery = queryOptions({ queryKey: ["tools"], queryFn: () => get<ToolsView>("/api/v1/tools") });
/** What outside tools say of themselves, waiting and answered. */
export const toolPinsQuery = queryOptions({
  queryKey: ["pins"],
  queryFn: () => get<{ items: ToolPinView[] }>("/api/v1/tool-pins"),
});
export const ideasQuery = list<IdeaView>(["ideas"], "/api/v1/ideas");
export const acceptanceQuery = queryOptions({
  queryKey: ["acceptance"],
  queryFn: () => get<{ items: Acceptance[] }>("/api/v1/acceptance"),
});
export const publicationsQuery = list<PublicationView>(["publications"], "/api/v1/publications");
export const receiptQuery = (id: string) =>
  queryOptions({ queryKey: ["receipts", "one", id], queryFn: () => get<ReceiptDetail>(`/api/v1/receipts/${id}`) });
export const figuresQuery = queryOptions({ queryKey: ["figures"], queryFn: () => get<FiguresView>("/api/v1/figures") });
/** Model calls leave no event: what they cost is asked for now and then. */
const costsEveryMs = 15_000;
export const costsQuery = (by: CostCut, since: string | undefined) =>
  queryOptions({
    queryKey: ["costs", by, since ?? "all"],
    queryFn: () => get<{ items: CostRow[] }>("/api/v1/costs", { by, since }),
    refetchInterval: costsEveryMs,
  });
export const forecastQuery = queryOptions({
  queryKey: ["costs", "forecast"],
  queryFn: () => get<CostForecast>("/api/v1/costs/forecast"),
  refetchInterval: costsEveryMs,
});
export const budgetsQuery = queryOptions({
  queryKey: ["budgets"],
  queryFn: () => get<{ items: BudgetView[] }>("/api/v1/budgets"),
  refetchInterval: costsEveryMs,
});
export const successQuery = queryOptions({
  queryKey: ["success"],
  queryFn: () => get<{ items: SuccessRow[] }>("/api/v1/success", { by: "agent" }),
  refetchInterval: costsEveryMs,
});
export const briefingQuery = queryOptions({ queryKey: ["briefing"], queryFn: () => get<BriefingView>("/api/v1/briefing") });
export const callsQuery = (cut: { agent?: string; task?: string }) =>
  list<ModelCall>(["status", "calls", cut.agent ?? "", cut.task ?? ""], "/api/v1/costs/calls", cut);
export const decisionsQuery = list<DecisionView>(["decisions", "list"], "/api/v1/decisions");
export const decisionQuery = (id: string) =>
  queryOptions({ queryKey: ["decisions", "one", id], queryFn: () => get<DecisionView>(`/api/v1/decisions/${id}`) });
export const tasksQuery = ({ status, agent }: { status?: TaskStatus | undefined; agent?: string | undefined } = {}) =>
  list<TaskView>(["tasks", "list", status ?? "all", agent ?? ""], "/api/v1/tasks", { status, agent });
export const taskDigestQuery = (id: string) =>
  queryOptions({ queryKey: ["tasks", "digest", id], queryFn: () => get<TaskDigest>(`/api/v1/tasks/${id}/digest`) });
export const taskFamilyQuery = (id: string) =>
  queryOptions({
    queryKey: ["tasks", "family", id],
    queryFn: () => get<{ items: TaskBranch[] }>(`/api/v1/tasks/${id}/family`),
  });
export const taskQuery = (id: string) =>
  queryOptions({ queryKey: ["tasks", "one", id], queryFn: () => get<TaskView>(`/api/v1/tasks/${id}`) });
export const changesQuery = list<ChangeSummary>(["changes", "list"], "/api/v1/changes");
export const changeQuery = (id: string) =>
  queryOptions({ queryKey: ["changes", "one", id], queryFn: () => get<ChangeRecord>(`/api/v1/changes/${id}`) });
export const messagesQuery = list<AgentMessage>(["messages"], "/api/v1/messages");
export const eventsQuery = (types: string[]) =>
  list<EventView>(["events", types.join(",")], "/api/v1/events", { types: types.join(",") });

/** Which of the queries above an event type touches. */
export function touchedBy(type: string): string[] {
  switch (type.split(".")[0]) {
    case "decision":
    case "vote":
    case "escalation":
      return ["decisions", "escalations", "status", "acceptance"];
    case "approval":
      return ["approvals", "status", "publications"];
    case "tool":
      return ["pins", "tools"];
    case "idea":
      return ["ideas"];
    case "publication":
      return ["publications"];
    case "notice":
      return ["escalations"];
    case "task":
      return ["tasks", "status", "figures", "changes"];
    case "change":
      return ["changes"];
    case "metric":
    case "report":
    case "claims":
      return ["figures"];
    case "message":
    case "status_query":
      return ["messages"];
    case "agent":
    case "run":
    case "fleet":
    case "command":
      return ["status", "org"];
    case "operator":
    case "api_key":
      return ["session", "operators", "sessions", "api-keys"];
    default:
      return ["status", "decisions", "escalations", "approvals", "tasks", "messages"];
  }
}
