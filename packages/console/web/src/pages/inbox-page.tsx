import { visibleText } from "../../../src/visible-parts.ts";
import type { ApprovalView, EscalationView, TaskView, ToolPinView } from "@aito/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";
import { useMay, useWaitsFor } from "../data/operator-queries.ts";
import { approvalsQuery, escalationQuery, escalationsQuery } from "../data/queries.ts";
import { useWaitingThings, type WaitingThings } from "../data/waiting.ts";
import { Foreign } from "../kit/foreign.tsx";
import { useKeptPlace } from "../kit/kept-place.ts";
import { More } from "../kit/more.tsx";
import { useNamedElement } from "../kit/named-element.ts";
import { Loaded } from "../kit/states.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { AnswerForm } from "./answer-form.tsx";
import { ApprovalCard, equalCalls } from "./approvals.tsx";
import { Proposed } from "./grounds.tsx";
import { NothingWaits } from "./needs-you.tsx";
import { QuarantinedTask } from "./quarantined-task.tsx";
import { PinCard } from "./tool-pins.tsx";
import { usd } from "./words.ts";

type Waiting =
  | { until: string; first: ApprovalView; others: ApprovalView[] }
  | { until: string; escalation: EscalationView }
  | { until: string; pin: ToolPinView }
  | { until: string; task: TaskView };

/** What ends without an answer next comes first; what waits without an end last. */
const endless = "9999";
function inOrder({ escalations, approvals, pins, tasks }: WaitingThings): Waiting[] {
  const calls = equalCalls(approvals).map((call) => ({ until: call.first.expiresAt, ...call }));
  const asked = escalations.map((escalation) => ({ until: escalation.expiresAt ?? endless, escalation }));
  // Words wait without an end: the tool is not offered until then.
  const words = pins.map((pin) => ({ until: endless, pin }));
  const quarantined = tasks.map((task) => ({ until: endless, task }));
  return [...calls, ...asked, ...words, ...quarantined].toSorted((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));
}

const keyOf = (one: Waiting): string =>
  "escalation" in one
    ? one.escalation.id
    : "pin" in one
      ? one.pin.tool + one.pin.hash
      : "task" in one
        ? one.task.id
        : one.first.id;

/** What is read out when it gets the focus. */
const nameOf = (one: Waiting): string =>
  visibleText(
    "escalation" in one
      ? `Decision: ${one.escalation.title.slice(0, 200)}`
      : "pin" in one
        ? `Tool: ${one.pin.tool}`
        : "task" in one
          ? `Quarantined task: ${one.task.title.slice(0, 200)}`
          : `Call: ${one.first.summary.slice(0, 200)}`,
  );

/** Letters go to what they name in the card that has the focus; a second key, Enter, does it. */
const named: Record<string, RegExp> = { a: /^Approve/, d: /^(Deny|Veto)/, s: /^Send back/, e: /^Edit it/ };

/** Everything that waits for a human in one list, to be answered one after another, with or without a mouse. */
export function InboxPage() {
  const escalations = useInfiniteQuery(escalationsQuery);
  const approvals = useInfiniteQuery(approvalsQuery);
  const things = useWaitingThings();
  const list = useRef<HTMLUListElement>(null);
  const waiting = inOrder(things);
  const may = useMay();
  const whom = useWaitsFor();
  const left = useKeptPlace(list, waiting.map(keyOf), { waiting: waiting.length, whom });
  useKeys(list);
  useNamedElement(escalations.data !== undefined && approvals.data !== undefined);
  return (
    <>
      <PageTitle title="Inbox">
        What waits for {whom}, the soonest end first. Silence is a denial of a call, never an approval.
      </PageTitle>
      <p className="mb-4 text-sm text-quiet max-md:hidden">
        <Key>j</Key> and <Key>k</Key> go on and back
        {may("/api/v1/escalations/:id/answer") && (
          <>
            , <Key>a</Key> goes to Approve, <Key>d</Key> to Deny or Veto, <Key>s</Key> to Send back, <Key>e</Key> to Edit;{" "}
            <Key>Enter</Key> presses it
          </>
        )}
        .
      </p>
      <p ref={left} role="status" className="sr-only" />
      <Loaded query={escalations} rows={2}>
        {() => (
          <Loaded query={approvals} rows={2}>
            {() => {
              if (waiting.length === 0 && !things.more) return <NothingWaits />;
              return (
                <>
                  <ul ref={list} className="space-y-5" aria-label={`What waits for ${whom}`}>
                    {waiting.map((one) => (
                      <li
                        key={keyOf(one)}
                        id={keyOf(one)}
                        data-card={keyOf(one)}
                        tabIndex={-1}
                        aria-label={nameOf(one)}
                        className="rounded-xl outline-offset-4"
                      >
                        {"escalation" in one && <Asked escalation={one.escalation} />}
                        {"first" in one && <ApprovalCard approval={one.first} others={one.others} />}
                        {"pin" in one && <PinCard pin={one.pin} />}
                        {"task" in one && <QuarantinedTask task={one.task} />}
                      </li>
                    ))}
                  </ul>
                  <Older things={things} />
                </>
              );
            }}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

/** What was asked for longest is on the further pages, and may be the next to end. */
function Older({ things: { more, loadingMore, loadMore } }: { things: WaitingThings }) {
  if (!more) return null;
  return (
    <>
      <p className="mt-4 text-warn">Older ones wait that are not shown here, and some may end sooner than these.</p>
      <More query={{ hasNextPage: more, isFetchingNextPage: loadingMore, fetchNextPage: loadMore }} />
    </>
  );
}

/** Wherever the focus is, so that the first key needs no click. */
function useKeys(list: RefObject<HTMLUListElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const cards = [...(list.current?.children ?? [])] as HTMLElement[];
      const at = cards.findIndex((card) => card.contains(document.activeElement));
      const next = event.key === "j" ? at + 1 : event.key === "k" ? Math.max(0, at - 1) : null;
      if (next !== null) {
        event.preventDefault();
        return cards[Math.min(next, cards.length - 1)]?.focus();
      }
      const wanted = named[event.key];
      if (!wanted || at < 0) return;
      event.preventDefault();
      [...cards[at]!.querySelectorAll("button")].find((button) => wanted.test(button.textContent))?.focus();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [list]);
}

/** A key pressed in a field is a letter of its text. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;

const Key = ({ children }: { children: string }) => (
  <kbd className="rounded border border-line bg-card px-1.5 py-0.5 font-mono text-xs text-text">{children}</kbd>
);

function Asked({ escalation }: { escalation: EscalationView }) {
  const decision = useQuery(escalationQuery(escalation.id)).data?.decision;
  return (
    <section aria-label={visibleText(`Decision: ${escalation.title.slice(0, 200)}`)}>
      <p className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <Link
          to="/decisions/$id"
          params={{ id: escalation.decisionId }}
          className="min-w-0 text-lg leading-snug font-semibold wrap-anywhere underline decoration-dotted underline-offset-4"
        >
          <Foreign text={escalation.title} />
        </Link>
        {decision && <span className="tabular font-medium">{usd(decision.amountMicroUsd)}</span>}
      </p>
      {decision && <Proposed decision={decision} />}
      <AnswerForm escalation={escalation} />
    </section>
  );
}
