import type { HookView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { hooksQuery } from "../data/queries.ts";
import { StateBadge } from "../kit/badge.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";

/** Where events from outside come in, and what the last one became. */
export function HooksSection() {
  const hooks = useQuery(hooksQuery);
  return (
    <Section title="Webhooks" aside="events from outside, by rules in the fleet file">
      <Loaded query={hooks} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="None are set up">The fleet file's section hooks turns signed events into tasks or wakes.</Empty>
          ) : (
            <Rows>
              {items.map((hook) => (
                <Hook key={hook.name} hook={hook} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function Hook({ hook: { name, path, secrets, lastDay, last } }: { hook: HookView }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-4 py-3">
      <span className="min-w-0 flex-1 basis-64">
        <Foreign text={name} className="font-medium" />{" "}
        <span className="tabular text-quiet">
          <Foreign text={path} />, {lastDay} within a day
        </span>
        {last && (
          <span className="block text-sm text-quiet">
            last <When at={last.receivedAt} />: <Foreign text={last.event ?? "an event"} />,{" "}
            {last.taskId ? (
              <Link to="/work/$id" params={{ id: last.taskId }} className="underline decoration-dotted underline-offset-4">
                its task
              </Link>
            ) : (
              outcomes[last.outcome]
            )}
          </span>
        )}
      </span>
      <StateBadge tone={secrets > 0 ? "good" : "bad"}>{secrets > 0 ? "takes events" : "no secret: takes nothing"}</StateBadge>
    </li>
  );
}

const outcomes: Record<NonNullable<HookView["last"]>["outcome"], string> = {
  task: "a task",
  wake: "somebody was woken",
  board: "the board was asked",
  nothing: "no rule fits",
  unreadable: "could not be read",
  failed: "its rule could not be followed",
};
