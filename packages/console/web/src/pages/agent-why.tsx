import type { AgentWhy as Reasons } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { get } from "../data/api.ts";
import { Button } from "../kit/button.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";

/** Why the platform did or did not act on this agent, asked anew while it is open. */
export function AgentWhy({ name }: { name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="mt-1">
      <Button look="ghost" size="small" aria-expanded={open} onClick={() => setOpen(!open)} className="-ml-3">
        Why?
      </Button>
      {open && <Answer name={name} />}
    </div>
  );
}

function Answer({ name }: { name: string }) {
  const why = useQuery({
    queryKey: ["why", name],
    queryFn: () => get<Reasons>(`/api/v1/agents/${name}/why`),
    refetchInterval: 5_000,
  });
  return (
    <Loaded query={why} rows={1}>
      {(data) => (
        <ul className="mt-1 space-y-1.5 text-sm">
          {data.switch && <Line text={data.switch} />}
          {!data.switch && data.wanted !== "running" && <Line text={`It is wanted ${data.wanted}.`} />}
          {data.agent.held && (
            <Line
              text={`${data.agent.held.as === "paused" ? "Paused: it takes no new run" : "Held stopped"}, by ${data.agent.held.by}, since `}
            >
              <When at={data.agent.held.at} />
            </Line>
          )}
          {data.quarantined && <Line text={`Quarantined after ${data.failures} failures in a row: restart it by hand.`} />}
          {data.retryAt && !data.quarantined && (
            <Line text={`${data.failures} failures in a row; next try `}>
              <When at={data.retryAt} />
            </Line>
          )}
          {data.replacing && <Line text="Takes no new run: its configuration changed, and it is replaced after this one." />}
          {data.plan ? (
            <Line text={`The plan is to ${data.plan.do}: ${data.plan.why}, since `}>
              <When at={data.plan.since} />
            </Line>
          ) : (
            <Line text="No orchestrator has looked at it yet." />
          )}
          {data.lastAction && (
            <Line text={`The last step was to ${data.lastAction.do}: ${data.lastAction.why}, `}>
              <When at={data.lastAction.at} />
            </Line>
          )}
          {data.run ? (
            <Line text={`A run is open (${data.run.reasons.join("; ") || "no reason"}), since `}>
              <When at={data.run.startedAt} />
            </Line>
          ) : (
            <Line text="No run is open." />
          )}
          {data.failedRuns > 0 && <Line text={`Runs that failed in a row: ${data.failedRuns}.`} />}
          {data.waitingWork.map((work, index) => (
            <Line key={index} text={`Waits: ${work.reason}, since `}>
              <When at={work.since} />
            </Line>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

/** Reasons hold words of agents. */
const Line = ({ text, children }: { text: string; children?: ReactNode }) => (
  <li>
    <Foreign text={text} />
    {children}
  </li>
);
