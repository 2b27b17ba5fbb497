import type { RunView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { runsQuery } from "../data/queries.ts";
import { StateBadge, type Tone } from "../kit/badge.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";

const tones: Record<RunView["status"], Tone> = {
  running: "accent",
  done: "good",
  nothing_new: "neutral",
  failed: "bad",
  lost: "warn",
};

/** What an agent's runs write while they go on, the newest first. */
export function AgentLog({ name }: { name: string }) {
  const runs = useQuery(runsQuery(name));
  return (
    <Section title="Log" aside="live, of its last runs">
      <Loaded query={runs} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="It has not run yet">Each pass of its loop shows here with what it does.</Empty>
          ) : (
            <ol className="space-y-3">
              {items.map((run) => (
                <Run key={run.id} run={run} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Section>
  );
}

function Run({ run }: { run: RunView }) {
  return (
    <li>
      <Card>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
          <StateBadge tone={tones[run.status]}>{run.status.replace("_", " ")}</StateBadge>
          <Foreign text={run.reasons.join("; ") || "no reason"} className="flex-1 basis-64 font-medium" />
          <span className="text-sm text-quiet">
            <When at={run.startedAt} /> · {run.modelCalls} model {run.modelCalls === 1 ? "call" : "calls"} · epoch {run.epoch}
          </span>
        </p>
        {(run.summary ?? run.error) && (
          <Foreign block text={run.error ?? run.summary ?? ""} className="border-t border-line px-4 py-2.5 text-sm" />
        )}
        {run.log !== "" && (
          <div
            role="region"
            aria-label="What it wrote"
            tabIndex={0}
            className="max-h-64 overflow-auto border-t border-line bg-raised px-4 py-2.5"
          >
            <Foreign block text={run.log} className="font-mono text-[0.8125rem]" />
          </div>
        )}
      </Card>
    </li>
  );
}
