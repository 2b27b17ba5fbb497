import type { DecisionView, EscalationView } from "@aito/protocol";
import { Link } from "@tanstack/react-router";
import { ArrowRight, Check } from "lucide-react";
import { useMay, useWaitsFor } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { When } from "../kit/time.tsx";
import { agentTitle, usd } from "./words.ts";

export function NothingWaits() {
  const whom = useWaitsFor();
  return (
    <Card className="flex items-center gap-3 px-4 py-3.5 text-quiet">
      <Check aria-hidden className="size-5 text-good" /> Nothing waits for {whom}.
    </Card>
  );
}

/** Decisions that wait for a human, each with the way to its whole text. */
export function NeedsYou({ waiting, decisions }: { waiting: EscalationView[]; decisions: Map<string, DecisionView> }) {
  const may = useMay();
  if (waiting.length === 0) return null;
  return (
    <ul className="space-y-3">
      {waiting.map((escalation) => {
        const decision = decisions.get(escalation.decisionId);
        return (
          <li key={escalation.id}>
            <Card className="border-l-4 border-l-warn px-5 py-4">
              <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-4">
                <div className="min-w-0 flex-1 basis-80">
                  <p className="text-lg leading-snug font-semibold">
                    <Figured text={escalation.title} amountMicroUsd={decision?.amountMicroUsd} />
                  </p>
                  <p className="mt-1 text-quiet">
                    {decision && <span className="tabular font-medium text-text">{usd(decision.amountMicroUsd)}</span>}
                    {decision && ` · ${decision.type} · proposed by ${agentTitle(decision.proposedBy)} · `}
                    asked <When at={escalation.createdAt} />
                  </p>
                  <Foreign block text={escalation.reason} className="mt-2 first-letter:uppercase" />
                </div>
                <Button asChild look="primary" className="max-sm:w-full">
                  <Link to="/decisions/$id" params={{ id: escalation.decisionId }}>
                    {may("/api/v1/escalations/:id/answer") ? "Read and decide" : "Read it"} <ArrowRight aria-hidden />
                  </Link>
                </Button>
              </div>
            </Card>
          </li>
        );
      })}
    </ul>
  );
}
