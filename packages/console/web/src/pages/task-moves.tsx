import { taskMove, type TaskStatus, type TaskView } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiFailure, post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { columnWords } from "./words.ts";

const statuses = Object.keys(columnWords) as TaskStatus[];
const priorities = { lowest: 1, highest: 10 };

/** Moves tasks as the state machine allows it: what it refuses is told with its reason, what stops work is asked about first. */
export function useTaskMoves() {
  const [asked, setAsked] = useState<TaskView | null>(null);
  const client = useQueryClient();
  const tell = useNotice();
  const may = useMay();
  const failed = (error: Error): void => tell(error instanceof ApiFailure ? (error.hint ?? error.message) : error.message, true);
  const settled = () => client.invalidateQueries({ queryKey: ["tasks"] });
  const move = useMutation({
    mutationFn: ({ task, to }: { task: TaskView; to: TaskStatus }) =>
      post<TaskView>("/api/v1/tasks/:id/move", { to }, { id: task.id }),
    onSuccess: (_made, { to }) =>
      tell(to === "cancelled" ? "It is cancelled." : "A new task was made; the old one stays as it is."),
    onError: failed,
    onSettled: settled,
  });
  const prioritise = useMutation({
    mutationFn: ({ task, priority }: { task: TaskView; priority: number }) =>
      post<TaskView>("/api/v1/tasks/:id/priority", { priority }, { id: task.id }),
    onError: failed,
    onSettled: settled,
  });
  return {
    may: may("/api/v1/tasks/:id/move") && may("/api/v1/tasks/:id/priority"),
    busy: move.isPending || prioritise.isPending,
    move: (task: TaskView, to: TaskStatus): void => {
      if (to === task.status) return;
      const allowed = taskMove(task, to);
      if (allowed.does === null) tell(allowed.why, true);
      else if (allowed.does === "cancel") setAsked(task);
      else move.mutate({ task, to });
    },
    prioritise: (task: TaskView, priority: number): void => prioritise.mutate({ task, priority }),
    dialog: (
      <Confirm
        open={asked !== null}
        onClose={() => setAsked(null)}
        title="Cancel this task?"
        action="Cancel the task"
        look="danger"
        onConfirm={() => asked && move.mutate({ task: asked, to: "cancelled" })}
      >
        {asked && <Foreign text={asked.title} className="mb-1 block font-medium text-text" />}
        Its worker is stopped, and so are the tasks below it. What was done stays in the records; it can be tried again as a new
        task.
      </Confirm>
    ),
  };
}
export type TaskMoves = ReturnType<typeof useTaskMoves>;

/** The same as dragging, for the keyboard and for who cannot drag: each move that is allowed, and why the others are not. */
export function MoveTask({ task, moves }: { task: TaskView; moves: TaskMoves }) {
  const may = statuses.map((to) => ({ to, move: taskMove(task, to) }));
  const open = may.some(({ to, move }) => to === "cancelled" && move.does === "cancel");
  if (!moves.may) return null;
  return (
    <details className="mt-1.5">
      <summary className="cursor-pointer py-1 text-sm text-quiet hover:text-text">Move</summary>
      <div className="mt-1 flex flex-wrap gap-1.5">
        {may.map(({ to, move }) =>
          move.does === null ? null : (
            <Button key={to} size="small" disabled={moves.busy} onClick={() => moves.move(task, to)}>
              {move.does === "cancel" ? "Cancel it" : "Try again"}
            </Button>
          ),
        )}
        {open && (
          <>
            <Button
              size="small"
              disabled={moves.busy || task.priority >= priorities.highest}
              onClick={() => moves.prioritise(task, task.priority + 1)}
            >
              Sooner
            </Button>
            <Button
              size="small"
              disabled={moves.busy || task.priority <= priorities.lowest}
              onClick={() => moves.prioritise(task, task.priority - 1)}
            >
              Later
            </Button>
          </>
        )}
      </div>
      <ul className="mt-2 space-y-1 text-xs text-quiet">
        {may.map(({ to, move }) =>
          move.does === null && to !== task.status ? (
            <li key={to}>
              <span className="font-medium">{columnWords[to]}:</span> {move.why}
            </li>
          ) : null,
        )}
      </ul>
    </details>
  );
}
