import type { DecisionView, EscalationView, HumanAnswer } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { ApiFailure, post } from "../data/api.ts";
import { useMay, useWaitsFor } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Comment, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { LooksOnly } from "../kit/looks-only.tsx";
import { useNotice } from "../kit/notices.tsx";
import { When } from "../kit/time.tsx";
import { EscalationNotices } from "./escalation-notices.tsx";
import { EscalationGrounds } from "./grounds.tsx";

const words = { approve: "Approved.", veto: "Vetoed.", send_back: "Sent back with your question." } as const;

/** The human's answer inside the console; the link's form does the same without a login. */
export function AnswerForm({ escalation }: { escalation: EscalationView }) {
  const may = useMay()("/api/v1/escalations/:id/answer");
  const whom = useWaitsFor();
  return (
    <Card className="border-l-4 border-l-warn px-5 py-4">
      <h2 className="font-semibold">This waits for {whom}</h2>
      <Foreign block text={escalation.reason} className="mt-1 first-letter:uppercase" />
      <EscalationGrounds escalation={escalation.id} />
      {may ? <Answer escalation={escalation} /> : <LooksOnly>An approver or an owner answers it.</LooksOnly>}
      {escalation.url && (
        <p className="mt-3 text-sm text-quiet">
          <a href={new URL(escalation.url, location.href).pathname} className="underline underline-offset-4 hover:text-text">
            The form that the link opens
          </a>
          {escalation.expiresAt && (
            <>
              {" · the link ends "}
              <When at={escalation.expiresAt} />
            </>
          )}
        </p>
      )}
      <EscalationNotices escalation={escalation.id} />
    </Card>
  );
}

function Answer({ escalation }: { escalation: EscalationView }) {
  const [comment, setComment] = useState("");
  const [problem, setProblem] = useState<Error | string | null>(null);
  const field = useId();
  const client = useQueryClient();
  const tell = useNotice();
  const answer = useMutation({
    mutationFn: (decision: HumanAnswer["decision"]) =>
      post<{ decision: DecisionView }>(
        "/api/v1/escalations/:id/answer",
        { decision, comment: comment.trim() },
        { id: escalation.id },
      ),
    onSuccess: (_result, decision) => tell(words[decision]),
    onError: (error) =>
      setProblem(
        error instanceof ApiFailure && error.status === 409 ? `${error.message} Someone may have answered before you.` : error,
      ),
    onSettled: () => client.invalidateQueries(),
  });
  const send = (decision: HumanAnswer["decision"]): void => {
    if (decision === "send_back" && comment.trim() === "") {
      setProblem("Write the question that the company should answer.");
      document.getElementById(field)?.focus();
      return;
    }
    setProblem(null);
    answer.mutate(decision);
  };
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <Comment
        id={field}
        label="Comment"
        aside="told to the company; a question if you send it back"
        rows={3}
        maxLength={4_000}
        value={comment}
        onChange={setComment}
      />
      <Problem error={problem} className="mt-2" />
      <Buttons disabled={answer.isPending} send={send} />
    </form>
  );
}

function Buttons({ disabled, send }: { disabled: boolean; send: (decision: HumanAnswer["decision"]) => void }) {
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      <Button look="good" disabled={disabled} onClick={() => send("approve")} className="max-sm:w-full">
        Approve
      </Button>
      <Button look="danger" disabled={disabled} onClick={() => send("veto")} className="max-sm:w-full">
        Veto
      </Button>
      <Button disabled={disabled} onClick={() => send("send_back")} className="max-sm:w-full">
        Send back with a question
      </Button>
    </div>
  );
}
