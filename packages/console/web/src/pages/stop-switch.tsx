import type { SwitchView } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Field, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";

const words = {
  company: {
    summary: "Stop the company",
    what: "Every agent and worker is killed at once; model calls are cut off; nothing begins until you resume it.",
    button: "Stop everything",
    title: "Stop the whole company?",
    after: "All agents are killed within seconds. They go on with their work when you resume.",
  },
  client: {
    summary: "Stop everything for this client",
    what: "Whoever works for this client is killed at once; nothing for it begins until you resume it.",
    button: "Stop this client",
    title: "Stop all work for this client?",
    after: "Its agents and workers are killed within seconds and go on when you resume it.",
  },
  department: {
    summary: "Stop this department",
    what: "Every agent and worker of it is killed at once; nothing of it begins until you resume it.",
    button: "Stop this department",
    title: "Stop this department?",
    after: "Its agents are killed within seconds and go on with their work when you resume it.",
  },
  agent: {
    summary: "Kill switch",
    what: "It and its workers are killed at once, its model calls cut off; nothing of it begins until you resume it.",
    button: "Stop this agent",
    title: "Stop this agent?",
    after: "It is killed within seconds and goes on with its work when you resume it.",
  },
  task: {
    summary: "Stop this task",
    what: "Whoever works on it or below it is killed at once; nothing of it begins until you resume it.",
    button: "Stop this task",
    title: "Stop this task?",
    after: "Its workers are killed within seconds and go on when you resume it.",
  },
} as const;

export type StopScope = keyof typeof words;

/** A kill switch that is folded away until it is wanted. What stands afterwards is the banner's to tell. */
export function StopSwitch({ scope, target = "" }: { scope: StopScope; target?: string }) {
  if (!useMay()("/api/v1/switches")) return null;
  return (
    <details className={scope === "agent" ? "pt-1 text-sm" : "rounded-xl border border-line bg-card px-5 py-3"}>
      <summary className="cursor-pointer font-medium">{words[scope].summary}</summary>
      <StopForm scope={scope} target={target} />
    </details>
  );
}

/** The two deliberate steps: a reason, and the word on it. */
export function StopForm({
  scope,
  target,
  over = null,
  onStopped,
}: {
  scope: StopScope;
  target: string;
  /** Why there is nothing to stop any more; null while there is. */
  over?: string | null;
  onStopped?: () => void;
}) {
  const say = words[scope];
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => post<SwitchView>("/api/v1/switches", { scope, target, reason: reason.trim() }),
    onSuccess: () => onStopped?.(),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <div className="mt-2 space-y-3">
      <div>
        <p className="text-quiet">{say.what}</p>
        <div role="status">{over !== null && <p className="mt-2 font-medium text-warn">{over}</p>}</div>
      </div>
      <Field
        label="Why"
        hint="Kept in the history."
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Problem error={stop.error} />
      <Confirm
        trigger={
          <Button
            look="danger"
            disabled={stop.isPending || reason.trim() === "" || over !== null || (scope !== "company" && target === "")}
          >
            <OctagonX aria-hidden />
            {say.button}
          </Button>
        }
        title={say.title}
        action="Stop it now"
        look="danger"
        disabled={over !== null}
        onConfirm={() => stop.mutate()}
      >
        {target !== "" && <Foreign text={target} className="mb-1 block font-medium text-text" />}
        <span role="status">{over !== null && <span className="mb-1 block font-medium text-warn">{over}</span>}</span>
        {say.after}
      </Confirm>
    </div>
  );
}
