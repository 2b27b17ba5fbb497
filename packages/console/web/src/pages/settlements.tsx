import type { CheckedClaim, ContradictionReopened, ReopenContradiction, SettlementView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { settlementsQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Comment, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { agentTitle, periodText, toldText } from "./words.ts";

/** What humans have settled, each with the way to take it back; nothing where there is none. `task`: only those that it was for. */
export function Settlements({ task }: { task?: string }) {
  const query = useQuery(settlementsQuery);
  if (query.data === undefined && query.error === null) return null;
  return (
    <Loaded query={query}>
      {({ items }) => <Listed settled={task === undefined ? items : items.filter((one) => one.task === task)} />}
    </Loaded>
  );
}

function Listed({ settled }: { settled: readonly SettlementView[] }) {
  const may = useMay();
  if (settled.length === 0) return null;
  return (
    <Section title="Settled" aside="what does not hold stays unverified, until this is taken back">
      <ul className="space-y-4">
        {settled.map((one) => (
          <li key={one.id}>
            <Settlement settlement={one} may={may("/api/v1/contradictions/:id/reopen")} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

const shownMax = 5;
const stated = ({ value, unit, agent }: CheckedClaim): string => `${value} ${unit} of ${agentTitle(agent)}`;
const wordsOf = ({ holds, refuted }: SettlementView): string => {
  const more = refuted.length - shownMax;
  const not = refuted.slice(0, shownMax).map(stated).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return holds ? `${stated(holds)} holds, not ${not}` : `None holds: ${not}`;
};

function Settlement({ settlement, may }: { settlement: SettlementView; may: boolean }) {
  const { id, at, by, reason } = settlement;
  const about = settlement.refuted[0];
  if (!about) return null;
  const { metric, entity, entityTitle, period } = about;
  return (
    <Card className="px-5 py-4" aria-label={`Settled: ${visibleText(`${metric} of ${entityTitle ?? entity}`.slice(0, 200))}`}>
      <p className="font-semibold wrap-anywhere">
        <Foreign text={metric} /> <span className="font-normal text-quiet">of</span> <Foreign text={entityTitle ?? entity} />
        {period && (
          <span className="font-normal text-quiet">
            {" "}
            <Foreign text={periodText(period)} />
          </span>
        )}
      </p>
      <Foreign block text={wordsOf(settlement)} className="mt-0.5" />
      <p className="mt-0.5 text-sm text-quiet">
        <Foreign text={`${by}: ${reason}`} /> · <When at={at} />
      </p>
      {may && <Reopen id={id} />}
    </Card>
  );
}

/** Why it is taken back; asked once more before it counts. */
function Reopen({ id }: { id: string }) {
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const tell = useNotice();
  const reopen = useMutation({
    mutationFn: (body: ReopenContradiction) => post<ContradictionReopened>("/api/v1/contradictions/:id/reopen", body, { id }),
    onSuccess: ({ told }) => tell(`It is taken back; ${toldText(told)}`),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <>
      <Comment
        label="Why it is taken back"
        aside="told to the agents and kept in the history"
        rows={1}
        maxLength={1_000}
        value={reason}
        onChange={setReason}
        className="max-w-2xl"
      />
      <Problem error={reopen.error} className="mt-2" />
      <div className="mt-3">
        <Confirm
          trigger={
            <Button disabled={reopen.isPending || reason.trim() === ""} className="max-sm:w-full">
              Take it back
            </Button>
          }
          title="Take this settlement back?"
          action="Take it back"
          onConfirm={() => reopen.mutate({ reason: reason.trim() })}
        >
          The values contradict each other again, and none of them counts. The agents are told; their task stays ended.
        </Confirm>
      </div>
    </>
  );
}
