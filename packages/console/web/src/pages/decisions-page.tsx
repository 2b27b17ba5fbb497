import type { DecisionView } from "@aito/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { decisionsQuery } from "../data/queries.ts";
import { Badge, StateBadge } from "../kit/badge.tsx";
import { Rows } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle, decisionTones, decisionWords, usd } from "./words.ts";

export function DecisionsPage() {
  const decisions = useInfiniteQuery(decisionsQuery);
  return (
    <>
      <PageTitle title="Decisions">What agents proposed, who voted how, and what came of it.</PageTitle>
      <Loaded query={{ ...decisions, data: decisions.data?.pages.flatMap((page) => page.items) }} rows={6}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No decisions yet">
              An agent proposes when something goes beyond its own authority. You can propose in an agent's name with
              ./scripts/aito propose.
            </Empty>
          ) : (
            <Rows>
              {items.map((decision) => (
                <DecisionRow key={decision.id} decision={decision} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={decisions} />
    </>
  );
}

function DecisionRow({ decision }: { decision: DecisionView }) {
  return (
    <li>
      <Link
        to="/decisions/$id"
        params={{ id: decision.id }}
        className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3.5 hover:bg-raised"
      >
        <span className="min-w-0 flex-1 basis-72">
          <Foreign text={decision.title} className="line-clamp-2 font-medium" />
          <span className="mt-0.5 block text-sm text-quiet">
            {agentTitle(decision.proposedBy)} · <When at={decision.createdAt} />
            {decision.rounds.length > 0 && ` · ${decision.round} ${decision.round === 1 ? "round" : "rounds"}`}
          </span>
        </span>
        <span className="flex items-center gap-3 max-sm:w-full max-sm:justify-between">
          <span className="tabular w-28 sm:text-right">{usd(decision.amountMicroUsd)}</span>
          <span className="flex items-center gap-2 sm:w-52">
            <Badge>{decision.type}</Badge>
            <StateBadge tone={decisionTones[decision.status]}>{decisionWords[decision.status]}</StateBadge>
          </span>
        </span>
      </Link>
    </li>
  );
}
