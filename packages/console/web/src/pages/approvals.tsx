import { type ApprovalAnswer, type ApprovalView, microToUsd } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { useMay, useWhoMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Comment, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { LooksOnly } from "../kit/looks-only.tsx";
import { useNotice } from "../kit/notices.tsx";
import { When } from "../kit/time.tsx";
import { CallArguments } from "./call-arguments.tsx";
import { EditCall } from "./edit-call.tsx";
import { CallGrounds } from "./grounds.tsx";

const soonest = (a: ApprovalView, b: ApprovalView): number =>
  a.expiresAt < b.expiresAt ? -1 : a.expiresAt > b.expiresAt ? 1 : 0;

/** The same call by whichever agents, together: one answer goes to all of them. What ends first comes first, of each call and of them all. */
export const equalCalls = (waiting: ApprovalView[]): { first: ApprovalView; others: ApprovalView[] }[] =>
  [...Map.groupBy(waiting, (item) => item.callDigest).values()]
    .map((calls) => {
      const [first, ...others] = calls.toSorted(soonest);
      return { first: first!, others };
    })
    .toSorted((a, b) => soonest(a.first, b.first));

/** Calls that wait for a human. The same call of several agents is one card. */
export function Approvals({ waiting }: { waiting: ApprovalView[] }) {
  const whom = useWhoMay()("/api/v1/approvals/:id/answer");
  if (waiting.length === 0) return null;
  return (
    <ul className="space-y-4" aria-label={`Calls that wait for ${whom}`}>
      {equalCalls(waiting).map(({ first, others }) => (
        <li
          key={first.id}
          data-card={first.id}
          tabIndex={-1}
          aria-label={visibleText(`Call: ${first.summary.slice(0, 200)}`)}
          className="rounded-xl outline-offset-4"
        >
          <ApprovalCard approval={first} others={others} />
        </li>
      ))}
    </ul>
  );
}

type Word = Exclude<ApprovalAnswer["answer"], "edit">;
const told: Record<Word, string> = { approve: "Approved; it runs now.", deny: "Denied.", send_back: "Sent back." };

/** One call exactly as it would run, with the equal ones of others that the same answer goes to. */
export function ApprovalCard({ approval, others }: { approval: ApprovalView; others: ApprovalView[] }) {
  const may = useMay();
  return (
    <Card className="border-l-4 border-l-warn px-5 py-4" aria-label={visibleText(`Call: ${approval.summary.slice(0, 200)}`)}>
      <h2 className="font-semibold">
        <Foreign text={`${[approval, ...others].map(({ agent }) => agent).join(", ")}: ${approval.summary}`} />
      </h2>
      <p className="mt-0.5 text-sm text-quiet">
        <Foreign text={approval.tool} /> · ${microToUsd(approval.amountMicroUsd)} · ends <When at={approval.expiresAt} />; silence
        is a denial
      </p>
      <Foreign
        block
        text={approval.reason}
        // A tool's name stays as it is.
        className={approval.reason.startsWith(approval.tool) ? "mt-2" : "mt-2 first-letter:uppercase"}
      />
      <OtherReasons approval={approval} others={others} />
      <CallArguments approval={approval} />
      <CallGrounds approval={approval.id} />
      {may("/api/v1/approvals/:id/answer") ? (
        <Answer approval={approval} others={others} />
      ) : (
        <LooksOnly>An approver or an owner answers it.</LooksOnly>
      )}
    </Card>
  );
}

function Answer({ approval, others }: { approval: ApprovalView; others: ApprovalView[] }) {
  const { comment, setComment, problem, busy, send, field } = useAnswer(approval, others);
  const [editing, setEditing] = useState(false);
  const all = others.length > 0 ? ` all ${others.length + 1}` : "";
  return (
    <>
      <Digests of={[approval, ...others]} />
      <Comment
        id={field}
        label="Comment"
        aside="told to the agent; what should be different if you send it back"
        rows={2}
        maxLength={4_000}
        value={comment}
        onChange={setComment}
      />
      <Problem error={problem} className="mt-2" />
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button look="good" disabled={busy} onClick={() => send("approve")} className="max-sm:w-full">
          Approve{all}
        </Button>
        <Button look="danger" disabled={busy} onClick={() => send("deny")} className="max-sm:w-full">
          Deny{all}
        </Button>
        <Button disabled={busy} onClick={() => send("send_back")} className="max-sm:w-full">
          Send back{all}
        </Button>
        <Button aria-expanded={editing} onClick={() => setEditing(!editing)} className="max-sm:w-full">
          Edit it first
        </Button>
        <AlwaysAllow approval={approval} />
      </div>
      {editing && <EditCall approval={approval} others={others.length} comment={comment} onDone={() => setEditing(false)} />}
    </>
  );
}

/** What the answer is bound to, as the link's form says it too. */
function Digests({ of }: { of: ApprovalView[] }) {
  const lines = of.map(({ id, digest }) => (
    <span key={id} className="block font-mono text-xs break-all">
      {digest}
    </span>
  ));
  if (of.length === 1) return <p className="mt-2 text-sm text-quiet">Your answer is to exactly this: {lines}</p>;
  return (
    <details className="mt-2 text-sm text-quiet">
      <summary className="cursor-pointer py-1">Your answer is to exactly these {of.length}</summary>
      {lines}
    </details>
  );
}

/** Why the others wait, where that is another reason: one of them may come after text from outside. */
function OtherReasons({ approval, others }: { approval: ApprovalView; others: ApprovalView[] }) {
  return others
    .filter(({ reason }) => reason !== approval.reason)
    .map(({ id, agent, reason }) => <Foreign key={id} block text={`${agent}: ${reason}`} className="mt-1" />);
}

/** The answer with its comment; one that sends back says why. */
function useAnswer(approval: ApprovalView, others: ApprovalView[]) {
  const [problem, setProblem] = useState<Error | string | null>(null);
  const [comment, setComment] = useState("");
  const field = useId();
  const client = useQueryClient();
  const tell = useNotice();
  const answer = useMutation({
    mutationFn: (word: Word) =>
      post(
        "/api/v1/approvals/:id/answer",
        {
          answer: word,
          digest: approval.digest,
          comment: comment.trim(),
          // Those on this card, and none that arrived after it was drawn.
          equal: others.map(({ id, digest }) => ({ id, digest })),
        },
        { id: approval.id },
      ),
    onSuccess: (_result, word) => tell(told[word]),
    onError: setProblem,
    onSettled: () => client.invalidateQueries(),
  });
  const send = (word: Word): void => {
    if (word === "send_back" && comment.trim() === "") {
      setProblem("Write what should be different.");
      document.getElementById(field)?.focus();
      return;
    }
    setProblem(null);
    answer.mutate(word);
  };
  return { comment, setComment, problem, busy: answer.isPending, send, field };
}

/** For whom may write permissions. After text from outside a human is asked whatever is permitted. */
function AlwaysAllow({ approval }: { approval: ApprovalView }) {
  const may = useMay();
  if (approval.rule === "taint" || !may("/api/v1/permissions")) return null;
  return (
    <Link
      to="/permissions"
      search={{ like: approval.id }}
      className="text-sm text-quiet underline underline-offset-4 hover:text-text"
    >
      Always allow calls like this…
    </Link>
  );
}
