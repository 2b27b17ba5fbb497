import type { DecisionGrounds, DecisionView, ReceiptBehind } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { approvalQuery, escalationQuery } from "../data/queries.ts";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Failed } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { agentTitle, usd, voteTally } from "./words.ts";

/** What an approval of a decision releases, and what the proposal rests on: seen before the buttons. */
export function EscalationGrounds({ escalation }: { escalation: string }) {
  const { data, error, refetch } = useQuery(escalationQuery(escalation));
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <p className="mt-2 text-quiet">Reading what it rests on…</p>;
  return (
    <>
      <Released grounds={data.grounds} />
      <Tainted source={data.grounds.taint} who="Who proposed it or argued about it" />
      <p className="mt-2 text-sm text-quiet">
        <span className="tabular">{usd(data.grounds.budgetLeftMicroUsd)}</span> of the month’s budget is left before it.
      </p>
      <Receipts receipts={data.grounds.receipts} title="What the proposal rests on" />
    </>
  );
}

/** What the run that asks for a call had done before, and what it had read. */
export function CallGrounds({ approval }: { approval: string }) {
  const { data, error, refetch } = useQuery(approvalQuery(approval));
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <>
      <Tainted source={data.taint} who="The run that asks" />
      {data.taskId && (
        <p className="mt-2 text-sm">
          <Link to="/work/$id" params={{ id: data.taskId }} className="underline decoration-dotted underline-offset-4">
            The task that it is for
          </Link>
        </p>
      )}
      <Receipts receipts={data.receipts} title="What it rests on" />
    </>
  );
}

/** The proposal itself, for a list in which each card stands for one. */
export function Proposed({ decision }: { decision: DecisionView }) {
  const last = decision.rounds.at(-1);
  return (
    <div className="mb-2">
      <p className="text-sm text-quiet">
        {decision.type} · proposed by {agentTitle(decision.proposedBy)} · asked <When at={decision.createdAt} />
        {last && ` · round ${last.round}: ${voteTally(last.votes)}`}
      </p>
      {decision.description && (
        <Bounded name="What is asked">
          <Figured block text={decision.description} amountMicroUsd={decision.amountMicroUsd} />
        </Bounded>
      )}
    </div>
  );
}

function Released({ grounds: { attachedTask, attachedAction } }: { grounds: DecisionGrounds }) {
  return (
    <div className="mt-3">
      <h3 className="text-sm font-medium">What runs if you approve</h3>
      {!attachedTask && !attachedAction && (
        <p className="mt-1 text-quiet">Nothing by itself: the decision is recorded, and its proposer is told.</p>
      )}
      {attachedTask && (
        <Bounded name="The attached work">
          <Foreign block text={attachedTask.title} className="font-medium" />
          <p className="text-sm text-quiet">
            {attachedTask.workerType ? (
              <>
                A worker (<Foreign text={attachedTask.workerType} />) is started for it.
              </>
            ) : (
              "The proposer does it."
            )}
          </p>
          {attachedTask.description && <Foreign block text={attachedTask.description} className="mt-1" />}
        </Bounded>
      )}
      {attachedAction && (
        <Bounded name="The stored action">
          <Foreign block text={attachedAction} className="font-mono text-sm" />
        </Bounded>
      )}
    </div>
  );
}

function Tainted({ source, who }: { source: string | null; who: string }) {
  if (source === null) return null;
  return (
    <p className="mt-2 text-warn">
      {who} had read text from outside: <Foreign text={source} />
    </p>
  );
}

function Receipts({ receipts, title }: { receipts: ReceiptBehind[]; title: string }) {
  if (receipts.length === 0) return <p className="mt-2 text-sm text-quiet">No call of the run stands behind it.</p>;
  return (
    <details className="mt-2">
      <summary className="cursor-pointer py-1 text-sm">
        {title}: {receipts.length} {receipts.length === 1 ? "receipt" : "receipts"}
      </summary>
      <ul className="mt-1 space-y-2">
        {receipts.map((receipt) => (
          <li key={receipt.id}>
            <Link to="/receipts/$id" params={{ id: receipt.id }} className="underline decoration-dotted underline-offset-4">
              <Foreign text={receipt.tool} />
            </Link>{" "}
            <span className={receipt.ok ? "text-sm text-good" : "text-sm text-bad"}>{receipt.ok ? "done" : "refused"}</span>{" "}
            <span className="text-sm text-quiet">
              <When at={receipt.at} />
            </span>
            <Foreign block text={receipt.result} className="line-clamp-3 font-mono text-sm text-quiet" />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What scrolls can be reached with the keyboard. */
const Bounded = ({ name, children }: { name: string; children: ReactNode }) => (
  <div
    tabIndex={0}
    role="region"
    aria-label={name}
    className="mt-1 max-h-80 overflow-auto rounded-lg border border-line bg-page px-3 py-2"
  >
    {children}
  </div>
);
