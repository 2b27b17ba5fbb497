import { hasEnded } from "@aito/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { useMay } from "../data/operator-queries.ts";
import { statusQuery, taskQuery, tasksQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Choices } from "../kit/choices.tsx";
import { Field, Select } from "../kit/field.tsx";
import { StopForm, type StopScope } from "../pages/stop-switch.tsx";
import { agentTitle } from "../pages/words.ts";

const scopes = {
  company: "Company",
  department: "Department",
  client: "Client",
  agent: "Agent",
  task: "Task",
} as const satisfies Record<StopScope, string>;

/** Characters that tell one id from another, and that a person compares. */
const idTail = 8;

/** On every page: stops any part of the company in two deliberate steps. */
export function KillSwitch() {
  const [open, setOpen] = useState(false);
  if (!useMay()("/api/v1/switches")) return null;
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button look="danger" size="small" aria-label="Kill switch" className="max-md:size-9 max-md:px-0">
          <OctagonX aria-hidden />
          <span className="max-md:sr-only">Kill switch</span>
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <div aria-hidden className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.5)]" />
        <Dialog.Content className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-auto rounded-xl border border-line bg-card p-5 shadow-2xl">
          <Dialog.Title className="text-lg font-semibold">Kill switch</Dialog.Title>
          <Dialog.Description className="mt-1 mb-4 text-quiet">
            What you choose is killed at once and stays so until you resume it. Records stay.
          </Dialog.Description>
          <Chosen onStopped={() => setOpen(false)} />
          <Dialog.Close asChild>
            <Button look="ghost" size="small" className="absolute top-4 right-4">
              Close
            </Button>
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Chosen({ onStopped }: { onStopped: () => void }) {
  const [scope, setScope] = useState<StopScope>("company");
  const [target, setTarget] = useState("");
  // As the list named it; null for what is typed.
  const [title, setTitle] = useState<string | null>(null);
  const choices = useTargets(scope);
  const listed = choices.some(([value]) => value === target);
  const over = useOver(scope, target, title !== null && !listed);
  const choose = (next: StopScope): void => {
    setScope(next);
    setTarget("");
    setTitle(null);
  };
  const name = (next: string): void => {
    setTarget(next);
    setTitle(shown.find(([value]) => value === next && value !== "")?.[1] ?? null);
  };
  // What was named stays, whatever became of it: what is asked for does not change under the hand.
  const kept: [string, string][] =
    title !== null
      ? [[target, over === null ? title : `${title}, ${scope === "task" ? "ended" : "gone"}`]]
      : choices.length > 0
        ? [[target, visibleText(target)]]
        : [];
  const shown = listed || target === "" ? choices : [...choices, ...kept];
  return (
    <>
      <Choices label="What to stop" choices={scopes} value={scope} onChange={choose} />
      {scope !== "company" && <Target key={scope} scope={scope} choices={shown} value={target} onChange={name} />}
      <StopForm key={`form of ${scope}`} scope={scope} target={target} over={over} onStopped={onStopped} />
    </>
  );
}

/** Why what was chosen and has left its list cannot be stopped any more; a task that only gave its place to newer ones still can. */
function useOver(scope: StopScope, target: string, left: boolean): string | null {
  const isTask = scope === "task";
  const task = useQuery({ ...taskQuery(target), enabled: left && isTask });
  if (!left) return null;
  if (!isTask) return `It is not there any more: nothing of this ${scope} is left to stop.`;
  if (task.data === undefined || !hasEnded(task.data.status)) return null;
  return `It ended meanwhile (${task.data.status}): there is nothing to stop any more.`;
}

const titles = { department: "Which department", client: "Which client", agent: "Which agent", task: "Which task" } as const;

/** What can be chosen now, each with the words for it. */
function useTargets(scope: StopScope): [string, string][] {
  const { data: status } = useQuery(statusQuery);
  const running = useInfiniteQuery({ ...tasksQuery({ status: "running" }), enabled: scope === "task" });
  const tasks = running.data?.pages[0]?.items ?? [];
  const choices: Record<StopScope, [string, string][]> = {
    company: [],
    department: [...new Set(status?.agents.flatMap(({ department }) => department ?? []) ?? [])].map((name) => [
      name,
      visibleText(name),
    ]),
    client: (status?.clients ?? []).map((slug) => [slug, visibleText(slug)]),
    agent: (status?.agents ?? []).map(({ name }) => [name, agentTitle(name)]),
    // Titles are chosen by agents, who may choose another's.
    task: tasks.map(({ id, title }) => [id, `${visibleText(title).slice(0, 80)} (…${id.slice(-idTail)})`]),
  };
  return choices[scope];
}

interface Targeted {
  scope: keyof typeof titles;
  choices: [string, string][];
  value: string;
  onChange: (target: string) => void;
}

function Target({ scope, choices, value, onChange }: Targeted) {
  if (choices.length === 0)
    return (
      <Field
        label={scope === "task" ? "The task's id" : `The ${scope}'s name`}
        hint={scope === "task" ? "No task runs now; any other one can be stopped by its id." : `No ${scope} is known here.`}
        value={value}
        onChange={(event) => onChange(event.target.value.trim())}
      />
    );
  const options = Object.fromEntries([["", "Choose one"], ...choices]);
  return <Select label={titles[scope]} options={options} value={value} onChange={(event) => onChange(event.target.value)} />;
}
