import type { ApprovalDetail } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { approvalQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Card } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { ApprovalCard } from "./approvals.tsx";
import { CallArguments } from "./call-arguments.tsx";
import { CallGrounds } from "./grounds.tsx";
import { agentTitle, usd } from "./words.ts";

/** One call that waits, or waited, for a human: answered here, or what became of it. */
export function ApprovalPage() {
  const { id } = useParams({ from: "/approvals/$id" });
  const approval = useQuery(approvalQuery(id));
  return (
    <>
      <Link to="/inbox" className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text">
        <ArrowLeft aria-hidden className="size-4" /> Inbox
      </Link>
      <PageTitle title="Call" />
      <Loaded query={approval} rows={4}>
        {(data) => (data.status === "waiting" ? <ApprovalCard approval={data} others={[]} /> : <Ended approval={data} />)}
      </Loaded>
    </>
  );
}

function Ended({ approval }: { approval: ApprovalDetail }) {
  const { agent, tool, summary, status, reason, answeredBy, answeredAt, comment, error, result } = approval;
  return (
    <Card className="px-5 py-4">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Foreign text={`${agentTitle(agent)}: ${summary}`} className="font-semibold" />
        <Badge>{status}</Badge>
      </p>
      <p className="mt-0.5 text-sm text-quiet">
        <Foreign text={tool} /> · {usd(approval.amountMicroUsd)} · asked <When at={approval.createdAt} />
      </p>
      <Foreign block text={reason} className="mt-2 first-letter:uppercase" />
      <CallArguments approval={approval} />
      <CallGrounds approval={approval.id} />
      <p className="mt-3">
        {answeredAt === null ? (
          "Nobody answered it."
        ) : status === "expired" && answeredBy !== null ? (
          // As the page without scripts has it.
          <>
            <Foreign text={answeredBy} /> approved it, but it could not begin in time. It did not run.
          </>
        ) : (
          <>
            Answered by <Foreign text={answeredBy ?? "nobody"} /> <When at={answeredAt} />.
          </>
        )}
      </p>
      {comment && <Foreign block text={comment} className="mt-1" />}
      {approval.receipt !== null && (
        <p className="mt-1">
          <Link to="/receipts/$id" params={{ id: approval.receipt }} className="text-accent underline underline-offset-4">
            Its receipt
          </Link>
        </p>
      )}
      {error !== null && <Foreign block text={error} className="mt-1 text-bad" />}
      {result !== null && (
        <Foreign block text={JSON.stringify(result, null, 2)} className="mt-2 max-h-80 overflow-auto font-mono text-sm" />
      )}
    </Card>
  );
}
