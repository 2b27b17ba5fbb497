import type { Acceptance, IdeaView } from "@aito/protocol";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { acceptanceQuery, ideasQuery } from "../data/queries.ts";
import { StateBadge, type Tone } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { useNotice } from "../kit/notices.tsx";
import { useNamedElement } from "../kit/named-element.ts";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle, usd } from "./words.ts";

const tones: Record<IdeaView["status"], Tone> = {
  new: "accent",
  kept: "warn",
  merged: "neutral",
  promoted: "good",
  dropped: "neutral",
};
const words: Record<IdeaView["status"], string> = {
  new: "new",
  kept: "kept",
  merged: "merged",
  promoted: "a decision",
  dropped: "dropped",
};

/** What agents thought of, and how humans answered what agents proposed. */
export function IdeasPage() {
  const ideas = useInfiniteQuery(ideasQuery);
  useNamedElement(ideas.data !== undefined);
  const acceptance = useQuery(acceptanceQuery);
  return (
    <>
      <PageTitle title="Ideas">What agents thought of by themselves. A promoted idea is proposed as a decision.</PageTitle>
      <div className="space-y-9">
        <div>
          <Loaded query={{ ...ideas, data: ideas.data?.pages.flatMap((page) => page.items) }} rows={4}>
            {(items) =>
              items.length === 0 ? (
                <Empty title="No ideas yet">
                  Agents write down what they think of in quiet hours; the same idea twice is one idea.
                </Empty>
              ) : (
                <Rows>
                  {items.map((idea) => (
                    <Idea key={idea.id} idea={idea} />
                  ))}
                </Rows>
              )
            }
          </Loaded>
          <More query={ideas} />
        </div>
        <Section title="How humans answered">
          <Loaded query={acceptance} rows={2}>
            {({ items }) => <Answers items={items} />}
          </Loaded>
        </Section>
      </div>
    </>
  );
}

function Idea({ idea }: { idea: IdeaView }) {
  return (
    <li id={idea.id} tabIndex={-1} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-80">
        <Foreign block text={idea.title} className="font-medium" />
        <Figured block text={idea.text} className="mt-0.5 line-clamp-4 text-sm" />
        <p className="mt-1.5 text-sm text-quiet">
          {agentTitle(idea.agent)} · <When at={idea.createdAt} />
          {idea.mentions > 1 && ` · thought of ${idea.mentions} times`}
          {idea.kind && <Foreign text={` · ${idea.kind}`} />}
          {idea.taint && <Foreign text={` · after reading from outside (${idea.taint})`} />}
        </p>
      </div>
      <div className="flex items-center gap-3 max-sm:w-full max-sm:justify-between">
        <span className="text-right text-sm">
          <span className="tabular block">{usd(idea.amountMicroUsd)}</span>
          {idea.score !== null && (
            <span className="tabular block text-quiet" title={scoreTitle(idea)}>
              score {idea.score}
            </span>
          )}
        </span>
        <StateBadge tone={tones[idea.status]}>{words[idea.status]}</StateBadge>
        {idea.decisionId ? (
          <Button asChild size="small">
            <Link to="/decisions/$id" params={{ id: idea.decisionId }}>
              See it
            </Link>
          </Button>
        ) : (
          (idea.status === "new" || idea.status === "kept") && <Promote idea={idea} />
        )}
      </div>
    </li>
  );
}

const percent = (part: number): string => `${Math.round(part * 100)} %`;
const scoreTitle = ({ scoreParts }: IdeaView): string | undefined =>
  scoreParts
    ? `new ${percent(scoreParts.novelty)}, fits ${percent(scoreParts.fit)}, cost ${percent(scoreParts.cost)}, accepted before ${percent(scoreParts.acceptance)}`
    : undefined;

function Promote({ idea }: { idea: IdeaView }) {
  const tell = useNotice();
  const client = useQueryClient();
  const may = useMay();
  const promote = useMutation({
    mutationFn: () => post<IdeaView>("/api/v1/ideas/:id/promote", undefined, { id: idea.id }),
    onSuccess: () => tell("It is a proposal now."),
    onError: (error) => tell(error.message, true),
    onSettled: () => client.invalidateQueries(),
  });
  if (!may("/api/v1/ideas/:id/promote")) return null;
  return (
    <Confirm
      trigger={
        <Button size="small" disabled={promote.isPending}>
          Promote
        </Button>
      }
      title="Propose this idea as a decision?"
      action="Propose it"
      onConfirm={() => promote.mutate()}
    >
      It is proposed in the name of {agentTitle(idea.agent)} and decided by the rules: nothing is approved by promoting it.
    </Confirm>
  );
}

function Answers({ items }: { items: Acceptance[] }) {
  if (items.length === 0)
    return <Empty title="No answers yet">What a human approved, vetoed or sent back is counted here.</Empty>;
  return (
    <div role="region" aria-label="Acceptance" tabIndex={0} className="overflow-x-auto rounded-xl border border-line bg-card">
      <table className="w-full text-left">
        <thead className="text-sm text-quiet">
          <tr>
            {["Agent", "Kind", "Approved", "Vetoed", "Sent back"].map((name, column) => (
              <th
                key={name}
                scope="col"
                className={column > 1 ? "px-4 py-2.5 text-right font-medium" : "px-4 py-2.5 font-medium"}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {items.map(({ agent, kind, approved, vetoed, sentBack }) => (
            <tr key={`${agent} ${kind ?? ""}`}>
              <th scope="row" className="px-4 py-2.5 font-medium">
                {agentTitle(agent)}
              </th>
              <td className="px-4 py-2.5">
                {kind === null ? <span className="text-quiet">none named</span> : <Foreign text={kind} />}
              </td>
              {[approved, vetoed, sentBack].map((count, index) => (
                <td key={index} className="tabular px-4 py-2.5 text-right">
                  {count}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
