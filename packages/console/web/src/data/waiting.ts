import type { ApprovalView, EscalationView, FleetStatus, TaskView, ToolPinView } from "@aito/protocol";
import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { approvalsQuery, escalationsQuery, statusQuery, taskQuery, toolPinsQuery } from "./queries.ts";

const subject = /^task ([0-9a-f-]{36})$/;

/** The tasks that an open alert says of that they ended their containers. */
const quarantinedTasks = (status: FleetStatus | undefined): string[] =>
  (status?.alerts ?? []).flatMap(({ kind, subject: of }) => (kind === "quarantine" ? (subject.exec(of)?.[1] ?? []) : []));

/** The server says them now, and nobody has answered. */
export const waitingPins = (pins: ToolPinView[]): ToolPinView[] =>
  pins.filter(({ status, present }) => status === "waiting" && present);

/** What waits for a human, of each kind. */
export interface WaitingThings {
  escalations: EscalationView[];
  approvals: ApprovalView[];
  /** Words of outside tools that changed. */
  pins: ToolPinView[];
  /** Tasks that ended every container that they were given. */
  tasks: TaskView[];
  /** Older ones wait that are not here. */
  more: boolean;
  loadingMore: boolean;
  loadMore: () => void;
}

/** The one list behind the inbox, the overview and the number beside their names. */
export function useWaitingThings(): WaitingThings {
  const status = useQuery(statusQuery);
  const escalations = useInfiniteQuery(escalationsQuery);
  const approvals = useInfiniteQuery(approvalsQuery);
  const pins = useQuery(toolPinsQuery);
  const tasks = useQueries({ queries: quarantinedTasks(status.data).map((id) => taskQuery(id)) });
  const behind = [escalations, approvals].filter(({ hasNextPage }) => hasNextPage);
  return {
    escalations: escalations.data?.pages.flatMap(({ items }) => items) ?? [],
    approvals: approvals.data?.pages.flatMap(({ items }) => items) ?? [],
    pins: waitingPins(pins.data?.items ?? []),
    tasks: tasks.flatMap(({ data }) => (data?.quarantine ? data : [])),
    more: behind.length > 0,
    loadingMore: behind.some(({ isFetchingNextPage }) => isFetchingNextPage),
    loadMore: () => {
      for (const { fetchNextPage } of behind) void fetchNextPage();
    },
  };
}

/** How many that are. */
export const howMany = ({ escalations, approvals, pins, tasks }: WaitingThings): number =>
  escalations.length + approvals.length + pins.length + tasks.length;

/** The same for people: `100+` where not all are here. */
export const howManyText = (things: WaitingThings): string => `${howMany(things)}${things.more ? "+" : ""}`;
