import type { TaskRequest, TaskView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { statusQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Comment, Field, Problem, Select } from "../kit/field.tsx";
import { useNotice } from "../kit/notices.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle } from "./words.ts";

const priorities = { 2: "Whenever there is time", 5: "As usual", 8: "Soon", 10: "Before everything else" };

/** What an operator asks an agent for, without a decision. */
export function NewTaskPage() {
  const may = useMay();
  return (
    <>
      <PageTitle title="New task">
        An agent does it next, or a worker that is started for it. What is dangerous in it still waits for an approval.
      </PageTitle>
      {may("/api/v1/tasks") ? <NewTask /> : <Empty title="Tasks are given by who manages the company">An owner can.</Empty>}
    </>
  );
}

function NewTask() {
  // Pressed twice, or sent again after an answer that was lost, it is the same task.
  const [key] = useState(() => crypto.randomUUID());
  const [description, setDescription] = useState("");
  const status = useQuery(statusQuery);
  const client = useQueryClient();
  const tell = useNotice();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (body: Partial<TaskRequest>) => post<TaskView>("/api/v1/tasks", body),
    onSuccess: ({ id, assignedTo }) => {
      tell(`${agentTitle(assignedTo ?? "nobody")} has it.`);
      return navigate({ to: "/work/$id", params: { id } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["tasks"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    create.mutate({ ...requestOf(new FormData(event.currentTarget)), description, key });
  };
  return (
    <Loaded query={status} rows={4}>
      {({ agents }) => (
        <Card className="px-5 py-4">
          <form onSubmit={submit} className="space-y-4">
            <Field name="title" label="What" hint="One line." required maxLength={255} autoCapitalize="sentences" spellCheck />
            <div>
              <Comment
                label="Details"
                aside="what is to be done, and how one sees that it is"
                rows={5}
                maxLength={20_000}
                value={description}
                onChange={setDescription}
              />
            </div>
            <div className="grid gap-4 sm:grid-cols-2">
              <Select
                name="assignTo"
                label="Who answers for it"
                required
                options={Object.fromEntries(agents.map(({ name }) => [name, agentTitle(name)]))}
              />
              <Select name="priority" label="How soon" options={priorities} defaultValue="5" />
              <Field name="due" type="datetime-local" label="Until" hint="Empty: no date." />
              <Field
                name="worker"
                label="Worker"
                hint="A worker of this type does it, as the fleet file names them; empty: the agent itself."
                maxLength={60}
              />
              <Field
                name="client"
                label="Client"
                hint="For whom, as the fleet file names them; empty: for whom the agent works."
              />
            </div>
            <Problem error={create.error} />
            <Button type="submit" look="primary" disabled={create.isPending} className="max-sm:w-full">
              Give the task
            </Button>
          </form>
        </Card>
      )}
    </Loaded>
  );
}

function requestOf(fields: FormData): Omit<TaskRequest, "description" | "key"> {
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const due = text("due");
  return {
    title: text("title"),
    assignTo: text("assignTo"),
    priority: Number(text("priority")),
    dueDate: due === "" ? null : new Date(due).toISOString(),
    workerType: text("worker") || null,
    client: text("client") || null,
  };
}
