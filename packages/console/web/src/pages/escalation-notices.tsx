import type { NoticeView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { escalationQuery } from "../data/queries.ts";
import { StateBadge, type Tone } from "../kit/badge.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { When } from "../kit/time.tsx";

type Notice = z.infer<typeof NoticeView>;

const tones: Record<Notice["status"], Tone> = {
  waiting: "neutral",
  sending: "accent",
  sent: "good",
  failed: "bad",
  unknown: "warn",
  dropped: "neutral",
};

/** Which channels told a human of an escalation, and how each attempt went. */
export function EscalationNotices({ escalation }: { escalation: string }) {
  const { data } = useQuery(escalationQuery(escalation));
  if (!data || data.notices.length === 0) return null;
  return (
    <details className="mt-3 text-sm">
      <summary className="cursor-pointer text-quiet">Who was told: {summary(data.notices)}</summary>
      <ul className="mt-2 space-y-1.5">
        {data.notices.map((notice) => (
          <li key={notice.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <Foreign text={notice.channel} className="font-medium" />
            <span className="text-quiet">{notice.number === 1 ? "first notice" : `reminder ${notice.number - 1}`}</span>
            <StateBadge tone={tones[notice.status]}>{notice.status}</StateBadge>
            <span className="text-quiet">
              {notice.attempts} {notice.attempts === 1 ? "attempt" : "attempts"} ·{" "}
              {notice.sentAt ? <When at={notice.sentAt} /> : <>due {<When at={notice.dueAt} />}</>}
            </span>
            {notice.lastError && <Foreign text={notice.lastError} className="w-full text-bad" />}
          </li>
        ))}
      </ul>
    </details>
  );
}

const summary = (notices: Notice[]): string => {
  const sent = notices.filter((notice) => notice.status === "sent").length;
  return `${sent} of ${notices.length} ${notices.length === 1 ? "notice" : "notices"} sent`;
};
