import type {
  Acceptance,
  AgentMessage,
  ApprovalDetail,
  ApprovalView,
  BriefingView,
  BudgetView,
  ChangeRecord,
  ChangeSummary,
  ChannelsView,
  ContradictionView,
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
  InfraCosts,
  InfraCut,
  FleetTexts,
  IdeaView,
  MessageDetail,
  Lesson,
  ModelCall,
  OperationsView,
  OrgSeat,
  PermissionView,
  Page,
  PublicationView,
  ReceiptDetail,
  RoleExplained,
  RunView,
  SavingsView,
  SuccessRow,
  TaskBranch,
  TaskDigest,
  TaskStatus,
  TalkSpan,
  TaskView,
  ThreadView,
  ToolPinView,
  ToolsView,
  SettlementView,
} from "@aito/protocol";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get } from "./api.ts";
import type { CallSearch } from "../../../src/call-search.ts";
import type { HistorySearch } from "../../../src/history-cut.ts";

const pageSize = 50;

const list = <T>(key: unknown[], path: string, query: Record<string, string | number | undefined> = {}) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => get<Page<T>>(path, { limit: pageSize, ...query, before: pageParam ?? undefined }),
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
export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: () => get<ChannelsView>("/api/v1/channels"),
});
export const hooksQuery = queryOptions({
  queryKey: ["status", "hooks"],
  queryFn: () => get<{ items: HookView[] }>("/api/v1/hooks"),
  refetchInterval: 10_000,
});
const revisionsShown = 20;
/** Revisions are counted from 1, without gaps. */
export const revisionPagesQuery = infiniteQueryOptions({
  queryKey: ["org", "revision-pages"],
  queryFn: ({ pageParam }) =>
    get<{ items: FleetRevision[] }>("/api/v1/fleet/revisions", { limit: revisionsShown, before: pageParam ?? undefined }),
  initialPageParam: null as number | null,
  getNextPageParam: ({ items }) => {
    const last = items.at(-1)?.revision ?? 1;
    return last > 1 ? last : null;
  },
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
/** The newest that wait, as many as a person answers in one go; the older are further pages. */
const waiting = { status: "waiting", limit: 100 };
/** Decisions that wait for a human. */
export const escalationsQuery = list<EscalationView>(["escalations"], "/api/v1/escalations", waiting);
/** The one of this decision that waits. */
export const decisionEscalationQuery = (decision: string) =>
  queryOptions({
    queryKey: ["escalations", "of", decision],
    queryFn: () => get<Page<EscalationView>>("/api/v1/escalations", { status: "waiting", decision, limit: 1 }),
  });
/** One with its notices and their attempts. */
export const escalationQuery = (id: string) =>
  queryOptions({ queryKey: ["escalations", "one", id], queryFn: () => get<EscalationDetail>(`/api/v1/escalations/${id}`) });
/** Calls that wait for a human. */
export const approvalsQuery = list<ApprovalView>(["approvals"], "/api/v1/approvals", waiting);
export const approvalQuery = (id: string) =>
  queryOptions({ queryKey: ["approvals", "one", id], queryFn: () => get<ApprovalDetail>(`/api/v1/approvals/${id}`) });
/** What calls used of a permission leaves no event of its own. */
export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: () => get<{ items: PermissionView[] }>("/api/v1/permissions"),
  refetchInterval: 15_000,
});
/** Only the gateway has them; one that was away is asked again until it answers. */
export const toolsQuery = queryOptions({
  queryKey: ["tools"],
  queryFn: () => get<ToolsView>("/api/v1/tools"),
  refetchInterval: ({ state }) => (state.error ? 5_000 : false),
});
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
export const contradictionsQuery = queryOptions({
  queryKey: ["figures", "contradictions"],
  queryFn: () => get<{ items: ContradictionView[] }>("/api/v1/contradictions"),
});
export const settlementsQuery = queryOptions({
  queryKey: ["figures", "settled"],
  queryFn: () => get<{ items: SettlementView[] }>("/api/v1/contradictions/settled"),
});
/** A call of a model rings, and a bell can be lost: what it cost is asked for now and then all the same. */
const costsEveryMs = 60_000;
/** Containers cost by the second, and nothing rings for that. */
const infraEveryMs = 15_000;
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
/** What there is to learn from for a role. */
export const lessonsQuery = (role: string) =>
  queryOptions({ queryKey: ["lessons", role], queryFn: () => get<{ items: Lesson[] }>(`/api/v1/agents/${role}/lessons`) });
export const briefingQuery = queryOptions({ queryKey: ["briefing"], queryFn: () => get<BriefingView>("/api/v1/briefing") });
export const callsQuery = (cut: CallSearch) => list<ModelCall>(["costs", "calls", cut], "/api/v1/costs/calls", { ...cut });
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
export const messagesQuery = (cut: { with?: string | undefined; thread?: string | undefined } = {}) =>
  list<AgentMessage>(["messages", "list", cut.with ?? "", cut.thread ?? ""], "/api/v1/messages", cut);
export const threadsQuery = (whom: string | undefined) =>
  list<ThreadView>(["messages", "threads", whom ?? ""], "/api/v1/messages/threads", { with: whom });
export const messageQuery = (id: string) =>
  queryOptions({ queryKey: ["messages", "one", id], queryFn: () => get<MessageDetail>(`/api/v1/messages/${id}`) });
/** Not refreshed by what is said meanwhile: a replay keeps its scale. */
export const talkSpanQuery = (cut: { with?: string | undefined; thread?: string | undefined }) =>
  queryOptions({
    queryKey: ["talk-span", cut.with ?? "", cut.thread ?? ""],
    queryFn: () => get<TalkSpan>("/api/v1/messages/span", cut),
  });
export const infraQuery = (by: InfraCut, since: string | undefined) =>
  queryOptions({
    queryKey: ["infra", by, since ?? "all"],
    queryFn: () => get<InfraCosts>("/api/v1/costs/infra", { by, since }),
    refetchInterval: infraEveryMs,
  });
export const savingsQuery = queryOptions({
  queryKey: ["ideas", "savings"],
  queryFn: () => get<SavingsView>("/api/v1/costs/savings"),
});
export const runsQuery = (agent: string) =>
  queryOptions({
    queryKey: ["runs", agent],
    queryFn: () => get<{ items: RunView[] }>(`/api/v1/agents/${agent}/runs`, { limit: 5 }),
    refetchInterval: 2_000,
  });
export const eventsQuery = (cut: HistorySearch) =>
  list<EventView>(["events", cut], "/api/v1/events", { ...cut, types: cut.types?.join(",") });
