import type { TaskStatus, TaskView } from "@aito/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useMay } from "../data/operator-queries.ts";
import { statusQuery, tasksQuery } from "../data/queries.ts";
import { Badge, StateBadge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { Select } from "../kit/field.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded, Loading } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle, taskTones, taskWords } from "./words.ts";

const WorkBoard = lazy(() => import("./work-board.tsx"));
const views = { board: "Board", list: "List" } as const;
const filters = {
  all: "All",
  running: "Running",
  pending: "To do",
  blocked: "Waiting",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
} as const;

/** Tasks as a board by status or as a list, of everyone or of one agent. */
export function WorkPage() {
  const [view, setView] = useState<keyof typeof views>("board");
  const [agent, setAgent] = useState("");
  const may = useMay();
  return (
    <>
      <PageTitle
        title="Work"
        aside={
          <span className="flex flex-wrap gap-2">
            {may("/api/v1/tasks") && (
              <Button asChild size="small" look="primary">
                <Link to="/new-task">New task</Link>
              </Button>
            )}
            <Button asChild size="small">
              <Link to="/figures">Figures</Link>
            </Button>
            <Button asChild size="small">
              <Link to="/published">What was published</Link>
            </Button>
          </span>
        }
      >
        Tasks of agents and workers, and what they left behind.
      </PageTitle>
      <div className="flex flex-wrap items-end justify-between gap-x-6">
        <Choices label="View" choices={views} value={view} onChange={setView} />
        <WhoseTasks agent={agent} onChange={setAgent} />
      </div>
      {view === "board" ? (
        <Suspense fallback={<Loading rows={4} />}>
          <WorkBoard agent={agent || undefined} />
        </Suspense>
      ) : (
        <TaskList agent={agent || undefined} />
      )}
    </>
  );
}

function WhoseTasks({ agent, onChange }: { agent: string; onChange: (agent: string) => void }) {
  const { data: status } = useQuery(statusQuery);
  const names = status?.agents.map(({ name }) => name) ?? [];
  return (
    <div className="mb-4 w-56">
      <Select
        label="Of"
        value={agent}
        onChange={(event) => onChange(event.target.value)}
        options={Object.fromEntries([["", "Everyone"], ...names.map((name) => [name, agentTitle(name)])])}
      />
    </div>
  );
}

function TaskList({ agent }: { agent: string | undefined }) {
  const [filter, setFilter] = useState<keyof typeof filters>("all");
  const status = filter === "all" ? undefined : (filter satisfies TaskStatus);
  const tasks = useInfiniteQuery(tasksQuery({ status, agent }));
  return (
    <>
      <Choices label="Status" choices={filters} value={filter} onChange={setFilter} />
      <Loaded query={{ ...tasks, data: tasks.data?.pages.flatMap((page) => page.items) }} rows={6}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={filter === "all" ? "No tasks yet" : "No such tasks"}>
              {filter === "all"
                ? "Agents make tasks from plans, messages and approved decisions."
                : "Choose another status above."}
            </Empty>
          ) : (
            <Rows>
              {items.map((task) => (
                <TaskRow key={task.id} task={task} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={tasks} />
    </>
  );
}

function TaskRow({ task }: { task: TaskView }) {
  const who = task.workerAgent ?? task.assignedTo;
  return (
    <li className="hover:bg-raised">
      <Link
        to="/work/$id"
        params={{ id: task.id }}
        className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3.5"
      >
        <span className="min-w-0 flex-1 basis-72">
          <Foreign text={task.title} className="line-clamp-2 font-medium" />
          <span className="mt-0.5 block text-sm text-quiet">
            {who && `${agentTitle(who)} · `}priority {task.priority} ·{" "}
            {task.completedAt ? (
              <>
                ended <When at={task.completedAt} />
              </>
            ) : (
              <>
                made <When at={task.createdAt} />
              </>
            )}
          </span>
        </span>
        <span className="flex items-center gap-2">
          {task.result?.text && <Badge tone="accent">text</Badge>}
          <StateBadge tone={taskTones[task.status]}>{taskWords[task.status]}</StateBadge>
        </span>
      </Link>
      {/* Its numbers are links of their own. */}
      {task.result && (
        <p className="-mt-2 px-4 pb-3">
          <Figured text={task.result.summary} task={task.id} className="line-clamp-2 text-sm" />
        </p>
      )}
    </li>
  );
}
