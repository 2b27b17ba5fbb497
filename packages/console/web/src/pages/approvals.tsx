import { type ApprovalView, microToUsd } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../data/api.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { When } from "../kit/time.tsx";

/** The same call by whichever agents, together: one answer goes to all of them. */
export const equalCalls = (waiting: ApprovalView[]): { first: ApprovalView; others: ApprovalView[] }[] =>
  [...Map.groupBy(waiting, (item) => item.callDigest).values()].map(([first, ...others]) => ({ first: first!, others }));

/** Calls that wait for a human, each exactly as it would run. The same call of several agents is one card. */
export function Approvals({ waiting }: { waiting: ApprovalView[] }) {
  if (waiting.length === 0) return null;
  return (
    <ul className="space-y-4" aria-label="Calls that wait for you">
      {equalCalls(waiting).map(({ first, others }) => (
        <li key={first.id}>
          <ApprovalCard approval={first} others={others} />
        </li>
      ))}
    </ul>
  );
}

/** One call, with the equal ones of others that the same answer goes to. */
export function ApprovalCard({ approval, others }: { approval: ApprovalView; others: ApprovalView[] }) {
  const [problem, setProblem] = useState<string | null>(null);
  const client = useQueryClient();
  const tell = useNotice();
  const answer = useMutation({
    mutationFn: (word: "approve" | "deny") =>
      post(`/api/v1/approvals/${approval.id}/answer`, { answer: word, digest: approval.digest, equal: others.length > 0 }),
    onSuccess: (_result, word) => tell(word === "approve" ? "Approved; it runs now." : "Denied."),
    onError: (error) => setProblem(error.message),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Card className="border-l-4 border-l-warn px-5 py-4">
      <h2 className="font-semibold">
        <Foreign text={`${[approval, ...others].map(({ agent }) => agent).join(", ")}: ${approval.summary}`} />
      </h2>
      <p className="mt-0.5 text-sm text-quiet">
        <Foreign text={approval.tool} /> · ${microToUsd(approval.amountMicroUsd)} · until <When at={approval.expiresAt} />;
        silence is a denial
      </p>
      <Foreign block text={approval.reason} className="mt-2 first-letter:uppercase" />
      <Foreign
        block
        text={JSON.stringify({ ...approval.arguments, ...(approval.files.length > 0 ? { files: approval.files } : {}) }, null, 2)}
        className="mt-2 max-h-80 overflow-auto rounded-lg border border-line bg-page px-3 py-2 font-mono text-sm"
      />
      {problem && (
        <p role="alert" className="mt-2 font-medium text-bad">
          {problem}
        </p>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button look="good" disabled={answer.isPending} onClick={() => answer.mutate("approve")} className="max-sm:w-full">
          {others.length > 0 ? `Approve all ${others.length + 1}` : "Approve"}
        </Button>
        <Button look="danger" disabled={answer.isPending} onClick={() => answer.mutate("deny")} className="max-sm:w-full">
          Deny
        </Button>
        {approval.url && (
          <a href={new URL(approval.url, location.href).pathname} className="text-sm text-quiet underline underline-offset-4">
            Change it first
          </a>
        )}
      </div>
    </Card>
  );
}
