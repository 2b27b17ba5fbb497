import type { ChangedFile, ChangeRecord } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { changeQuery } from "../data/queries.ts";
import { StateBadge, type Tone } from "../kit/badge.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { cn } from "../kit/cn.ts";
import { Figured } from "../kit/figured.tsx";
import { Foreign, Visible } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle, changeTones, changeWords, pullName } from "./words.ts";

/** One change: decision, task, branch, commits, reviews, merge commit, and its files as a diff. */
export function ChangePage() {
  const { id } = useParams({ from: "/changes/$id" });
  const change = useQuery(changeQuery(id));
  return (
    <>
      <Link to="/changes" className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text">
        <ArrowLeft aria-hidden className="size-4" /> Changes
      </Link>
      {!change.data && <PageTitle title="Change" />}
      <Loaded query={change} rows={5}>
        {(data) => (
          <>
            <PageTitle foreign title={data.title} />
            <div className="space-y-8">
              <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-quiet">
                <StateBadge tone={changeTones[data.status]}>{changeWords[data.status]}</StateBadge>
                <span>
                  <Foreign text={`by ${data.by}`} /> for {agentTitle(data.owner)}
                </span>
                <PullLink change={data} />
              </p>
              <Chain change={data} />
              <Section title="Files">
                {data.files.length === 0 ? (
                  <Empty title="Nothing pushed yet">The files show here once there is a pull request.</Empty>
                ) : (
                  <div className="space-y-4">
                    {data.files.map((file) => (
                      <FileDiff key={file.path} file={file} />
                    ))}
                  </div>
                )}
              </Section>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

/** A rehearsal in containers has its GitHub on a network that no browser reaches. */
const opens = (url: string): boolean => url.startsWith("https://") || /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url);

function PullLink({ change }: { change: ChangeRecord }) {
  if (change.url === null || !opens(change.url)) return <span>{pullName(change)}</span>;
  return (
    <a href={change.url} rel="noreferrer noopener" target="_blank" className="text-accent underline underline-offset-4">
      {pullName(change)}
    </a>
  );
}

const verdictTones: Record<ChangeRecord["reviews"][number]["verdict"], Tone> = {
  approve: "good",
  request_changes: "warn",
  comment: "neutral",
};
const verdictWords = { approve: "approved", request_changes: "asked for changes", comment: "commented" } as const;

interface StepView {
  key: string;
  what: string;
  at: string | null;
  body: ReactNode;
}

const commitStep = ({ sha, title, by, at }: ChangeRecord["commits"][number]): StepView => ({
  key: sha,
  what: "Commit",
  at,
  body: (
    <>
      <code className="text-sm">{visibleText(sha.slice(0, 10))}</code> <Foreign text={title} />{" "}
      <Foreign text={`by ${by}`} className="text-quiet" />
    </>
  ),
});

const reviewStep = (review: ChangeRecord["reviews"][number], index: number): StepView => ({
  key: `review ${index}`,
  what: "Review",
  at: review.at,
  body: (
    <>
      <StateBadge tone={verdictTones[review.verdict]}>{verdictWords[review.verdict]}</StateBadge>{" "}
      <span className="text-quiet">
        by {agentTitle(review.by)}, of <code>{visibleText(review.commit.slice(0, 10))}</code>
      </span>
      <Figured block text={review.body} />
      {review.comments.map((comment, at) => (
        <p key={at} className="mt-1 text-sm">
          <code className="break-all">
            {visibleText(comment.path)}:{comment.line}
          </code>{" "}
          <Figured text={comment.body} />
        </p>
      ))}
    </>
  ),
});

/** What it was made for: a decision where one stands behind the task. */
function causes({ decision, task, branch, base, repository, createdAt }: ChangeRecord): StepView[] {
  const look = "text-accent underline underline-offset-4";
  return [
    {
      key: "decision",
      what: "Decision",
      at: null,
      body: decision ? (
        <>
          <Link to="/decisions/$id" params={{ id: decision.id }} className={look}>
            <Foreign text={decision.title} />
          </Link>{" "}
          <Foreign text={decision.status} className="text-quiet" />
        </>
      ) : (
        <span className="text-quiet">None was needed for this task.</span>
      ),
    },
    {
      key: "task",
      what: "Task",
      at: null,
      body: (
        <>
          <Link to="/work/$id" params={{ id: task.id }} className={look}>
            <Foreign text={task.title} />
          </Link>{" "}
          <Foreign text={task.status} className="text-quiet" />
        </>
      ),
    },
    {
      key: "branch",
      what: "Branch",
      at: createdAt,
      body: (
        <>
          <code className="text-sm break-all">{visibleText(branch)}</code> of {visibleText(repository)}, for{" "}
          <code className="text-sm">{visibleText(base)}</code>
        </>
      ),
    },
  ];
}

/** What happened, in its order; commits and reviews as they came. */
function stepsOf(change: ChangeRecord): StepView[] {
  const between = [...change.commits.map(commitStep), ...change.reviews.map(reviewStep)];
  return [
    ...causes(change),
    ...between.toSorted((a, b) => (a.at ?? "").localeCompare(b.at ?? "")),
    {
      key: "merge",
      what: "Merge",
      at: change.mergeSha === null ? null : change.updatedAt,
      body:
        change.mergeSha === null ? (
          <span className="text-quiet">Not merged yet.</span>
        ) : (
          <>
            <code className="text-sm break-all">{visibleText(change.mergeSha ?? "")}</code>{" "}
            <span className="text-quiet">by {agentTitle(change.mergedBy ?? "")}</span>
          </>
        ),
    },
  ];
}

function Chain({ change }: { change: ChangeRecord }) {
  return (
    <Section title="From decision to merge">
      <Rows>
        {stepsOf(change).map(({ key, what, at, body }) => (
          <li key={key} className="grid grid-cols-[5rem_1fr_auto] items-start gap-3 px-5 py-2.5 max-sm:grid-cols-1">
            <span className="font-medium">{what}</span>
            <div className="min-w-0">{body}</div>
            <span className="text-sm text-quiet">{at !== null && <When at={at} />}</span>
          </li>
        ))}
      </Rows>
    </Section>
  );
}

const tints: Record<string, string> = { "+": "bg-good-soft", "-": "bg-bad-soft", "@": "text-quiet" };

function FileDiff({ file }: { file: ChangedFile }) {
  return (
    <Card>
      <h3 className="border-b border-line px-5 py-2.5 font-medium">
        <Foreign text={file.path} /> <Foreign text={file.status} className="font-normal text-quiet" />
      </h3>
      {file.diff === null ? (
        <p className="px-5 py-3 text-quiet">Not text.</p>
      ) : (
        <pre className="overflow-x-auto py-2 text-sm" dir="ltr">
          {file.diff.split("\n").map((text, at) => (
            <span key={at} className={cn("block px-5 whitespace-pre-wrap", tints[text.charAt(0)])}>
              <Visible text={text} />
            </span>
          ))}
        </pre>
      )}
      {!file.whole && file.diff !== null && (
        <p className="border-t border-line px-5 py-2 text-sm text-quiet">Cut: it is longer.</p>
      )}
    </Card>
  );
}
