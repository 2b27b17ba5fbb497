import { AitoError } from "@aito/base";
import { recordChannelTest } from "@aito/company";
import type { NoticeChannel, NoticeMessage } from "@aito/connectors";
import type { ChannelTested, ChannelToTest, GatewayChannels, NoticeTimes } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import type { NoticeSettings } from "./notice-settings.ts";
import { nextStep, setUpHint } from "./next-step.ts";

const hourMs = 3_600_000;
const minutesPerHour = 60;
const noSettings: Pick<NoticeSettings, "channels" | "remindMs" | "quietHours"> = {
  channels: [],
  remindMs: 4 * hourMs,
  quietHours: null,
};

/** What this gateway has of the channels, without a secret. */
export function gatewayChannels(settings: NoticeSettings | null): GatewayChannels {
  const { channels, quietHours, remindMs } = settings ?? noSettings;
  return {
    channels: channels.map(({ name, to }) => ({ name, to })),
    quietHours: quietHours && timesOf(quietHours),
    remindHours: remindMs / hourMs,
  };
}

function timesOf({ from, to, timeZone }: NonNullable<NoticeSettings["quietHours"]>): NoticeTimes {
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = (minutes: number): string => `${two(Math.floor(minutes / minutesPerHour))}:${two(minutes % minutesPerHour)}`;
  return { from: time(from), to: time(to), timeZone };
}

/**
 * Sends one test notice now, quiet hours or not, and says what happened; it is on record with who asked, and from where. Error:
 * AITO_CHANNEL_NOT_SET_UP (409) naming the settings that are missing.
 */
export async function testChannel(
  { deps, clock }: Pick<GatewayContext, "deps" | "clock">,
  options: { settings: NoticeSettings | null; publicUrl: string },
  { channel: name, by, address }: ChannelToTest,
): Promise<ChannelTested> {
  const channel = options.settings?.channels.find((each) => each.name === name);
  if (!channel) {
    throw new AitoError("AITO_CHANNEL_NOT_SET_UP", `the channel ${name} is not set up`, { hint: setUpHint(name), status: 409 });
  }
  const from = clock.now().getTime();
  const tested = outcomeOf(
    channel,
    await channel.send(testMessage({ ...options, by, id: deps.newId(), rehearsal: deps.rehearsal })),
  );
  const origin = address === undefined ? null : { operator: by, address };
  await recordChannelTest({ ...deps, origin: () => origin }, { ...tested, by });
  return { ...tested, ms: Math.max(0, clock.now().getTime() - from) };
}

function outcomeOf({ name, to }: NoticeChannel, result: Awaited<ReturnType<NoticeChannel["send"]>>): Omit<ChannelTested, "ms"> {
  if (result.ok) return { channel: name, to, status: "sent", error: null, hint: null };
  const { arrived, error } = result;
  return { channel: name, to, status: arrived === "unknown" ? "unknown" : "failed", error, hint: nextStep(name, error) };
}

const testMessage = (given: { id: string; by: string; publicUrl: string; rehearsal: boolean }): NoticeMessage => ({
  id: given.id,
  alert: true,
  lead: "Test",
  number: 1,
  title: "this channel reaches you",
  facts: `asked for by ${given.by}`,
  reason: "Nothing waits for you: somebody tried in the console's settings, or with aito channels test, whether notices arrive.",
  ballots: [],
  url: given.publicUrl,
  expiresAt: "",
  rehearsal: given.rehearsal,
  payload: { type: "channel.test", rehearsal: given.rehearsal, by: given.by, url: given.publicUrl },
});
