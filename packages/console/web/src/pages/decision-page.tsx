import { visibleText } from "../../../src/visible-parts.ts";
import type { DecisionView, RoundView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import type { z } from "zod";
import { decisionEscalationQuery, decisionQuery } from "../data/queries.ts";
import { Badge, StateBadge, type Tone } from "../kit/badge.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { AnswerForm } from "./answer-form.tsx";
import { Override } from "./override.tsx";
import { agentTitle, decisionTones, decisionWords, phaseWords, usd, voteTally } from "./words.ts";

type Round = z.infer<typeof RoundView>;

/** One decision from its proposal to its outcome. */
export function DecisionPage() {
  const { id } = useParams({ from: "/decisions/$id" });
  const decision = useQuery(decisionQuery(id));
  const waiting = useQuery(decisionEscalationQuery(id)).data?.items[0];
  return (
    <>
      <Link to="/decisions" className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text">
        <ArrowLeft aria-hidden className="size-4" /> Decisions
      </Link>
      {!decision.data && <PageTitle title="Decision" />}
      <Loaded query={decision} rows={5}>
        {(data) => (
          <>
            <PageTitle foreign title={data.title} />
            <div className="space-y-8">
              {waiting && <AnswerForm escalation={waiting} />}
              <Facts decision={data} />
              {data.description && (
                <Section title="What is asked">
                  <Figured block text={data.description} amountMicroUsd={data.amountMicroUsd} className="max-w-2xl" />
                </Section>
              )}
              {data.exchange && data.exchange.length > 0 && (
                <Exchange exchange={data.exchange} amountMicroUsd={data.amountMicroUsd} />
              )}
              <Section title="Rounds">
                {data.rounds.length === 0 ? (
                  <Empty title={data.status === "pending" ? "No ballots yet" : "No round was held"}>
                    {data.status === "pending"
                      ? "Each ballot shows here with its reason as it is cast."
                      : visibleText(data.outcomeReason ?? "")}
                  </Empty>
                ) : (
                  <ol className="space-y-3">
                    {data.rounds.map((round) => (
                      <RoundCard
                        key={round.round}
                        round={round}
                        amountMicroUsd={data.amountMicroUsd}
                        deadline={round.round === data.round && data.status === "pending" ? data.deadlineAt : null}
                      />
                    ))}
                  </ol>
                )}
              </Section>
              <Override decision={data} />
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

/** What the heads told each other before their round closed. */
function Exchange({ exchange, amountMicroUsd }: { exchange: NonNullable<DecisionView["exchange"]>; amountMicroUsd: string }) {
  return (
    <Section title="The heads' arguments">
      <Card>
        <ol className="divide-y divide-line">
          {exchange.map(({ by, turn, text, at }) => (
            <li key={`${by} ${turn}`} className="grid grid-cols-[3.5rem_1fr_auto] items-start gap-3 px-5 py-2.5">
              <span className="font-medium">{agentTitle(by)}</span>
              <Figured block text={text} amountMicroUsd={amountMicroUsd} />
              <span className="text-sm text-quiet">
                <When at={at} />
              </span>
            </li>
          ))}
        </ol>
      </Card>
    </Section>
  );
}

/** What they cost leads to the calls themselves. */
function ModelCalls({ decision: { id, modelCostMicroUsd } }: { decision: DecisionView }) {
  return (
    <Link to="/money" search={{ decision: id }} className="underline decoration-dotted underline-offset-4">
      {modelCostMicroUsd == null ? "cost not known" : usd(modelCostMicroUsd)}
    </Link>
  );
}

function Facts({ decision }: { decision: DecisionView }) {
  const facts: [string, ReactNode][] = [
    [
      "Status",
      <StateBadge key="s" tone={decisionTones[decision.status]}>
        {decisionWords[decision.status]}
      </StateBadge>,
    ],
    [
      "Amount",
      <span key="a" className="tabular font-medium">
        {usd(decision.amountMicroUsd)}
      </span>,
    ],
    ["Model calls", <ModelCalls key="m" decision={decision} />],
    [
      "Type",
      <Fragment key="t">
        <Badge>{decision.type}</Badge>
        {decision.emergency && " emergency session"}
        {decision.typeReason && <Foreign text={` ${decision.typeReason}`} className="text-quiet" />}
      </Fragment>,
    ],
    [
      "Proposed by",
      <Fragment key="p">
        {agentTitle(decision.proposedBy)}, <When at={decision.createdAt} />
      </Fragment>,
    ],
  ];
  if (decision.kind) facts.push(["Kind", <Foreign key="k" text={decision.kind} />]);
  if (decision.action) {
    const { tool, timesMax, amountMicroUsd } = decision.action;
    facts.push([
      "Releases",
      <Foreign key="r" text={`${tool}, at most ${timesMax} time${timesMax === 1 ? "" : "s"} and ${usd(amountMicroUsd)}`} />,
    ]);
  }
  if (decision.outcomeReason) facts.push(["Outcome", <Foreign key="o" text={decision.outcomeReason} />]);
  if (decision.humanDecision)
    facts.push([
      "Human",
      <Fragment key="h">
        <Foreign text={decision.humanDecision.replace("_", " ")} />
        {decision.humanComment && <Foreign text={`: ${decision.humanComment}`} />}
      </Fragment>,
    ]);
  if (decision.resolvedAt) facts.push(["Closed", <When key="c" at={decision.resolvedAt} />]);
  if (decision.taskId) {
    facts.push([
      "Work",
      <Link key="w" to="/work/$id" params={{ id: decision.taskId }} className="text-accent underline underline-offset-4">
        Open the task
      </Link>,
    ]);
  }
  return (
    <Card className="px-5 py-4">
      <dl className="grid gap-x-6 gap-y-2.5 sm:grid-cols-[8rem_1fr]">
        {facts.map(([name, value]) => (
          <Fragment key={name}>
            <dt className="text-quiet max-sm:-mb-2 max-sm:text-sm">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </Fragment>
        ))}
      </dl>
    </Card>
  );
}

const voteTones: Record<Round["votes"][number]["vote"], Tone> = {
  approve: "good",
  veto: "bad",
  abstain: "neutral",
  no_answer: "warn",
};

function RoundCard({ round, deadline, amountMicroUsd }: { round: Round; deadline: string | null; amountMicroUsd: string }) {
  return (
    <li>
      <Card>
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line px-5 py-3">
          <h3 className="font-semibold">
            Round {round.round} <span className="font-normal text-quiet">{phaseWords[round.phase]}</span>
          </h3>
          <p className="text-sm text-quiet">
            {voteTally(round.votes)}
            {deadline && (
              <>
                {" · closes "}
                <When at={deadline} />
              </>
            )}
          </p>
        </div>
        <ul className="divide-y divide-line">
          {round.votes.map((ballot) => (
            <li
              key={ballot.voter}
              className="grid grid-cols-[3.5rem_6rem_1fr] items-start gap-3 px-5 py-2.5 max-sm:grid-cols-[1fr_auto]"
            >
              <span className="truncate font-medium" title={visibleText(ballot.voter)}>
                {agentTitle(ballot.voter)}
              </span>
              <span>
                <StateBadge tone={voteTones[ballot.vote]}>{ballot.vote.replace("_", " ")}</StateBadge>
              </span>
              <span className="min-w-0 max-sm:col-span-2">
                {ballot.reason ? (
                  <Figured block text={ballot.reason} amountMicroUsd={amountMicroUsd} />
                ) : (
                  <span className="text-quiet">No reason given.</span>
                )}
              </span>
            </li>
          ))}
        </ul>
      </Card>
    </li>
  );
}
