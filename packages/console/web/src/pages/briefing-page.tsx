import type { BriefingView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useWaitsFor } from "../data/operator-queries.ts";
import { briefingQuery } from "../data/queries.ts";
import { Rows, Section } from "../kit/card.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { ClaimRows, UnverifiedClaims } from "./claim-rows.tsx";
import { usd } from "./words.ts";

const dotted = "tabular underline decoration-dotted underline-offset-4";

/** The last day, from records alone. */
export function BriefingPage() {
  const briefing = useQuery(briefingQuery);
  return (
    <>
      <PageTitle title="Briefing">The last 24 hours, from records alone; what no receipt backs stands apart.</PageTitle>
      <Loaded query={briefing} rows={6}>
        {(view) => <Briefing view={view} />}
      </Loaded>
    </>
  );
}

function Briefing({ view }: { view: BriefingView }) {
  const { figures, unverified } = view;
  return (
    <div className="space-y-8">
      <NeedsYou view={view} />
      <Decided view={view} />
      <Ended view={view} />
      <Thought ideas={view.ideas} />
      <Spent money={view.money} />
      <Section title="Figures">
        {figures.length > 0 ? (
          <ClaimRows claims={figures} />
        ) : (
          <Empty title="No verified figures">A figure shows here when a receipt states it.</Empty>
        )}
      </Section>
      <UnverifiedClaims claims={unverified} />
    </div>
  );
}

function NeedsYou({ view: { needsYou, counts } }: { view: BriefingView }) {
  const whom = useWaitsFor();
  return (
    <Section
      title={`Needs ${whom}`}
      aside={
        <Link to="/" className={dotted}>
          {counts.needsYou}
        </Link>
      }
    >
      {needsYou.length === 0 ? (
        <Empty title={`Nothing waits for ${whom}`}>What only a human can settle shows here.</Empty>
      ) : (
        <Rows>
          {needsYou.map(({ kind, id, title, since, until }) => (
            <li key={id} className="px-4 py-3">
              <Link
                {...(kind === "approval" || kind === "escalation" ? { to: "/inbox", hash: id } : { to: "/" })}
                className="font-medium underline underline-offset-4"
              >
                <Foreign text={title} />
              </Link>
              <p className="text-sm text-quiet">
                <Foreign text={kind} /> · since <When at={since} />
                {until && (
                  <>
                    {" · ends "}
                    <When at={until} />
                  </>
                )}
              </p>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Thought({ ideas }: { ideas: BriefingView["ideas"] }) {
  if (ideas.length === 0) return null;
  return (
    <Section title="Ideas">
      <Rows>
        {ideas.map(({ id, title, agent }) => (
          <li key={id} className="px-4 py-3">
            <Link to="/ideas" hash={id} className="font-medium underline underline-offset-4">
              <Foreign text={title} />
            </Link>
            <p className="text-sm text-quiet">
              by <Foreign text={agent} />
            </p>
          </li>
        ))}
      </Rows>
    </Section>
  );
}

function Decided({ view: { decisions, counts } }: { view: BriefingView }) {
  return (
    <Section
      title="Decided"
      aside={
        <Link to="/decisions" className={dotted}>
          {counts.decisions}
        </Link>
      }
    >
      {decisions.length === 0 ? (
        <Empty title="Nothing was decided" />
      ) : (
        <Rows>
          {decisions.map(({ id, title, status, amountMicroUsd }) => (
            <li key={id} className="flex justify-between gap-4 px-4 py-3">
              <span>
                <Foreign text={`${status}: ${title}`} />
              </span>
              <Link to="/decisions/$id" params={{ id }} className={dotted}>
                {usd(amountMicroUsd)}
              </Link>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Ended({ view: { tasks, counts } }: { view: BriefingView }) {
  return (
    <Section
      title="Ended"
      aside={
        <Link to="/work" className={dotted}>
          {counts.tasks}
        </Link>
      }
    >
      {tasks.length === 0 ? (
        <Empty title="No task ended" />
      ) : (
        <Rows>
          {tasks.map(({ id, title, status, summary, numbers }) => (
            <li key={id} className="px-4 py-3">
              {status}:{" "}
              <Link to="/work/$id" params={{ id }} className="font-medium underline underline-offset-4">
                <Foreign text={title} />
              </Link>
              <Figured block text={summary} numbers={numbers} className="mt-0.5 text-sm text-quiet" />
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Spent({ money }: { money: BriefingView["money"] }) {
  return (
    <Section title="Money">
      <p>
        <Link to="/money" search={{}} className={dotted}>
          {usd(money.leftMicroUsd)} of {usd(money.budgetMicroUsd)} left this month
        </Link>
        {"; "}
        <Link to="/decisions" className={dotted}>
          {usd(money.approvedMicroUsd)} approved
        </Link>
        {"; "}
        <Link to="/money" search={{}} className={dotted}>
          {usd(money.modelMicroUsd)} for model calls and paid tools
        </Link>
        {money.unknownCalls > 0 && `, ${money.unknownCalls} calls of unknown cost`}
      </p>
    </Section>
  );
}
