import type { FleetChange, FleetDiff, FleetDryRun, FleetRevision } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { cn } from "../kit/cn.ts";
import { Field, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";

const signs = { same: " ", removed: "−", added: "+", gap: "⋯" } as const;

/** What left and what came, file by file. */
export function Diff({ diff }: { diff: FleetDiff }) {
  if (diff.files.length === 0) return <p className="text-quiet">It changes no text.</p>;
  return (
    <div className="space-y-4">
      {diff.files.map(({ path, lines }) => (
        <figure key={path} className="overflow-hidden rounded-lg border border-line">
          <figcaption className="border-b border-line bg-raised px-3 py-1.5 font-mono text-sm">
            <Foreign text={path} />
          </figcaption>
          <ol className="bg-card py-1 font-mono text-sm">
            {lines.map(({ sign, text }, at) => (
              <li
                key={at}
                className={cn(
                  "flex gap-3 px-3",
                  sign === "removed" && "bg-bad-soft",
                  sign === "added" && "bg-good-soft",
                  sign === "gap" && "text-quiet",
                )}
              >
                <span className="w-3 shrink-0 select-none">
                  {signs[sign]}
                  {sign === "removed" && <span className="sr-only">removed:</span>}
                  {sign === "added" && <span className="sr-only">added:</span>}
                </span>
                <Foreign block dir="ltr" text={text} className="flex-1" />
              </li>
            ))}
          </ol>
        </figure>
      ))}
    </div>
  );
}

/** A change of the fleet: tried first, and deployed only as it was tried. `children` is what is edited. */
export function ChangeForm({
  change,
  action,
  ready = true,
  children,
}: {
  change: Omit<FleetChange, "comment">;
  action: string;
  /** False: something that it needs is not filled in yet. */
  ready?: boolean;
  children?: ReactNode;
}) {
  const [comment, setComment] = useState("");
  const client = useQueryClient();
  const tell = useNotice();
  const may = useMay();
  const whole = { ...change, comment: comment.trim() };
  const tried = useMutation({
    mutationFn: (asked: FleetChange) => post<FleetDryRun>("/api/v1/fleet/dry-run", asked),
  });
  const deploy = useMutation({
    mutationFn: () => post<FleetRevision>("/api/v1/fleet/deploy", tried.variables),
    onSuccess: ({ revision }) => {
      tell(`Revision ${revision} is deployed.`);
      tried.reset();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["org"] }),
  });
  // What was tried is what is deployed: a later change is tried again first.
  const fresh = tried.data !== undefined && JSON.stringify(tried.variables) === JSON.stringify(whole);
  if (!may("/api/v1/fleet/dry-run") || !may("/api/v1/fleet/deploy")) return null;
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        tried.mutate(whole);
      }}
    >
      {children}
      <Field
        label="Why"
        hint="Stands with the revision, and in the history."
        maxLength={1_000}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <Button type="submit" disabled={!ready || comment.trim() === "" || tried.isPending}>
        Try it
      </Button>
      <Problem error={tried.error} />
      {fresh && tried.data && <Outcome outcome={tried.data} />}
      {fresh && tried.data?.problems.length === 0 && (
        <Button look="primary" disabled={deploy.isPending} onClick={() => deploy.mutate()}>
          {action}
        </Button>
      )}
      <Problem error={deploy.error} />
    </form>
  );
}

function Outcome({ outcome: { problems, diff, effects } }: { outcome: FleetDryRun }) {
  if (problems.length > 0)
    return (
      <div role="alert" className="rounded-lg border border-bad bg-bad-soft px-4 py-3">
        <p className="font-medium text-bad">It cannot be deployed:</p>
        <ul className="mt-1 list-disc pl-5 font-mono text-sm">
          {problems.map((problem) => (
            <li key={problem}>
              <Foreign text={problem} />
            </li>
          ))}
        </ul>
      </div>
    );
  return (
    <div role="status" className="space-y-3">
      <ul className="list-disc pl-5">
        {effects.map((effect) => (
          <li key={effect}>
            <Foreign text={effect} />
          </li>
        ))}
      </ul>
      <Diff diff={diff} />
    </div>
  );
}
