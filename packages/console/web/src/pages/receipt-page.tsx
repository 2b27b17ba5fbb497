import type { ReceiptDetail } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { receiptQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { ClaimRows } from "./claim-rows.tsx";
import { agentTitle } from "./words.ts";

/** One tool call as the gateway signed it: where a number comes from. */
export function ReceiptPage() {
  const { id } = useParams({ from: "/receipts/$id" });
  const receipt = useQuery(receiptQuery(id));
  return (
    <>
      <Link to="/figures" className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text">
        <ArrowLeft aria-hidden className="size-4" /> Figures
      </Link>
      <PageTitle title="Receipt">The gateway’s signed record of one tool call.</PageTitle>
      <Loaded query={receipt} rows={4}>
        {(data) => <Receipt receipt={data} />}
      </Loaded>
    </>
  );
}

function Receipt({ receipt }: { receipt: ReceiptDetail }) {
  const { check } = receipt;
  const signature =
    check.verdict === "valid" ? "signature valid" : check.verdict === "invalid" ? "NOT what was signed" : "signed, not checkable";
  return (
    <div className="space-y-8">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-quiet">
        <Foreign text={receipt.tool} className="font-medium text-text" />
        <Badge tone={receipt.status === "succeeded" ? "good" : "warn"}>{receipt.status}</Badge>
        <Badge tone={check.verdict === "valid" ? "good" : "bad"}>{signature}</Badge>
        <span>by {agentTitle(receipt.agent)}</span>
        <When at={receipt.at} />
        <span className="tabular">{receipt.durationMs} ms</span>
        <Foreign text={`answered by ${receipt.source}`} />
        {receipt.source !== "aito" && <Badge tone="accent">outside</Badge>}
        {receipt.task && (
          <Link to="/work/$id" params={{ id: receipt.task }} className="text-accent underline underline-offset-4">
            Its task
          </Link>
        )}
        {receipt.approval && (
          <Link to="/approvals/$id" params={{ id: receipt.approval }} className="text-accent underline underline-offset-4">
            The human’s answer
          </Link>
        )}
      </p>
      {check.problem && <Foreign block text={check.problem} className="text-bad" />}
      {receipt.facts.length > 0 && (
        <Section title="It states">
          <Rows>
            {receipt.facts.map((fact, index) => (
              <li key={index} className="flex flex-wrap justify-between gap-4 px-4 py-3">
                <Foreign
                  text={`${fact.metric} of ${fact.entity === receipt.task ? "its task" : fact.entity}${fact.source ? `, told by ${fact.source}` : ""}`}
                />
                <Foreign text={`${fact.value} ${fact.unit}`} className="tabular font-medium" />
              </li>
            ))}
          </Rows>
        </Section>
      )}
      {receipt.claims.length > 0 && (
        <Section title="Cited by">
          <ClaimRows claims={receipt.claims} />
        </Section>
      )}
      <Section
        title="Result"
        aside={receipt.full === null && receipt.resultCharacters > receipt.result.length && "the whole text is no longer kept"}
      >
        <Card className="px-5 py-4">
          <Foreign block text={receipt.full ?? receipt.result} className="font-mono text-sm wrap-anywhere" />
        </Card>
      </Section>
      <p className="text-sm wrap-anywhere text-quiet">
        Receipt {receipt.id} · arguments {receipt.argumentsDigest} · <Foreign text={`key ${receipt.signedBy ?? "unknown"}`} />
      </p>
    </div>
  );
}
