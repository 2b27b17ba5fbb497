import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { decisionsQuery, fleetTextsQuery, revisionsQuery, tasksQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { ChangeForm, TextField } from "./fleet-change.tsx";

const shownMax = 8;

/** Its profile, changed from what went wrong and from what humans answered: tried, deployed as a revision, rolled back in Settings. */
export function Retrain({ role }: { role: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title="Retrain">
      {open ? (
        <div className="space-y-6">
          <Lessons role={role} />
          <ProfileForm role={role} />
        </div>
      ) : (
        <Button onClick={() => setOpen(true)}>Change its profile</Button>
      )}
    </Section>
  );
}

/** What there is to learn from: tasks that failed, and what humans said to what it proposed. */
function Lessons({ role }: { role: string }) {
  const failed = useInfiniteQuery(tasksQuery({ status: "failed", agent: role }));
  const decisions = useInfiniteQuery(decisionsQuery);
  const tasks = failed.data?.pages[0]?.items.slice(0, shownMax) ?? [];
  const answered = (decisions.data?.pages[0]?.items ?? [])
    .filter((decision) => decision.proposedBy === role && decision.humanComment !== null && decision.status !== "approved")
    .slice(0, shownMax);
  if (tasks.length + answered.length === 0)
    return <Empty title="Nothing went wrong lately">No task of it failed, and no human refused what it proposed.</Empty>;
  return (
    <Rows>
      {tasks.map((task) => (
        <li key={task.id} className="px-4 py-2.5">
          <Link to="/work/$id" params={{ id: task.id }} className="underline decoration-dotted underline-offset-4">
            <Foreign text={`Failed: ${task.title}`} />
          </Link>
          {task.result && <Foreign block text={task.result.summary} className="text-sm text-quiet" />}
        </li>
      ))}
      {answered.map((decision) => (
        <li key={decision.id} className="px-4 py-2.5">
          <Link to="/decisions/$id" params={{ id: decision.id }} className="underline decoration-dotted underline-offset-4">
            <Foreign text={`${decision.status}: ${decision.title}`} />
          </Link>
          <Foreign block text={decision.humanComment ?? ""} className="text-sm text-quiet" />
        </li>
      ))}
    </Rows>
  );
}

function ProfileForm({ role }: { role: string }) {
  const revisions = useQuery(revisionsQuery);
  const current = revisions.data?.items.find((revision) => revision.current)?.revision;
  const texts = useQuery({ ...fleetTextsQuery(current ?? 0), enabled: current !== undefined });
  const [edited, setEdited] = useState<string | null>(null);
  return (
    <Loaded query={texts} rows={4}>
      {(data) => {
        const markdown = edited ?? data.profiles[role]?.markdown ?? "";
        return (
          <ChangeForm change={{ basedOn: data.revision, profiles: { [role]: markdown } }} action="Deploy it">
            <TextField label={`Profile (${data.profiles[role]?.path ?? "none"})`} value={markdown} onChange={setEdited} />
          </ChangeForm>
        );
      }}
    </Loaded>
  );
}
