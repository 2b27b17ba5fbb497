import type { AgentMessage } from "@aito/protocol";
import { Link } from "@tanstack/react-router";
import { Badge, type Tone } from "../kit/badge.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { When } from "../kit/time.tsx";
import { agentTitle } from "./words.ts";

export const groupWords: Record<string, string> = { all: "everybody", head: "the heads", clevel: "the council" };
const priorityTones: Record<AgentMessage["priority"], Tone> = { low: "neutral", normal: "neutral", high: "warn", urgent: "bad" };
const typeWords: Record<AgentMessage["type"], string> = {
  task: "task",
  status_request: "asks for status",
  status_response: "status",
  decision: "decision",
  vote: "vote",
  alert: "alert",
  broadcast: "broadcast",
  direct: "message",
};
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeStyle: "medium" });

/** Who said what to whom. `exactly`: with the time of day, where relative times would say little. */
export function MessageRow({
  message,
  exactly = false,
  linked = true,
}: {
  message: AgentMessage;
  exactly?: boolean;
  linked?: boolean;
}) {
  return (
    <li className="grid gap-x-5 gap-y-1 px-4 py-3.5 sm:grid-cols-[10.5rem_1fr_auto]">
      <p>
        <span className="font-medium">{agentTitle(message.from)}</span>
        <span className="text-quiet"> to {groupWords[message.to] ?? agentTitle(message.to)}</span>
      </p>
      <div className="min-w-0 max-sm:order-last">
        <Content message={message} />
        {linked && message.in_reply_to && (
          <Link
            to="/messages"
            search={{ of: message.id }}
            className="mt-1 inline-block text-sm text-quiet underline decoration-dotted underline-offset-4 hover:text-text"
          >
            The whole conversation
          </Link>
        )}
      </div>
      <p className="flex flex-wrap items-center gap-2 self-start text-sm text-quiet sm:justify-end">
        {message.priority !== "normal" && <Badge tone={priorityTones[message.priority]}>{message.priority}</Badge>}
        <Badge>{typeWords[message.type]}</Badge>
        {exactly ? (
          <time dateTime={message.timestamp}>{exact.format(new Date(message.timestamp))}</time>
        ) : (
          <When at={message.timestamp} className="sm:w-24 sm:text-right" />
        )}
      </p>
    </li>
  );
}

const text = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
const listed = (value: unknown): string => (Array.isArray(value) ? value.map(text).join(", ") : text(value));

/** What a message says, by its type. */
function Content({ message: { type, payload } }: { message: AgentMessage }) {
  switch (type) {
    case "direct":
    case "broadcast":
      return <Figured block text={text(payload["text"])} />;
    case "alert":
      return (
        <>
          <Foreign block text={text(payload["title"])} className="font-medium" />
          <Foreign block text={text(payload["detail"])} className="text-sm" />
        </>
      );
    case "task":
      return <Foreign block text={text(payload["title"])} />;
    case "decision":
      return (
        <Foreign
          block
          text={`${text(payload["title"])}: ${text(payload["status"])}, round ${text(payload["round"])}${payload["reason"] ? `. ${text(payload["reason"])}` : ""}`}
        />
      );
    case "vote":
      return <Foreign block text={`${text(payload["vote"])} in round ${text(payload["round"])}: ${text(payload["reason"])}`} />;
    case "status_request":
      return <Foreign block text={`Wants ${listed(payload["include"]).replaceAll("_", " ")}`} />;
    case "status_response": {
      const metrics = Object.entries((payload["metrics"] as Record<string, unknown> | undefined) ?? {}).map(
        ([name, value]) => `${name.replaceAll("_", " ")} ${text(value)}`,
      );
      const pending = Array.isArray(payload["pending_tasks"]) ? payload["pending_tasks"].length : 0;
      const blockers = listed(payload["blockers"]);
      const parts = [
        text(payload["status"]),
        ...metrics,
        `${pending} open ${pending === 1 ? "task" : "tasks"}`,
        blockers ? `blocked: ${blockers}` : "no blockers",
      ];
      return <Foreign block text={parts.filter(Boolean).join(" · ")} />;
    }
    default:
      return type satisfies never;
  }
}
