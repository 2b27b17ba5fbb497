import type { DecisionView, OverrideReport } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Comment, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { When } from "../kit/time.tsx";

const ended: DecisionView["status"][] = ["overridden", "withdrawn"];

/** Sets a decision aside, open or decided, with a reason; then tells what was stopped and what had run. */
export function Override({ decision }: { decision: DecisionView }) {
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const may = useMay();
  const override = useMutation({
    mutationFn: () => post<OverrideReport>("/api/v1/decisions/:id/override", { reason: reason.trim() }, { id: decision.id }),
    onSettled: () => client.invalidateQueries(),
  });
  if (override.data) return <Report report={override.data} />;
  if (ended.includes(decision.status) || !may("/api/v1/decisions/:id/override")) return null;
  return (
    <details className="rounded-xl border border-line bg-card px-5 py-3">
      <summary className="cursor-pointer font-medium">Override this decision</summary>
      <p className="mt-2 text-quiet">
        It is set aside whatever was voted. Work that it released is stopped; what has already run is listed with its undo.
      </p>
      <Comment
        label="Reason"
        aside="told to the company and kept in the history"
        rows={2}
        maxLength={4_000}
        value={reason}
        onChange={setReason}
      />
      <Problem error={override.error} className="mt-2" />
      <div className="mt-3 mb-1">
        <Confirm
          trigger={
            <Button look="danger" disabled={override.isPending || reason.trim() === ""}>
              Override
            </Button>
          }
          title="Override this decision?"
          action="Override it"
          onConfirm={() => override.mutate()}
        >
          This cannot be taken back: the same matter needs a new proposal.
        </Confirm>
      </div>
    </details>
  );
}

function Report({ report: { stopped, ran } }: { report: OverrideReport }) {
  return (
    <Section title="What the override found">
      <Card className="space-y-4 px-5 py-4">
        <div>
          <h3 className="font-medium">Stopped</h3>
          {stopped.length === 0 ? (
            <p className="text-quiet">No work was under way.</p>
          ) : (
            <ul className="list-disc pl-5">
              {stopped.map(({ task, title }) => (
                <li key={task}>
                  <Foreign text={title} />
                </li>
              ))}
            </ul>
          )}
        </div>
        <div>
          <h3 className="font-medium">Had already run</h3>
          {ran.length === 0 ? (
            <p className="text-quiet">Nothing.</p>
          ) : (
            <ul className="space-y-2">
              {ran.map(({ what, at, undo }) => (
                <li key={`${at} ${what}`}>
                  <Foreign text={what} /> <When at={at} className="text-quiet" />
                  <span className="block text-sm text-quiet">
                    {undo === null ? "Cannot be undone." : <Foreign text={`To undo: ${undo}`} />}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </Card>
    </Section>
  );
}
