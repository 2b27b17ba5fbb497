import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { lazy, Suspense } from "react";
import { messageQuery, messagesQuery, statusQuery, threadsQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { Select } from "../kit/field.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded, Loading } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { groupWords, MessageRow } from "./message-row.tsx";
import { agentTitle } from "./words.ts";

const Replay = lazy(() => import("./message-replay.tsx"));
const views = { live: "As it comes", threads: "Conversations", replay: "Replay" } as const;
type View = keyof typeof views;

/** What is seen stands in the address: a channel, a conversation or a replay can be linked to. */
export interface TalkSearch {
  view?: View;
  /** A group or an agent. */
  with?: string;
  /** A message: the conversation that it is part of. */
  of?: string;
  /** A conversation, to replay. */
  thread?: string;
}
export const talkSearch = (search: Record<string, unknown>): TalkSearch => ({
  ...(typeof search["view"] === "string" && search["view"] in views ? { view: search["view"] as View } : {}),
  ...(["with", "of", "thread"] as const).reduce(
    (found, name) => (typeof search[name] === "string" ? { ...found, [name]: search[name] } : found),
    {},
  ),
});

/** What agents tell each other: as it comes, by conversation, or again from any time on. */
export function MessagesPage() {
  const search = useSearch({ from: "/messages" });
  const navigate = useNavigate({ from: "/messages" });
  const view = search.view ?? "live";
  if (search.of !== undefined) return <Conversation of={search.of} />;
  return (
    <>
      <PageTitle title="Messages">What agents tell each other.</PageTitle>
      <div className="flex flex-wrap items-end justify-between gap-x-6">
        <Choices
          label="View"
          choices={views}
          value={view}
          onChange={(next) => void navigate({ search: { ...search, view: next }, replace: true })}
        />
        {search.thread === undefined ? (
          <Channel
            value={search.with ?? ""}
            onChange={(whom) => {
              const { with: _with, ...rest } = search;
              void navigate({ search: whom ? { ...rest, with: whom } : rest, replace: true });
            }}
          />
        ) : (
          <p className="mb-4 text-sm text-quiet">
            One conversation.{" "}
            <Link to="/messages" search={{ view }} className="underline underline-offset-4">
              All messages
            </Link>
          </p>
        )}
      </div>
      {view === "live" && <Live cut={search} />}
      {view === "threads" && <Threads whom={search.with} />}
      {view === "replay" && (
        <Suspense fallback={<Loading rows={4} />}>
          <Replay key={`${search.with ?? ""} ${search.thread ?? ""}`} cut={{ with: search.with, thread: search.thread }} />
        </Suspense>
      )}
    </>
  );
}

/** Whose: everything, what went to a group, or what one agent wrote and was written. */
function Channel({ value, onChange }: { value: string; onChange: (whom: string) => void }) {
  const { data: status } = useQuery(statusQuery);
  const agents = status?.agents.filter(({ kind }) => kind === "agent").map(({ name }) => name) ?? [];
  const names = value && !(value in groupWords) && !agents.includes(value) ? [...agents, value] : agents;
  return (
    <div className="mb-4 w-56">
      <Select
        label="Channel"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        options={Object.fromEntries([
          ["", "All messages"],
          ...Object.entries(groupWords).map(([name, words]) => [name, `To ${words}`]),
          ...names.map((name) => [name, `${agentTitle(name)}, from and to`]),
        ])}
      />
    </div>
  );
}

function Live({ cut }: { cut: TalkSearch }) {
  const messages = useInfiniteQuery(messagesQuery({ with: cut.with, thread: cut.thread }));
  return (
    <>
      <Loaded query={{ ...messages, data: messages.data?.pages.flatMap((page) => page.items) }} rows={6}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={cut.with ? "No messages in this channel" : "No messages yet"}>
              Agents write to each other, to the heads, the council, or everybody.
            </Empty>
          ) : (
            <Rows>
              {items.map((message) => (
                <MessageRow key={message.id} message={message} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={messages} />
    </>
  );
}

function Threads({ whom }: { whom: string | undefined }) {
  const threads = useInfiniteQuery(threadsQuery(whom));
  return (
    <>
      <Loaded query={{ ...threads, data: threads.data?.pages.flatMap((page) => page.items) }} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No conversations yet">A message that is answered begins one.</Empty>
          ) : (
            <ul className="space-y-3">
              {items.map(({ id, first, last, messages, people }) => (
                <li key={id} className="rounded-xl border border-line bg-card">
                  <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2.5">
                    <p className="min-w-0 text-sm text-quiet">
                      <span className="font-medium text-text">{people.map(agentTitle).join(", ")}</span> · {messages} messages ·
                      last <When at={last.timestamp} />
                    </p>
                    <span className="flex gap-2">
                      <Button asChild size="small">
                        <Link to="/messages" search={{ of: id }}>
                          Read it
                        </Link>
                      </Button>
                      <Button asChild size="small">
                        <Link to="/messages" search={{ view: "replay", thread: id }}>
                          Replay it
                        </Link>
                      </Button>
                    </span>
                  </div>
                  <ul className="divide-y divide-line">
                    <MessageRow message={first} linked={false} />
                    {messages > 2 && (
                      <li className="px-4 py-1.5 text-sm text-quiet">
                        {messages - 2} {messages === 3 ? "message" : "messages"} between
                      </li>
                    )}
                    <MessageRow message={last} linked={false} />
                  </ul>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <More query={threads} />
    </>
  );
}

/** One conversation from its first message on; it grows as it goes on. */
function Conversation({ of }: { of: string }) {
  const detail = useQuery(messageQuery(of));
  const root = detail.data?.thread[0]?.id;
  return (
    <>
      <Link
        to="/messages"
        search={{ view: "threads" }}
        className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text"
      >
        <ArrowLeft aria-hidden className="size-4" /> Messages
      </Link>
      <PageTitle
        title="Conversation"
        aside={
          root && (
            <Button asChild>
              <Link to="/messages" search={{ view: "replay", thread: root }}>
                Replay it
              </Link>
            </Button>
          )
        }
      />
      <Loaded query={detail} rows={4}>
        {({ thread, readers }) => (
          <>
            <Rows>
              {thread.map((message) => (
                <MessageRow key={message.id} message={message} linked={false} />
              ))}
            </Rows>
            {readers.length > 0 && (
              <p className="mt-3 flex flex-wrap items-center gap-2 text-sm text-quiet">
                Read by
                {readers.map(({ agent, readAt }) => (
                  <Badge key={agent} tone={readAt ? "good" : "neutral"}>
                    {agentTitle(agent)}
                    {readAt === null && ": not yet"}
                  </Badge>
                ))}
              </p>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
