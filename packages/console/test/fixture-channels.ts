import type { ChannelsView, ChannelTested, NoticeEntry } from "@aito/protocol";

const at = "2026-11-21T10:00:00.000Z";
const all = ["needs", "failed", "money", "briefing", "digest"] as const;
const never = { lastSentAt: null, lastFailedAt: null, lastError: null, waiting: 0, quietHours: null, quietUntil: null };

/** Channels in every state: a browser, one that failed, one in its quiet hours, one that is not set up. */
export const channelsView = (): ChannelsView => ({
  items: [
    { ...never, name: "browser", setUp: true, to: "browsers that chose so, while the console is open there", tells: [...all] },
    {
      ...never,
      name: "email",
      setUp: true,
      to: "owner@acme.example",
      tells: ["money", "briefing"],
      lastSentAt: at,
      lastFailedAt: "2026-11-21T10:05:00.000Z",
      lastError: "the mail server answered 535",
      waiting: 2,
    },
    {
      ...never,
      name: "telegram",
      setUp: true,
      to: "chat 12345",
      tells: [...all],
      quietHours: { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" },
      quietUntil: "2026-11-22T06:00:00.000Z",
      lastSentAt: at,
    },
    { ...never, name: "webhook", setUp: false, to: null, tells: [...all] },
  ],
  general: { quietHours: null, remindHours: 4 },
});

export const channelTested = (channel: ChannelTested["channel"]): ChannelTested =>
  channel === "email"
    ? {
        channel,
        status: "failed",
        to: "owner@acme.example",
        error: "the mail server answered 535",
        hint: "the mail server refuses user and password of AITO_SMTP_URL",
        ms: 120,
      }
    : { channel, status: "sent", to: "chat 12345", error: null, hint: null, ms: 80 };

export const noticeEntries = (): NoticeEntry[] => [
  {
    id: "01939f00-0000-7000-8000-000000000901",
    about: "escalation",
    subject: "01939f00-0000-7000-8000-000000000902",
    title: "Sponsor the conference",
    channel: "email",
    number: 1,
    status: "waiting",
    attempts: 3,
    lastError: "the mail server answered 535",
    dueAt: at,
    sentAt: null,
    createdAt: at,
  },
];
