import {
  type CollisionDetection,
  type DragEndEvent,
  DndContext,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  rectIntersection,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { taskMove, type TaskStatus, type TaskView } from "@aito/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GripVertical } from "lucide-react";
import { useState } from "react";
import { tasksQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { cn } from "../kit/cn.ts";
import { Foreign } from "../kit/foreign.tsx";
import { useGradually } from "../kit/gradually.ts";
import { More } from "../kit/more.tsx";
import { Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { MoveTask, type TaskMoves, useTaskMoves } from "./task-moves.tsx";
import { agentTitle, columnWords } from "./words.ts";

const columns = Object.keys(columnWords) as TaskStatus[];
/** A press that moves less is a click. */
const dragFromPx = 6;
const urgentFrom = 8;
/** Of each column: more than a screen holds; the others follow while these can be used. */
const firstCards = 8;

/** The column under the pointer; beside all of them the one that the card lies on. */
const columnUnder: CollisionDetection = (at) => {
  const under = pointerWithin(at);
  return under.length > 0 ? under : rectIntersection(at);
};

/** The tasks in columns by status. A card is dragged by its handle to where it may go; `Move` on it does the same without dragging. */
export default function WorkBoard({ agent }: { agent: string | undefined }) {
  const [held, setHeld] = useState<TaskView | null>(null);
  const moves = useTaskMoves();
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: dragFromPx } }));
  const taskOf = (data: unknown): TaskView | null => (data as { task?: TaskView } | undefined)?.task ?? null;
  const drop = ({ active, over }: DragEndEvent): void => {
    const task = taskOf(active.data.current);
    setHeld(null);
    if (task && over) moves.move(task, over.id as TaskStatus);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={columnUnder}
      onDragStart={({ active }) => setHeld(taskOf(active.data.current))}
      onDragCancel={() => setHeld(null)}
      onDragEnd={drop}
    >
      <div role="group" aria-label="Columns" className="mb-3 flex flex-wrap gap-1.5">
        {columns.map((status) => (
          <ToColumn key={status} status={status} agent={agent} />
        ))}
      </div>
      <div
        role="region"
        aria-label="Tasks by status"
        // It scrolls sideways: the keyboard must reach it.
        tabIndex={0}
        className="-mx-4 flex snap-x scroll-px-4 gap-3 overflow-x-auto md:scroll-px-10 px-4 pb-3 md:-mx-10 md:px-10"
      >
        {columns.map((status) => (
          <Column key={status} status={status} agent={agent} held={held} moves={moves} />
        ))}
      </div>
      {/* Over the board, not in it: a card that is dragged past the last column would widen it for ever. */}
      <DragOverlay dropAnimation={null}>
        {held && (
          <div className="flex cursor-grabbing items-start gap-1 rounded-lg border border-line bg-card py-2 pr-3 pl-1.5 shadow-lg">
            <GripVertical aria-hidden className="size-4 shrink-0 text-quiet" />
            <Foreign text={held.title} className="line-clamp-3 font-medium" />
          </div>
        )}
      </DragOverlay>
      {moves.dialog}
    </DndContext>
  );
}

const columnId = (status: TaskStatus): string => `column-${status}`;

/** How many tasks a column has, and the way to it: the last ones are out of sight on most screens. */
function ToColumn({ status, agent }: { status: TaskStatus; agent: string | undefined }) {
  const tasks = useInfiniteQuery(tasksQuery({ status, agent }));
  const count = tasks.data?.pages.reduce((sum, page) => sum + page.items.length, 0);
  const show = (): void => {
    const column = document.getElementById(columnId(status));
    column?.scrollIntoView({ inline: "start", block: "nearest" });
    column?.focus({ preventScroll: true });
  };
  return (
    <button
      type="button"
      onClick={show}
      className="min-h-8 rounded-full border border-line bg-card px-3 text-sm text-quiet hover:text-text"
    >
      {columnWords[status]}{" "}
      <span className={cn("tabular font-semibold", status === "failed" && count ? "text-bad" : "text-text")}>
        {count === undefined ? "…" : `${count}${tasks.hasNextPage ? "+" : ""}`}
      </span>
    </button>
  );
}

function Column({
  status,
  agent,
  held,
  moves,
}: {
  status: TaskStatus;
  agent: string | undefined;
  held: TaskView | null;
  moves: TaskMoves;
}) {
  const tasks = useInfiniteQuery(tasksQuery({ status, agent }));
  const { setNodeRef, isOver } = useDroppable({ id: status });
  const move = held && held.status !== status ? taskMove(held, status) : null;
  return (
    <section
      ref={setNodeRef}
      id={columnId(status)}
      tabIndex={-1}
      aria-label={columnWords[status]}
      className={cn(
        "w-64 shrink-0 snap-start outline-offset-2 rounded-xl border border-line bg-raised p-2",
        move && move.does !== null && "border-good",
        isOver && move?.does === null && "border-bad",
      )}
    >
      <h2 className="px-1.5 pt-0.5 pb-2 text-sm font-semibold">{columnWords[status]}</h2>
      {isOver && move?.does === null && (
        <p role="status" className="px-1.5 pb-2 text-xs font-medium text-bad">
          {move.why}
        </p>
      )}
      <Loaded query={{ ...tasks, data: tasks.data?.pages.flatMap((page) => page.items) }} rows={2}>
        {(items) =>
          items.length === 0 ? <p className="px-1.5 pb-2 text-sm text-quiet">None.</p> : <Cards items={items} moves={moves} />
        }
      </Loaded>
      <More query={tasks} />
    </section>
  );
}

function Cards({ items, moves }: { items: TaskView[]; moves: TaskMoves }) {
  const shown = useGradually(items, firstCards);
  return (
    <ul className="space-y-2">
      {shown.map((task) => (
        <TaskCard key={task.id} task={task} moves={moves} />
      ))}
    </ul>
  );
}

function TaskCard({ task, moves }: { task: TaskView; moves: TaskMoves }) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: task.id, data: { task }, disabled: !moves.may });
  const who = task.workerAgent ?? task.assignedTo;
  return (
    <li ref={setNodeRef} className={cn("rounded-lg border border-line bg-card py-2 pr-3 pl-1.5", isDragging && "opacity-40")}>
      <div className="flex items-start gap-1">
        {moves.may && (
          <span {...listeners} aria-hidden title="Drag to another status" className="cursor-grab touch-none py-0.5 text-quiet">
            <GripVertical className="size-4" />
          </span>
        )}
        <div className="min-w-0 flex-1">
          <Link to="/work/$id" params={{ id: task.id }} className="hover:underline">
            <Foreign text={task.title} className="line-clamp-3 font-medium" />
          </Link>
          <p className="mt-0.5 text-sm wrap-anywhere text-quiet">
            {who && `${agentTitle(who)} · `}
            <When at={task.completedAt ?? task.createdAt} />
          </p>
          <p className="mt-1 flex flex-wrap gap-1">
            <Badge tone={task.priority >= urgentFrom ? "warn" : "neutral"}>priority {task.priority}</Badge>
            {task.workerType && <Badge>worker</Badge>}
            {task.parentTaskId && <Badge>part of another</Badge>}
            {task.result?.text && <Badge tone="accent">text</Badge>}
            {task.result && task.result.receipts.length > 0 && (
              <Badge>
                {task.result.receipts.length} {task.result.receipts.length === 1 ? "receipt" : "receipts"}
              </Badge>
            )}
          </p>
          <MoveTask task={task} moves={moves} />
        </div>
      </div>
    </li>
  );
}
