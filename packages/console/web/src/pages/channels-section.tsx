import type { ChannelTested, ChannelView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { channelsQuery, statusQuery } from "../data/queries.ts";
import { StateBadge, type Tone } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Loaded } from "../kit/states.tsx";
import { BrowserNotices } from "./browser-notices.tsx";
import { LinkedChats } from "./linked-chats.tsx";
import { When } from "../kit/time.tsx";

/** The ways by which a human is told: what each tells and when it is quiet, how it did last, and a try of it. */
export function ChannelsSection() {
  const channels = useQuery(channelsQuery);
  return (
    <Section title="Channels" aside="rules and quiet hours stand in the fleet file, under notices">
      <Loaded query={channels} rows={4}>
        {({ items, general }) => (
          <>
            <Rows>
              {items.map((channel, index) => (
                // The channels never change places.
                // oxlint-disable-next-line no-array-index-key
                <Channel key={index} channel={channel} />
              ))}
            </Rows>
            <p className="mt-2 text-sm text-quiet">
              {general
                ? `All of them: ${timesText(general.quietHours)}, reminders every ${general.remindHours} h while nobody has answered.`
                : "The gateway, which has the channels' settings, does not answer now: aito doctor tells why."}
            </p>
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Channel({ channel }: { channel: ChannelView }) {
  const client = useQueryClient();
  const status = useQuery(statusQuery);
  const may = useMay();
  const test = useMutation({
    mutationFn: () => post<ChannelTested>("/api/v1/channels/:name/test", undefined, { name: channel.name }),
    onSettled: () => client.invalidateQueries({ queryKey: ["channels"] }),
  });
  const state = stateOf(channel);
  return (
    <li className="space-y-1.5 px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-medium">
            {labels[channel.name]} {channel.to && <Foreign text={channel.to} className="font-normal break-words text-quiet" />}
          </p>
          <Told channel={channel} />
        </div>
        <div className="flex items-center gap-3">
          <StateBadge tone={state.tone}>{state.text}</StateBadge>
          {may("/api/v1/channels/:name/test") && channel.setUp === true && channel.name !== "browser" && (
            <Button
              size="small"
              aria-label={`Send a test notice by ${labels[channel.name]}`}
              disabled={test.isPending}
              onClick={() => test.mutate()}
            >
              {test.isPending ? "Sending…" : "Test"}
            </Button>
          )}
        </div>
      </div>
      {channel.name === "browser" && <BrowserNotices rehearsal={status.data?.model === "REHEARSAL"} />}
      {channel.name === "telegram" && channel.setUp !== false && <LinkedChats />}
      {test.data && <Outcome tested={test.data} />}
      <Problem error={test.error} />
    </li>
  );
}

/** What it tells, when it is quiet, and how it did last. */
function Told({ channel }: { channel: ChannelView }) {
  const parts: ReactNode[] = [
    `tells ${channel.tells.map((kind) => kinds[kind]).join(", ")}`,
    ...(channel.quietHours ? [`${timesText(channel.quietHours)}${channel.quietUntil ? ", which is now" : ""}`] : []),
    ...(channel.waiting > 0 ? [`${channel.waiting} waiting`] : []),
    ...(channel.lastSentAt
      ? [
          <>
            last sent <When key="sent" at={channel.lastSentAt} />
          </>,
        ]
      : []),
  ];
  return (
    <>
      <p className="text-sm text-quiet">
        {parts.map((part, index) => (
          // The parts never change places.
          // oxlint-disable-next-line no-array-index-key
          <span key={index}>
            {index > 0 && " · "}
            {part}
          </span>
        ))}
      </p>
      {channel.lastFailedAt && (
        <p className="text-sm text-quiet">
          last failed <When at={channel.lastFailedAt} />: <Foreign text={channel.lastError ?? "no answer"} />
        </p>
      )}
    </>
  );
}

function Outcome({ tested }: { tested: ChannelTested }) {
  if (tested.status === "sent") {
    return (
      <p role="status" className="text-sm text-good">
        Sent to <Foreign text={tested.to} /> in {tested.ms} ms. Did it arrive?
      </p>
    );
  }
  return (
    <div role="alert" className="text-sm">
      <p className="text-bad">
        {tested.status === "unknown" ? "It may have arrived: " : "It was not sent: "}
        <Foreign text={tested.error ?? "no answer"} />
      </p>
      {tested.hint && <Foreign block text={tested.hint} className="text-quiet" />}
    </div>
  );
}

const labels: Record<ChannelView["name"], string> = {
  browser: "This console's browsers",
  email: "E-mail",
  telegram: "Telegram",
  webhook: "Webhook",
};
const kinds: Record<ChannelView["tells"][number], string> = {
  needs: "what needs an answer",
  failed: "what failed",
  money: "money",
  briefing: "briefings",
  digest: "digests",
};

const timesText = (times: ChannelView["quietHours"]): string =>
  times === null ? "never quiet" : visibleText(`quiet ${times.from} to ${times.to} ${times.timeZone}`);

function stateOf({ name, setUp, lastSentAt, lastFailedAt }: ChannelView): { tone: Tone; text: string } {
  // Nobody sends to browsers, so there is no last outcome: each open page shows notices by itself.
  if (name === "browser") return { tone: "neutral", text: "shown by each open page" };
  if (setUp === null) return { tone: "warn", text: "not known now" };
  if (!setUp) return { tone: "neutral", text: "not set up" };
  if (lastFailedAt !== null && (lastSentAt === null || lastFailedAt > lastSentAt)) return { tone: "bad", text: "failed last" };
  return lastSentAt === null ? { tone: "neutral", text: "nothing sent yet" } : { tone: "good", text: "works" };
}
