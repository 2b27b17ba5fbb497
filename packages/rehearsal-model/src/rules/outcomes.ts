import type { AgentMessage } from "@aito/protocol";
import type { Intent } from "../intent.ts";
import { type Situation, textOr } from "../situation.ts";
import { managedWorkerType, workerTaskTitle, workerTypeFor } from "./worker-type.ts";

/** An approved proposal that carries no task is the proposer's to see to: it starts a worker for it. */
export function outcomeIntents({ context }: Situation): Intent[] {
  if (context.agent.kind === "worker") return [];
  return outcomes(context.messages).flatMap(({ payload }) => {
    const title = String(payload["title"]);
    const voted = Number(payload["round"]) >= 1;
    const workerType = workerTypeFor(title, context) ?? managedWorkerType(context);
    if (payload["status"] !== "approved" || payload["task_id"] !== null || !voted || !workerType) return [];
    const task = workerTaskTitle(workerType, title);
    return [
      {
        tool: "spawn_worker",
        input: {
          title: task,
          description: `The decision "${title}" is approved. ${textOr(payload["reason"])}`.trim(),
          worker_type: workerType,
        },
        say: `I start a ${workerType} for "${title}".`,
      },
    ];
  });
}

/** Messages that say how a decision ended, or that it waits for a human; not those of its rounds. */
export const outcomes = (messages: AgentMessage[]): AgentMessage[] =>
  messages.filter(({ type, payload }) => type === "decision" && payload["status"] !== "pending");
