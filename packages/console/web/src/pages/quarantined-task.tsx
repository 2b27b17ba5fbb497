import type { SettleTask, TaskView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { statusQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Field, Problem, Select } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { LooksOnly } from "../kit/looks-only.tsx";
import { useNotice } from "../kit/notices.tsx";
import { When } from "../kit/time.tsx";
import { agentTitle } from "./words.ts";

const plainType = /^[a-z0-9][a-z0-9-]{0,62}$/;
const ways = [
  { how: "retry", look: "primary", text: "Try it again" },
  { how: "give_up", look: "danger", text: "Give it up" },
] as const;

/** What a task did to its containers, with what may become of it. */
export function QuarantinedTask({ task, titled = true }: { task: TaskView; titled?: boolean }) {
  const client = useQueryClient();
  const tell = useNotice();
  const may = useMay();
  const settle = useMutation({
    mutationFn: (body: SettleTask) => post<TaskView>("/api/v1/tasks/:id/settle", body, { id: task.id }),
    onSuccess: (_made, { how }) =>
      tell(how === "give_up" ? "It is given up; the old task stays failed." : "A new task was made; the old one stays failed."),
    onSettled: () => client.invalidateQueries(),
  });
  if (!task.quarantine) return null;
  return (
    <Card
      className="border-l-4 border-l-warn px-5 py-4"
      aria-label={`Quarantined task: ${visibleText(task.title.slice(0, 200))}`}
    >
      {titled && (
        <Link
          to="/work/$id"
          params={{ id: task.id }}
          className="text-lg leading-snug font-semibold wrap-anywhere underline decoration-dotted underline-offset-4"
        >
          <Foreign text={task.title} />
        </Link>
      )}
      <p className="mt-0.5 text-sm text-quiet">
        quarantined <When at={task.quarantine.since} /> · a <Foreign text={task.workerType ?? "task"} /> for{" "}
        {agentTitle(task.assignedTo ?? "nobody")} · agents may not start the same for a day
      </p>
      <Foreign block text={task.quarantine.why} className="mt-2 font-medium text-bad first-letter:uppercase" />
      <Problem error={settle.error} className="mt-2" />
      {may("/api/v1/tasks/:id/settle") ? (
        <>
          <div className="mt-3 flex flex-wrap items-center gap-2">
            {ways.map(({ how, look, text }) => (
              <Button
                key={how}
                look={look}
                disabled={settle.isPending}
                onClick={() => settle.mutate({ how })}
                className="max-sm:w-full"
              >
                {text}
              </Button>
            ))}
          </div>
          <HandOver task={task} busy={settle.isPending} onSubmit={(body) => settle.mutate(body)} />
        </>
      ) : (
        <LooksOnly>An owner says what becomes of it.</LooksOnly>
      )}
    </Card>
  );
}

/** The same text for somebody else, or for another kind of worker. */
function HandOver({ task, busy, onSubmit }: { task: TaskView; busy: boolean; onSubmit: (body: SettleTask) => void }) {
  const status = useQuery(statusQuery);
  const standing = (status.data?.agents ?? []).filter(({ kind }) => kind === "agent").map(({ name }) => name);
  const [chosen, setChosen] = useState<string | null>(null);
  // What a field holds must be what it shows.
  const before = plainType.test(task.workerType ?? "") ? (task.workerType ?? "") : "";
  const [worker, setWorker] = useState(before);
  // Nobody stands there who is not sent: who had it may be a worker, or gone.
  const assignTo = [chosen, task.assignedTo].find((name) => name !== null && standing.includes(name)) ?? "";
  const same = assignTo === task.assignedTo && worker.trim() === before;
  return (
    <details className="mt-3">
      <summary className="cursor-pointer py-1 text-sm text-quiet hover:text-text">Give it to somebody else</summary>
      <form
        className="mt-2 grid max-w-xl gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit({ how: "hand_over", assignTo, workerType: worker.trim() === "" ? null : worker.trim() });
        }}
      >
        <Select
          label="For"
          value={assignTo}
          options={Object.fromEntries([
            ...(assignTo === "" ? [["", "Choose one"]] : []),
            ...standing.map((name) => [name, agentTitle(name)]),
          ])}
          onChange={(event) => setChosen(event.target.value)}
        />
        <Field
          label="Kind of worker"
          hint="One of the fleet file; empty: no worker, the agent does it itself."
          maxLength={63}
          value={worker}
          onChange={(event) => setWorker(event.target.value)}
        />
        <Button type="submit" disabled={busy || same || assignTo === ""} className="sm:col-span-2 sm:justify-self-start">
          Hand it over
        </Button>
      </form>
    </details>
  );
}
