import type { SwitchView } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useId, useState } from "react";
import { post } from "../data/api.ts";
import { Button } from "../kit/button.tsx";
import { Confirm } from "../kit/confirm.tsx";

const words = {
  company: {
    summary: "Stop the company",
    what: "Every agent and worker is killed at once; model calls are cut off; nothing begins until you resume it.",
    button: "Stop everything",
    title: "Stop the whole company?",
    after: "All agents are killed within seconds. They go on with their work when you resume.",
  },
  agent: {
    summary: "Stop",
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

/** A kill switch, in two steps: a reason, and the word on it. What stands afterwards is the banner's to tell. */
export function StopSwitch({ scope, target = "" }: { scope: keyof typeof words; target?: string }) {
  const say = words[scope];
  const [reason, setReason] = useState("");
  const field = useId();
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => post<SwitchView>("/api/v1/switches", { scope, target, reason: reason.trim() }),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <details className={scope === "agent" ? "pt-1 text-sm" : "rounded-xl border border-line bg-card px-5 py-3"}>
      <summary className="cursor-pointer font-medium">{say.summary}</summary>
      <p className="mt-2 text-quiet">
        {say.what}
        {scope === "company" && (
          <>
            {" "}
            One agent, department, client or task: <code>./scripts/aito stop --help</code>.
          </>
        )}
      </p>
      <label htmlFor={field} className="mt-3 block text-sm font-medium">
        Why <span className="font-normal text-quiet">kept in the history</span>
      </label>
      <input
        id={field}
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        className="mt-1 block w-full rounded-lg border border-strong-line bg-page px-3 py-2"
      />
      {stop.error && (
        <p role="alert" className="mt-2 font-medium text-bad">
          {stop.error.message}
        </p>
      )}
      <div className="mt-3 mb-1">
        <Confirm
          trigger={
            <Button look="danger" disabled={stop.isPending || reason.trim() === ""}>
              <OctagonX aria-hidden />
              {say.button}
            </Button>
          }
          title={say.title}
          action="Stop it now"
          onConfirm={() => stop.mutate()}
        >
          {say.after}
        </Confirm>
      </div>
    </details>
  );
}
