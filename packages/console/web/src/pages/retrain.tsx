import type { Lesson } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { fleetTextsQuery, lessonsQuery, revisionsQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { TextField } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { ChangeForm } from "./fleet-change.tsx";

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

/** What there is to learn from: what failed, and what humans refused with a reason. */
function Lessons({ role }: { role: string }) {
  return (
    <Loaded query={useQuery(lessonsQuery(role))} rows={3}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nothing went wrong lately">
            No task or run of it failed, and no human refused what it proposed or asked for.
          </Empty>
        ) : (
          <Rows>
            {items.map((lesson) => (
              <li key={lesson.id} className="px-4 py-2.5">
                <span className="flex flex-wrap items-baseline justify-between gap-x-4">
                  <LessonTitle lesson={lesson} />
                  <span className="text-sm text-quiet">
                    <When at={lesson.at} />
                  </span>
                </span>
                {lesson.said && <Foreign block text={lesson.said} className="line-clamp-4 text-sm text-quiet" />}
              </li>
            ))}
          </Rows>
        )
      }
    </Loaded>
  );
}

/** Leads to the record where it has a page. */
function LessonTitle({ lesson: { kind, id, title, outcome } }: { lesson: Lesson }) {
  const text = <Foreign text={`${title}: ${outcome}`} />;
  const look = "underline decoration-dotted underline-offset-4";
  if (kind === "task")
    return (
      <Link to="/work/$id" params={{ id }} className={look}>
        {text}
      </Link>
    );
  if (kind === "decision")
    return (
      <Link to="/decisions/$id" params={{ id }} className={look}>
        {text}
      </Link>
    );
  return <span>{text}</span>;
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
            <TextField
              label={visibleText(`Profile (${data.profiles[role]?.path ?? "none"})`)}
              value={markdown}
              onChange={setEdited}
            />
          </ChangeForm>
        );
      }}
    </Loaded>
  );
}
