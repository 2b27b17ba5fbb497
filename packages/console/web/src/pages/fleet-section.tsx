import type { FleetRevision } from "@aito/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fleetTextsQuery, revisionDiffQuery, revisionPagesQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { TextField } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { ChangeForm, Diff } from "./fleet-change.tsx";

/** The fleet file and its revisions: what each changed, by whom and why; a change is tried, deployed and rolled back here. */
export function FleetSection() {
  const pages = useInfiniteQuery(revisionPagesQuery);
  const items = pages.data?.pages.flatMap((page) => page.items);
  const [editing, setEditing] = useState(false);
  const current = items?.find((revision) => revision.current);
  return (
    <Section title="Fleet file" aside="profiles are changed on each role's page">
      <div className="space-y-4">
        <Loaded query={{ ...pages, data: items }} rows={3}>
          {(list) =>
            list.length === 0 ? (
              <Empty title="No fleet yet">The orchestrator registers the fleet file when it starts.</Empty>
            ) : (
              <Rows>
                {list.map((revision) => (
                  <Revision key={revision.revision} row={revision} current={current?.revision ?? revision.revision} />
                ))}
              </Rows>
            )
          }
        </Loaded>
        <More query={pages} />
        {current && !editing && <Button onClick={() => setEditing(true)}>Change the fleet file</Button>}
        {current && editing && <FileForm revision={current.revision} />}
      </div>
    </Section>
  );
}

function Revision({ row, current }: { row: FleetRevision; current: number }) {
  const [shown, setShown] = useState<"diff" | "back" | null>(null);
  const toggle = (what: "diff" | "back") => () => setShown(shown === what ? null : what);
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-medium">
            Revision {row.revision} {row.current && <Badge tone="accent">current</Badge>}
          </p>
          <p className="text-sm text-quiet">
            {row.source === "file" ? "from the fleet file" : <Foreign text={`deployed by ${row.by}`} />}, <When at={row.at} />
          </p>
          {row.comment !== "" && <Foreign block text={row.comment} className="text-sm" />}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button size="small" aria-expanded={shown === "diff"} onClick={toggle("diff")}>
            What it changed
          </Button>
          {!row.current && (
            <Button size="small" aria-expanded={shown === "back"} onClick={toggle("back")}>
              Roll back to it
            </Button>
          )}
        </div>
      </div>
      {shown === "diff" && <Changed revision={row.revision} />}
      {shown === "back" && (
        <div className="mt-3">
          <ChangeForm
            change={{ basedOn: current, profiles: {}, rollbackTo: row.revision }}
            action={`Roll back to ${row.revision}`}
          />
        </div>
      )}
    </li>
  );
}

function Changed({ revision }: { revision: number }) {
  const diff = useQuery(revisionDiffQuery(revision));
  return (
    <div className="mt-3">
      <Loaded query={diff} rows={1}>
        {(data) => <Diff diff={data} />}
      </Loaded>
    </div>
  );
}

function FileForm({ revision }: { revision: number }) {
  const texts = useQuery(fleetTextsQuery(revision));
  const [edited, setEdited] = useState<string | null>(null);
  return (
    <Loaded query={texts} rows={4}>
      {(data) => (
        <ChangeForm change={{ basedOn: revision, profiles: {}, file: edited ?? data.file }} action="Deploy it">
          <TextField label="The fleet file, as JSON or YAML" value={edited ?? data.file} onChange={setEdited} />
        </ChangeForm>
      )}
    </Loaded>
  );
}
