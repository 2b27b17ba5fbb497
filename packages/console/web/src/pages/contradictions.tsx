import type { CheckedClaim, ContradictionSettled, ContradictionView, SettleContradiction } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { ApiFailure, post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { contradictionsQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Comment, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { ReceiptLink } from "./claim-rows.tsx";
import { agentTitle, periodText, toldText } from "./words.ts";

/** Figures that cannot all be right, each with the way to say which of them is; nothing where there are none. `task`: only those that it is for. */
export function Contradictions({ task }: { task?: string }) {
  const query = useQuery(contradictionsQuery);
  if (query.data === undefined && query.error === null) return null;
  return (
    <Loaded query={query}>
      {({ items }) => <Listed open={task === undefined ? items : items.filter((one) => one.task === task)} />}
    </Loaded>
  );
}

function Listed({ open }: { open: readonly ContradictionView[] }) {
  if (open.length === 0) return null;
  return (
    <Section title="Contradict each other" aside="none of these counts until the agents agree or you settle it">
      <ul className="space-y-4">
        {open.map((one) => (
          <li key={one.id}>
            <Contradiction contradiction={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

const none = "none";
const valueOf = ({ value, unit }: CheckedClaim): string => `${value} ${unit}`;

function Contradiction({ contradiction: { id, task, since, sides } }: { contradiction: ContradictionView }) {
  const may = useMay();
  const about = sides[0];
  if (!about) return null;
  const { metric, entity, entityTitle, period } = about;
  return (
    <Card
      className="border-l-4 border-l-warn px-5 py-4"
      aria-label={`Contradiction: ${visibleText(`${metric} of ${entityTitle ?? entity}`.slice(0, 200))}`}
    >
      <p className="text-lg leading-snug font-semibold wrap-anywhere">
        <Foreign text={metric} /> <span className="font-normal text-quiet">of</span> <Foreign text={entityTitle ?? entity} />
      </p>
      <p className="mt-0.5 text-sm text-quiet">
        {period && <Foreign text={`${periodText(period)} · `} />}
        since <When at={since} />
        {task !== null && (
          <>
            {" · "}
            <Link to="/work/$id" params={{ id: task }} className="underline underline-offset-4 hover:text-text">
              their task
            </Link>
          </>
        )}
      </p>
      {/* Other sides are another question: nothing of an answer to this one is kept. */}
      <Settle key={sides.map((side) => side.id).join()} id={id} sides={sides} may={may("/api/v1/contradictions/:id/settle")} />
    </Card>
  );
}

/** Which value holds, and why; asked once more before it counts. */
function Settle({ id, sides, may }: { id: string; sides: readonly CheckedClaim[]; may: boolean }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const field = useId();
  const client = useQueryClient();
  const tell = useNotice();
  const settle = useMutation({
    mutationFn: (body: SettleContradiction) => post<ContradictionSettled>("/api/v1/contradictions/:id/settle", body, { id }),
    onSuccess: ({ told }) => tell(`It is settled; ${toldText(told)}`),
    // Told beside the card, too: where other values stand now, or it is over, the card is another one or gone at once.
    onError: (error) =>
      tell(visibleText(error instanceof ApiFailure && error.hint ? `${error.message} (${error.hint})` : error.message), true),
    onSettled: () => client.invalidateQueries(),
  });
  const held = sides.find((side) => side.id === chosen);
  const body = { holds: held?.id ?? null, sides: sides.map((side) => side.id), reason: reason.trim() };
  return (
    <>
      <fieldset className="mt-3">
        <legend className="sr-only">Which value holds</legend>
        {sides.map((side) => (
          <Side
            key={side.id}
            side={side}
            name={field}
            chosen={chosen === side.id}
            may={may}
            onChoose={() => setChosen(side.id)}
          />
        ))}
        {may && (
          <label className="flex items-center gap-3 py-1.5">
            <input type="radio" name={field} checked={chosen === none} onChange={() => setChosen(none)} className="size-4" />
            None of them holds
          </label>
        )}
      </fieldset>
      {may && (
        <>
          <Comment
            label="Reason"
            aside="told to the agents and kept in the history"
            rows={2}
            maxLength={1_000}
            value={reason}
            onChange={setReason}
            className="max-w-2xl"
          />
          <Problem error={settle.error} className="mt-2" />
          <div className="mt-3">
            <Ask
              held={held}
              disabled={settle.isPending || chosen === null || body.reason === ""}
              onSure={() => settle.mutate(body)}
            />
          </div>
        </>
      )}
    </>
  );
}

/** The second step. */
function Ask({ held, disabled, onSure }: { held: CheckedClaim | undefined; disabled: boolean; onSure: () => void }) {
  return (
    <Confirm
      trigger={
        <Button disabled={disabled} className="max-sm:w-full">
          Settle it
        </Button>
      }
      title={
        held ? (
          <>
            Does <Foreign text={valueOf(held)} /> hold?
          </>
        ) : (
          "Does none of them hold?"
        )
      }
      action={held ? "It holds" : "None holds"}
      onConfirm={onSure}
    >
      What does not hold stays unverified, whoever states it again, until this is taken back. The agents are told, and their task
      ends.
    </Confirm>
  );
}

function Side({
  side,
  name,
  chosen,
  may,
  onChoose,
}: {
  side: CheckedClaim;
  name: string;
  chosen: boolean;
  may: boolean;
  onChoose: () => void;
}) {
  const text = (
    <span>
      <Foreign text={valueOf(side)} className="tabular font-medium" />{" "}
      <span className="text-sm text-quiet">by {agentTitle(side.agent)}</span>
    </span>
  );
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 py-1.5">
      {may ? (
        <label className="flex min-w-0 items-baseline gap-3">
          <input type="radio" name={name} checked={chosen} onChange={onChoose} className="size-4 translate-y-0.5" />
          {text}
        </label>
      ) : (
        text
      )}
      <span className="text-sm text-quiet">
        {side.outside && <Foreign text={`told by ${side.outside.source}, by its tool ${side.outside.tool} · `} />}
        <When at={side.at} />
        {side.receipts.map((receipt) => (
          <span key={receipt}>
            {" · "}
            <ReceiptLink id={receipt} />
          </span>
        ))}
      </span>
    </div>
  );
}
