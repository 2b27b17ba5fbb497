import { isTypedOut } from "../../../src/typed-out.ts";
import { visibleText } from "../../../src/visible-parts.ts";
import type { FleetStatus, SwitchView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { get, post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { statusQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Field, Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { LooksOnly } from "../kit/looks-only.tsx";
import { When } from "../kit/time.tsx";

/** While something ends it is looked at this often, for a minute. */
const lookEveryMs = 500;
const looksMax = 120;

/** On every page while a kill switch is on: what is stopped, by whom and why, whether it is quiet yet, and the way back. */
export function StoppedBanner() {
  const { data: status } = useQuery(statusQuery);
  if (!status || status.switches.length === 0) return null;
  return (
    <div role="status" className="mb-6 space-y-3">
      {status.switches.map((on) => (
        <Stopped key={on.id} on={on} status={status} />
      ))}
    </div>
  );
}

function Stopped({ on, status }: { on: SwitchView; status: FleetStatus }) {
  return (
    <section aria-label={visibleText(`Stopped: ${on.label}`)} className="rounded-xl border border-bad bg-bad-soft px-5 py-4">
      <p className="flex items-center gap-2 font-semibold text-bad">
        <OctagonX aria-hidden className="size-5 shrink-0" />
        <Foreign text={`Stopped: ${on.label}`} />
      </p>
      <p className="mt-1">
        <Foreign text={on.reason} /> <Foreign text={`· ${on.pressedBy}, `} className="text-quiet" />
        <When at={on.pressedAt} className="text-quiet" />
      </p>
      <Quiet on={on} status={status} />
      <Resume on={on} />
    </section>
  );
}

const standing = (on: SwitchView, { agents }: FleetStatus): number =>
  agents.filter((agent) => on.agents.includes(agent.name) && agent.containerId !== null).length;

/** Looks until nothing of it has a container any more: seconds since the press, as this page saw it; null if that takes too long. */
async function secondsToQuiet(on: SwitchView): Promise<string | null> {
  for (let look = 0; look < looksMax; look += 1) {
    if (standing(on, await get<FleetStatus>("/api/v1/status")) === 0)
      return (Math.max(0, Date.now() - new Date(on.pressedAt).getTime()) / 1_000).toFixed(1);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return null;
}

/** Containers of what is stopped that still stand, and when this page saw the last one gone. */
function Quiet({ on, status }: { on: SwitchView; status: FleetStatus }) {
  const left = standing(on, status);
  const { data: seconds } = useQuery({
    queryKey: ["quiet", on.id],
    queryFn: () => secondsToQuiet(on),
    enabled: left > 0,
    staleTime: Infinity,
  });
  return (
    <p className="mt-1 text-sm text-quiet">
      {left > 0 && !seconds
        ? `${left} of ${on.agents.length} containers still end.`
        : `Quiet${seconds ? ` after ${seconds} s` : ""}: none of ${on.agents.length} has a container.`}
    </p>
  );
}

/** The second, deliberate act: what is resumed is typed out. */
function Resume({ on }: { on: SwitchView }) {
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const client = useQueryClient();
  const may = useMay();
  const resume = useMutation({
    mutationFn: () =>
      post<SwitchView>("/api/v1/switches/:id/resume", { reason: reason.trim(), confirm: on.label }, { id: on.id }),
    onSettled: () => client.invalidateQueries(),
  });
  if (!may("/api/v1/switches/:id/resume")) return <LooksOnly>An owner resumes it.</LooksOnly>;
  return (
    <details className="mt-3">
      <summary className="cursor-pointer text-sm font-medium">Resume</summary>
      <div className="mt-2 space-y-2">
        <Field label="What was put right" maxLength={1_000} value={reason} onChange={(event) => setReason(event.target.value)} />
        <Field
          label={
            <>
              Type “<Foreign text={on.label} />” to confirm
            </>
          }
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Problem error={resume.error} className="mt-2" />
      <Button
        className="mt-3"
        disabled={resume.isPending || reason.trim() === "" || !isTypedOut(typed, on.label)}
        onClick={() => resume.mutate()}
      >
        Resume it
      </Button>
    </details>
  );
}
