import type { AgentMessage } from "@aito/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { messagesQuery } from "../data/queries.ts";
import { Badge, type Tone } from "../kit/badge.tsx";
import { Rows } from "../kit/card.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle } from "./words.ts";

const groups: Record<string, string> = { all: "everybody", head: "the heads", clevel: "the council" };
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

export function MessagesPage() {
  const messages = useInfiniteQuery(messagesQuery);
  return (
    <>
      <PageTitle title="Messages">What agents tell each other, newest first.</PageTitle>
      <Loaded query={{ ...messages, data: messages.data?.pages.flatMap((page) => page.items) }} rows={6}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No messages yet">Agents write to each other, to the heads, the council, or everybody.</Empty>
          ) : (
            <Rows>
              {items.map((message) => (
                <li key={message.id} className="grid gap-x-5 gap-y-1 px-4 py-3.5 sm:grid-cols-[10.5rem_1fr_auto]">
                  <p>
                    <span className="font-medium">{agentTitle(message.from)}</span>
                    <span className="text-quiet"> to {groups[message.to] ?? agentTitle(message.to)}</span>
                  </p>
                  <div className="min-w-0 max-sm:order-last">
                    <Content message={message} />
                  </div>
                  <p className="flex items-center gap-2 self-start text-sm text-quiet sm:justify-end">
                    {message.priority !== "normal" && <Badge tone={priorityTones[message.priority]}>{message.priority}</Badge>}
                    <Badge>{typeWords[message.type]}</Badge>
                    <When at={message.timestamp} className="sm:w-24 sm:text-right" />
                  </p>
                </li>
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={messages} />
    </>
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
