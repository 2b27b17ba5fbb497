import type { Mark, StatedNumber, TaskResult, TaskStatus, TaskView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { numbersQuery } from "../data/numbers.ts";
import { taskDigestQuery, taskFamilyQuery, taskQuery } from "../data/queries.ts";
import { StateBadge } from "../kit/badge.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Document } from "../kit/document.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { ClaimRows, ReceiptLink } from "./claim-rows.tsx";
import { Contradictions } from "./contradictions.tsx";
import { QuarantinedTask } from "./quarantined-task.tsx";
import { Settlements } from "./settlements.tsx";
import { StopSwitch } from "./stop-switch.tsx";
import { MoveTask, useTaskMoves } from "./task-moves.tsx";
import { agentTitle, taskTones, taskWords, usd } from "./words.ts";

const receiptsShown = 5;
const depthShown = 6;
const open = new Set(["blocked", "pending", "running"]);

/** One task with its result as a document. */
export function TaskPage() {
  const { id } = useParams({ from: "/work/$id" });
  const task = useQuery(taskQuery(id));
  return (
    <>
      <Link to="/work" className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text">
        <ArrowLeft aria-hidden className="size-4" /> Work
      </Link>
      {!task.data && <PageTitle title="Task" />}
      <Loaded query={task} rows={4}>
        {(data) => (
          <>
            <PageTitle foreign title={data.title} />
            <div className="space-y-8">
              <Facts task={data} />
              {data.quarantine && <QuarantinedTask task={data} titled={false} />}
              <Contradictions task={data.id} />
              <Settlements task={data.id} />
              {data.description && (
                <Section title="Asked">
                  <Foreign block text={data.description} className="max-w-2xl" />
                </Section>
              )}
              <Section
                title="Result"
                aside={
                  data.result && data.result.receipts.slice(0, receiptsShown).map((each) => <ReceiptLink key={each} id={each} />)
                }
              >
                {data.result ? (
                  <Result result={data.result} task={data.id} />
                ) : (
                  <Empty title="No result yet">{waitsFor(data.status)}</Empty>
                )}
              </Section>
              {data.result?.claims && data.result.claims.length > 0 && (
                <Section title="Claims">
                  <ClaimRows claims={data.result.claims} />
                </Section>
              )}
              {!open.has(data.status) && <Digest id={data.id} />}
              <Family id={data.id} />
              <Moves task={data} />
              {open.has(data.status) && <StopSwitch scope="task" target={data.id} />}
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

const duration = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;

/** What it came to: who asked, who did it, what backs it, what it cost. */
function Digest({ id }: { id: string }) {
  const { data } = useQuery(taskDigestQuery(id));
  if (!data) return null;
  const { receipts, verifiedClaims, unverifiedClaims, unverifiedNumbers } = data.evidence;
  const unverified = unverifiedClaims + unverifiedNumbers;
  return (
    <Section title="Digest">
      <Card className="grid gap-x-8 gap-y-4 px-5 py-4 sm:grid-cols-2 lg:grid-cols-4">
        <Part name="Asked by" text={agentTitle(data.askedBy)} />
        <Part name="Done by" text={`${agentTitle(data.doneBy ?? "nobody")}, in ${duration(data.seconds)}`} />
        <Part name="Evidence" text={`${receipts} ${receipts === 1 ? "receipt" : "receipts"}, ${verifiedClaims} verified claims`}>
          {unverified > 0 && <span className="block text-sm font-medium text-warn">{unverified} unverified</span>}
        </Part>
        <Part name="Cost" text={`${usd(data.cost.microUsd)} for ${data.cost.calls} model calls`}>
          {data.cost.unknownCalls > 0 && (
            <span className="block text-sm font-medium text-warn">{data.cost.unknownCalls} of unknown cost</span>
          )}
        </Part>
      </Card>
    </Section>
  );
}

const Part = ({ name, text, children }: { name: string; text: string; children?: ReactNode }) => (
  <div className="min-w-0">
    <p className="text-sm text-quiet">{name}</p>
    <p className="wrap-anywhere">
      {text}
      {children}
    </p>
  </div>
);

function Moves({ task }: { task: TaskView }) {
  const moves = useTaskMoves();
  return (
    <>
      <MoveTask task={task} moves={moves} />
      {moves.dialog}
    </>
  );
}

/** The tasks above and below it, with who works on each. */
function Family({ id }: { id: string }) {
  const { data } = useQuery(taskFamilyQuery(id));
  if (!data || data.items.length < 2) return null;
  return (
    <Section title="What it is part of">
      <Rows>
        {data.items.map((task) => (
          <li key={task.id} className="flex items-start gap-3 px-4 py-2.5">
            <span aria-hidden className="flex shrink-0">
              {Array.from({ length: Math.min(task.depth, depthShown) }, (_, step) => (
                <span key={step} className="w-5 text-right text-quiet">
                  {step === Math.min(task.depth, depthShown) - 1 && "└"}
                </span>
              ))}
            </span>
            <span className="min-w-0 flex-1">
              {task.id === id ? (
                <Foreign text={task.title} className="font-semibold" />
              ) : (
                <Link to="/work/$id" params={{ id: task.id }} className="underline decoration-dotted underline-offset-4">
                  <Foreign text={task.title} />
                </Link>
              )}
              <span className="block text-sm wrap-anywhere text-quiet">
                level {task.depth + 1} · {agentTitle(task.workerAgent ?? task.assignedTo ?? "nobody yet")}
              </span>
            </span>
            <StateBadge tone={taskTones[task.status]}>{taskWords[task.status]}</StateBadge>
          </li>
        ))}
      </Rows>
    </Section>
  );
}

const waitsFor = (status: TaskStatus): string =>
  status === "blocked"
    ? "It starts when its decision is approved."
    : status === "running"
      ? "It is being worked on."
      : "Nobody has started it.";

function Facts({ task: data }: { task: TaskView }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-quiet">
      <StateBadge tone={taskTones[data.status]}>{taskWords[data.status]}</StateBadge>
      <span>for {agentTitle(data.assignedTo ?? "nobody yet")}</span>
      {data.workerAgent && <span>done by {data.workerAgent}</span>}
      <span>from {agentTitle(data.createdBy)}</span>
      <span>priority {data.priority}</span>
      {data.completedAt ? (
        <span>
          ended <When at={data.completedAt} />
        </span>
      ) : (
        <span>
          made <When at={data.createdAt} />
        </span>
      )}
      <Link to="/money" search={{ task: data.id }} className="text-accent underline underline-offset-4">
        Its model calls
      </Link>
      {data.decisionId && (
        <Link to="/decisions/$id" params={{ id: data.decisionId }} className="text-accent underline underline-offset-4">
          Its decision
        </Link>
      )}
    </p>
  );
}

/** What was marked when it was handed in, until more is known. */
const unbacked = (marks: readonly Mark[] = []): StatedNumber[] => marks.map((mark) => ({ ...mark, claim: null, receipt: null }));

function Result({ result, task }: { result: TaskResult; task: string }) {
  const numbers = useQuery(numbersQuery({ text: result.text ?? "", task }));
  return (
    <Card className="space-y-5 px-5 py-5 sm:px-8 sm:py-7">
      <Figured block text={result.summary} task={task} className="max-w-2xl text-quiet" />
      {result.text && <Document text={result.text} numbers={numbers.data ?? unbacked(result.marks?.text)} />}
    </Card>
  );
}
