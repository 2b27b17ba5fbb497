import type { CostRow, DecisionView, ModelCall } from "@aito/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { CallSearch } from "../../../src/call-search.ts";
import { inWords } from "../../../src/cost-spans.ts";
import { isDay } from "../../../src/spent-days.ts";
import { visibleText } from "../../../src/visible-parts.ts";
import { callsQuery, costsQuery, decisionsQuery, statusQuery } from "../data/queries.ts";
import { Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle, group, isTool, paidName, usd } from "./words.ts";

const dotted = "tabular underline decoration-dotted underline-offset-4";

/** Where money figures come from: the decisions that may spend, and the model calls that cost. */
export function MoneyPage() {
  const cut = useSearch({ from: "/money" });
  const status = useQuery(statusQuery);
  const decisions = useInfiniteQuery(decisionsQuery);
  const costs = useQuery(costsQuery("agent", undefined));
  const calls = useInfiniteQuery(callsQuery(cut));
  const isCut = Object.keys(cut).length > 0;
  const listed = (
    <Section
      title={`Calls ${callsOf(cut)}, newest first`}
      aside={
        isCut && (
          <Link to="/money" search={{}} className="hover:text-text">
            All calls
          </Link>
        )
      }
    >
      <Loaded query={{ ...calls, data: calls.data?.pages.flatMap((page) => page.items) }}>
        {(items) => <Calls calls={items} />}
      </Loaded>
      <More query={calls} />
    </Section>
  );
  return (
    <>
      <PageTitle title="Money">
        {status.data &&
          `$${group(status.data.budget.usdLeft)} of $${group(status.data.budget.usdTotal)} left this month: what approved decisions may spend is taken off.`}
      </PageTitle>
      <div className="space-y-8">
        {/* Who asked for some calls is shown these first. */}
        {isCut && listed}
        <Section title="Approved decisions">
          <Loaded query={{ ...decisions, data: decisions.data?.pages.flatMap((page) => page.items) }}>
            {(items) => <Approved decisions={items.filter((each) => each.status === "approved")} />}
          </Loaded>
        </Section>
        <Section title="Calls by agent">
          <Loaded query={costs}>{({ items }) => <Costs rows={items} />}</Loaded>
        </Section>
        {!isCut && listed}
      </div>
    </>
  );
}

/** Whose calls are listed, and since when. */
function callsOf({ agent, task, decision, client, department, model, key, since }: CallSearch): string {
  const parts = [
    agent && `of ${agentTitle(agent)}`,
    task && "of one task",
    decision && "about one decision",
    client && `for ${visibleText(client)}`,
    department && `of the department ${visibleText(department)}`,
    model && `of ${visibleText(paidName(model))}`,
    key && `with the key ${visibleText(key)}`,
    since && `since ${isDay(since) ? inWords(since) : visibleText(since)}`,
  ].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "of everybody" : parts.join(" ");
}

function Approved({ decisions }: { decisions: DecisionView[] }) {
  if (decisions.length === 0) return <Empty title="Nothing is approved">Approved decisions show here with their amounts.</Empty>;
  return (
    <Rows>
      {decisions.map(({ id, title, amountMicroUsd }) => (
        <li key={id} className="flex justify-between gap-4 px-4 py-3">
          <Foreign text={title} />
          <Link to="/decisions/$id" params={{ id }} className={dotted}>
            {usd(amountMicroUsd)}
          </Link>
        </li>
      ))}
    </Rows>
  );
}

const cost = (micro: string | null): string => (micro === null ? "cost not known" : usd(micro));

function Costs({ rows }: { rows: CostRow[] }) {
  if (rows.length === 0) return <Empty title="No model was called">Each call shows here with what it cost.</Empty>;
  return (
    <Rows>
      {rows.map(({ name, calls, costMicroUsd, unknownCalls }) => {
        const unknown = costMicroUsd !== null && unknownCalls > 0 ? `, ${unknownCalls} of unknown cost` : "";
        const text = `${cost(costMicroUsd)} for ${calls} ${calls === 1 ? "call" : "calls"}${unknown}`;
        return (
          <li key={name ?? ""} className="flex justify-between gap-4 px-4 py-3">
            <span>{name === null ? "no agent" : agentTitle(name)}</span>
            {name === null ? (
              <span className="tabular">{text}</span>
            ) : (
              <Link to="/money" search={{ agent: name }} className={dotted}>
                {text}
              </Link>
            )}
          </li>
        );
      })}
    </Rows>
  );
}

function Calls({ calls }: { calls: ModelCall[] }) {
  if (calls.length === 0)
    return <Empty title="No calls">Each call of a model or a paid tool shows here when it has ended.</Empty>;
  return (
    <Rows>
      {calls.map((call) => (
        <li key={call.id} className="flex flex-wrap justify-between gap-x-4 px-4 py-3">
          <span>
            {call.agent === null ? (call.key ?? "operator") : agentTitle(call.agent)}{" "}
            <span className="text-sm text-quiet">
              <Foreign text={paidName(call.model)} /> ·{" "}
              {!isTool(call.model) && `${call.inputTokens ?? "?"} in, ${call.outputTokens ?? "?"} out · `}
              <When at={call.at} />
              {call.task && (
                <>
                  {" · "}
                  <Link to="/work/$id" params={{ id: call.task }} className="underline underline-offset-4">
                    its task
                  </Link>
                </>
              )}
            </span>
          </span>
          <span className="tabular">{cost(call.costMicroUsd)}</span>
        </li>
      ))}
    </Rows>
  );
}
